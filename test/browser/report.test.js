// Telling something from a telephone: with scripts and without, without signal,
// with an answer that is lost, from two pages at once. However it goes, it is one
// report, and what was typed is never lost.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Eye, screen } from './eye.js';
import { photo } from './paper.js';
import { fills, sendsIt, words } from './teller.js';
import { openTown } from './town.js';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const page1 = '/report?service=pengaduan';

let browser;
let town;
let folder;
let lamp;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pendopo-report-'));
  browser = await chromium.launch({ executablePath: process.env.PENDOPO_CHROMIUM ?? '/usr/bin/chromium', args: quiet });
  town = await openTown();
  lamp = join(folder, 'lampu.jpg');
  await photo(browser, lamp, 'Lampu jalan', 'mati');
});

after(async () => {
  await town?.close();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

// meet is somebody with a telephone of their own.
async function meet(t, name, more = {}) {
  const context = await browser.newContext({ viewport: screen, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base, ...more });
  context.setDefaultTimeout(60_000);
  const glass = more.javaScriptEnabled === false ? await browser.newContext({ viewport: more.viewport ?? screen }) : undefined;
  const eye = new Eye({ test: t, context, base: town.base, album: join('out', 'report', name), glass });
  return { context, eye, page: await context.newPage(), leave: async () => { await context.close(); await glass?.close(); } };
}

// shelved waits until the page is kept for when there is no signal.
async function shelved(page) {
  await page.waitForFunction(async () => {
    const names = await caches.keys();
    const kept = names.length === 1 && await (await caches.open(names[0])).keys();
    return kept && kept.length >= 5 && ['/report?service=', '/report/map.svg'].every((part) => kept.some((r) => r.url.includes(part)));
  });
}

test('a report with scripts: faults, a photo, a voice, a place', async (t) => {
  const { context, eye, page, leave } = await meet(t, 'scripts', { permissions: ['geolocation', 'microphone'], geolocation: { latitude: -7.06111, longitude: 110.90222 } });
  await page.goto('/');
  await page.goto(page1);
  await eye.look(page, 'empty');
  await page.locator('[name=photos]').setInputFiles(lamp);
  await page.getByRole('button', { name: 'Rekam suara' }).click();
  await page.waitForTimeout(700); // so long somebody speaks
  await page.getByRole('button', { name: 'Selesai merekam' }).click();
  await page.getByText('Rekaman suara', { exact: false }).filter({ hasText: 'kB' }).first().waitFor();
  await page.getByRole('button', { name: 'Pakai lokasi saya' }).click();
  await page.getByText('-7.06111,110.90222').waitFor();
  await page.getByLabel('Ceritakan').fill(words);
  await sendsIt(page);
  await page.getByText('Ada yang perlu diperbaiki').waitFor();
  eye.refused(422);
  await eye.look(page, 'to correct');
  await fills(page);
  await sendsIt(page);
  await page.waitForURL(/\/track\/[^/]+\/receipt$/);
  await eye.look(page, 'receipt');
  await page.goto(page1);
  await forgotten(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await eye.look(page, 'wide');
  const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (k) => (await (await caches.open(k)).keys()).map((r) => new URL(r.url).pathname)))).flat());
  assert.deepEqual(kept.filter((path) => path !== '/report' && path !== '/report/map.svg' && !path.startsWith('/static/')), [], 'nothing private is kept');
  await eye.calm('teller');
  await context.unrouteAll();
  await leave();
});

for (const width of [360, 1280]) {
  test(`a report without scripts, ${width} wide`, async (t) => {
    const { eye, page, leave } = await meet(t, `plain-${width}`, { javaScriptEnabled: false, viewport: { width, height: 800 } });
    await page.goto(page1);
    await eye.look(page, 'empty');
    await page.locator('[name=photos]').setInputFiles(lamp);
    await page.getByLabel('Ceritakan').fill('Mati');
    await sendsIt(page);
    eye.refused(422);
    await page.getByText('lampu.jpg').first().waitFor();
    await eye.look(page, 'to correct');
    await fills(page);
    await sendsIt(page);
    await page.waitForURL(/\/track\/[^/]+\/receipt$/);
    await eye.look(page, 'receipt');
    await page.goto('/report');
    await eye.look(page, 'what to tell');
    await eye.calm('teller');
    await leave();
  });
}

// forgotten holds a page of this telephone to have nothing of a report that went out.
async function forgotten(page) {
  await page.waitForFunction(() => self.outbox);
  assert.equal(await page.evaluate(async () => (await self.outbox.list()).length), 0, 'the telephone has forgotten it');
  assert.ok(await page.locator('#outbox').isHidden(), 'and shows nothing of it');
}

test('without signal it waits, also when the telephone is switched off, and goes out once', async (t) => {
  const { context, eye, page, leave } = await meet(t, 'offline');
  await page.goto(page1);
  await shelved(page);
  await context.setOffline(true);
  await page.locator('[name=photos]').setInputFiles(lamp);
  await fills(page);
  await sendsIt(page);
  await page.getByText('Menunggu sinyal: 1 laporan').first().waitFor();
  assert.equal(await page.getByLabel('Ceritakan').inputValue(), '', 'the form is free for another');
  await eye.look(page, 'waiting');
  await page.close();

  const later = await context.newPage(); // there is still no signal
  // A busy browser may lose the first press while its worker starts; people press again.
  for (const end = Date.now() + 60_000; !await later.goto(page1).then(() => true, () => false);) assert.ok(Date.now() < end, 'the page opens without signal');
  await later.getByText('Menunggu sinyal: 1 laporan').first().waitFor();
  assert.ok(await later.locator('.place-map img').evaluate((img) => img.complete && img.naturalWidth > 0), 'the map is there without signal');
  await fills(later); // a second one, which is taken back
  await sendsIt(later);
  await later.getByText('Menunggu sinyal: 2 laporan').waitFor();
  await later.getByRole('button', { name: 'Hapus laporan ini' }).last().click();
  await later.getByText('Menunggu sinyal: 1 laporan').first().waitFor();
  await context.setOffline(false);
  const box = later.locator('#outbox');
  await box.getByText('Terkirim', { exact: true }).waitFor({ timeout: 120_000 });
  assert.match(await box.textContent(), /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/);
  assert.match(await box.textContent(), /[0-9A-Z]{4}-[0-9A-Z]{4}/);
  await eye.look(later, 'sent');
  const other = await context.newPage(); // whoever takes the telephone next
  await other.goto(page1);
  await forgotten(other);
  await other.close();
  await box.getByRole('link', { name: 'Buka tanda terima' }).click();
  await later.waitForURL(/\/receipt$/);
  await leave();
});

// codes remembers what the server answered reports with, and how often.
function codes(context) {
  const seen = [];
  context.on('response', async (r) => {
    if (r.url().endsWith('/report/send') && r.ok()) seen.push((await r.json().catch(() => ({}))).code);
  });
  return seen;
}

test('an answer that is lost on its way is not a second report', async (t) => {
  const { context, page, leave } = await meet(t, 'lost');
  let first;
  await context.route('**/report/send', async (route) => {
    if (first) return route.continue();
    first = (await (await route.fetch()).json()).code; // it was accepted, and nobody hears of it
    return route.abort('connectionreset');
  });
  await page.goto(page1);
  await page.locator('[name=photos]').setInputFiles(lamp);
  await fills(page);
  await sendsIt(page);
  const box = page.locator('#outbox');
  await box.getByRole('button', { name: 'Kirim sekarang' }).waitFor();
  await box.getByRole('button', { name: 'Kirim sekarang' }).click();
  await box.getByText('Terkirim', { exact: true }).waitFor();
  assert.ok(first && (await box.textContent()).includes(first), 'the same code as the first time');
  await page.getByRole('button', { name: 'Sudah saya catat' }).click();
  await page.locator('#outbox').waitFor({ state: 'hidden' });
  await forgotten(page);
  // Another went out two hours ago, and nobody has looked since: the page hears of it and looks.
  await page.evaluate((at) => self.outbox.put({ key: 'x'.repeat(40), service: 'pengaduan', definition: '', at, state: 'sent', fields: [], files: [], code: 'ABCDE-FGHJK-M', secret: 'WXYZ-1234', receipt: '/track/ABCDE-FGHJK-M/receipt' }), Date.now() - 2 * 3600_000);
  await box.getByText('Kata rahasianya sudah terhapus').waitFor();
  assert.ok((await box.textContent()).includes('ABCDE-FGHJK-M') && !(await box.textContent()).includes('WXYZ'), 'the code stays, the secret does not');
  await leave();
});

test('two pages at once, and one report', async (t) => {
  const { context, page, leave } = await meet(t, 'two');
  const seen = codes(context);
  await page.goto(page1);
  await shelved(page);
  const other = await context.newPage();
  await other.goto(page1);
  await context.setOffline(true);
  await fills(page);
  await sendsIt(page);
  await other.getByText('Menunggu sinyal: 1 laporan').first().waitFor();
  await context.setOffline(false);
  await Promise.any([page, other].map((p) => p.locator('#outbox').getByText('Terkirim', { exact: true }).waitFor({ timeout: 120_000 }))); // who looks first
  assert.equal(new Set(seen).size, 1, `answered ${seen}`);
  await leave();
});

test('a form that has changed keeps the report and says so', async (t) => {
  const { context, page, leave } = await meet(t, 'changed');
  await page.goto(page1);
  await page.evaluate(() => { document.getElementById('report').dataset.definition = '0'.repeat(64); });
  await fills(page);
  await sendsIt(page);
  await page.getByText('Formulir berubah, periksa lagi').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Perbaiki' }).click();
  assert.equal(await page.getByLabel('Ceritakan').inputValue(), words, 'what was typed is back');
  await sendsIt(page);
  await page.waitForURL(/\/receipt$/);
  await context.unrouteAll();
  await leave();
});

test('the server complained of nothing', () => assert.equal(town.complained(), ''));
