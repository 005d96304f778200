// Papers: a photo of a letter, and what can be read off an issued one with the
// tools that anybody has.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// photo writes a JPEG of a letter as a phone would take it.
export async function photo(browser, path, title, date) {
  const page = await browser.newPage({ viewport: { width: 900, height: 1200 } });
  await page.setContent(`<body style="font:28px serif;padding:80px;background:#f4f1ea">
    <h1>${title}</h1><p>Yang bertanda tangan di bawah ini, Ketua RT 02 RW 05, menerangkan bahwa warga
    tersebut benar tinggal di lingkungan kami.</p><p>Banyusekar, ${date || '........'}</p></body>`);
  await page.screenshot({ path, type: 'jpeg', quality: 80 });
  await page.close();
}

// numberOf reads the printed number.
export function numberOf(letter) {
  const text = execFileSync('pdftotext', ['-layout', letter, '-'], { encoding: 'utf8' });
  const found = text.match(/Nomor\s*:?\s*([0-9A-Za-z./-]+\d{4})/);
  if (!found) throw new Error(`no number is printed:\n${text}`);
  return found[1];
}

// codeOf scans the QR code off the printed letter.
export async function codeOf(letter) {
  return (await scan(() => letter)).find((line) => line.includes('#'));
}

// slipOf prints a page and scans the codes off the paper.
export async function slipOf(page) {
  return scan(async (dir) => {
    await page.pdf({ path: join(dir, 'slip.pdf'), format: 'A4' });
    return join(dir, 'slip.pdf');
  });
}

// printed prints a page as it says of itself, and reads each sheet: its words, its
// codes, and where the receiver of a letter stands on it, in millimetres.
export async function printed(page) {
  const dir = await mkdtemp(join(tmpdir(), 'pendopo-print-'));
  try {
    const file = join(dir, 'letters.pdf');
    await page.pdf({ path: file, preferCSSPageSize: true });
    const sheets = Number(execFileSync('pdfinfo', [file], { encoding: 'utf8' }).match(/Pages:\s+(\d+)/)[1]);
    return await Promise.all(Array.from({ length: sheets }, async (_, i) => {
      const only = ['-f', `${i + 1}`, '-l', `${i + 1}`];
      const [, x, y] = execFileSync('pdftotext', [...only, '-bbox', file, '-'], { encoding: 'utf8' }).match(/xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Kepada</);
      execFileSync('pdftoppm', ['-r', '200', '-png', ...only, file, join(dir, `sheet${i}`)]);
      const codes = execFileSync('sh', ['-c', `zbarimg -q --raw "$0"/sheet${i}*.png || true`, dir], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      return { text: execFileSync('pdftotext', [...only, '-layout', file, '-'], { encoding: 'utf8' }), codes: codes.split('\n').filter((line) => line !== ''),
        receiver: { x: Number(x) * 25.4 / 72, y: Number(y) * 25.4 / 72 } };
    }));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

// scan reads every code off the pages of a PDF.
async function scan(made) {
  const dir = await mkdtemp(join(tmpdir(), 'pendopo-scan-'));
  try {
    execFileSync('pdftoppm', ['-r', '200', '-png', await made(dir), join(dir, 'page')]);
    const out = execFileSync('sh', ['-c', 'zbarimg -q --raw "$0"/*.png || true', dir], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return out.split('\n').filter((line) => line !== '');
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

// altered is the letter with one digit of a stream's bytes changed: the kind of
// change that no reader notices.
export function altered(pdf) {
  const forged = Buffer.from(pdf);
  const at = forged.indexOf('stream\n') + 40;
  forged[at] ^= 1;
  return forged;
}
