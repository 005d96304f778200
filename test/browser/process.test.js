// Every service of the demo as BPMN: read by bpmn-moddle, and opened by bpmn-js
// in the browser. Neither may warn of anything, every element must have its
// shape, and every shape must stand on the canvas.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { BpmnModdle } from 'bpmn-moddle';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const viewer = createRequire(import.meta.url).resolve('bpmn-js/dist/bpmn-viewer.production.min.js');

let browser;
let folder;
let files;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pendopo-process-'));
  await run(process.env.PENDOPO_PROGRAM, ['draw', '../../government', '--out', folder]);
  files = (await readdir(folder)).filter((name) => name.endsWith('.bpmn'));
  browser = await chromium.launch({ executablePath: process.env.PENDOPO_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});

after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test('every service opens as BPMN without a warning', async (t) => {
  assert.ok(files.length > 1, 'no BPMN file was drawn');
  const page = await browser.newPage({ viewport: { width: 2000, height: 1000 } });
  await page.setContent('<div id="canvas" style="position:absolute;inset:0"></div>');
  await page.addScriptTag({ path: viewer });
  await mkdir(join('out', 'process'), { recursive: true });
  for (const name of files) {
    await t.test(name, async () => {
      const xml = await readFile(join(folder, name), 'utf8');
      const meant = await read(xml);
      const shown = await open(page, xml);
      assert.deepEqual(shown.warnings, []);
      assert.deepEqual(shown.shapes, meant.shapes);
      assert.deepEqual(shown.lines, meant.lines);
      await page.screenshot({ path: join('out', 'process', `${name}.png`) });
    });
  }
});

test('a broken file is noticed', async () => {
  const xml = await readFile(join(folder, files[0]), 'utf8');
  const { warnings } = await new BpmnModdle().fromXML(xml.replace(/targetRef="[^"]+"/, 'targetRef="nowhere"'));
  assert.notEqual(warnings.length, 0);
});

// read gives the ids that a file has as elements, and holds them to its lanes.
async function read(xml) {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(xml);
  assert.deepEqual(warnings, []);
  const [pool, process] = rootElement.rootElements;
  const nodes = process.flowElements.filter((e) => e.$type !== 'bpmn:SequenceFlow').map((e) => e.id);
  const { lanes } = process.laneSets[0];
  const housed = lanes.flatMap((lane) => lane.flowNodeRef.map((n) => n.id));
  assert.deepEqual([...housed].sort(), [...nodes].sort(), 'every node stands in one lane');
  for (const e of process.flowElements.filter((x) => x.$type === 'bpmn:ExclusiveGateway')) {
    assert.ok(e.outgoing.length > 1, `${e.id} is no choice`);
  }
  return {
    shapes: [...nodes, ...lanes.map((l) => l.id), pool.participants[0].id].sort(),
    lines: process.flowElements.filter((e) => e.$type === 'bpmn:SequenceFlow').map((e) => e.id).sort(),
  };
}

// open shows a file, and gives the ids of what stands on the canvas.
function open(page, xml) {
  return page.evaluate(async (source) => {
    document.querySelector('#canvas').replaceChildren();
    const shownBy = new globalThis.BpmnJS({ container: '#canvas' });
    const { warnings } = await shownBy.importXML(source);
    shownBy.get('canvas').zoom('fit-viewport');
    const all = shownBy.get('elementRegistry').filter((e) => e.type !== 'label' && e.parent);
    const ids = (list) => list.map((e) => e.id).sort();
    return {
      warnings: warnings.map((w) => w.message),
      shapes: ids(all.filter((e) => !e.waypoints)),
      lines: ids(all.filter((e) => e.waypoints)),
    };
  }, xml);
}
