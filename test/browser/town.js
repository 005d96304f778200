// A demo of its own for one test: a temporary folder, and the port and the
// passwords that the demo prints.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// openTown serves a demo with the program PENDOPO_PROGRAM: a copy of the one that
// was made at PENDOPO_TOWN, or one of its own where there is none.
export async function openTown() {
  const program = process.env.PENDOPO_PROGRAM;
  if (!program) throw new Error('PENDOPO_PROGRAM names no program; `make test` builds one');
  const folder = await mkdtemp(join(tmpdir(), 'pendopo-story-'));
  if (process.env.PENDOPO_TOWN) await cp(process.env.PENDOPO_TOWN, folder, { recursive: true });
  const server = spawn(program, ['demo', '--data', join(folder, 'data'), '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complained = '';
  server.stdout.on('data', (text) => { said += text; });
  server.stderr.on('data', (text) => { complained += text; });
  const ended = new Promise((resolve) => { server.on('exit', resolve); });
  const base = await answers(server, () => said.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0], () => complained);
  return {
    base,
    password: (login) => said.match(new RegExp(`^  ${login} +(\\S+)`, 'm'))[1],
    // sample is the code and the secret of the case that the demo describes so.
    sample: (words) => {
      const [, code, secret] = said.match(new RegExp(`^  (\\S+) +(\\S+) +${words}`, 'm'));
      return { code, secret };
    },
    complained: () => complained.replace(/\r?making the demo.*?%/g, '').trim(),
    close: async () => {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// answers waits until the server has said where it is, and answers there.
async function answers(server, where, complained) {
  const end = Date.now() + 180_000;
  for (;;) {
    let failure = 'it does not say where it is';
    try {
      if (where()) {
        await fetch(where());
        return where();
      }
    } catch (refused) {
      failure = refused;
    }
    if (server.exitCode !== null || Date.now() > end) throw new Error(`the demo does not answer: ${failure}\n${complained()}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
