// What everybody may read of reports: list, map, figures and the map that moves,
// on a small phone and on a wide screen, with scripts and without, in the light and
// in the dark.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Eye, screen } from './eye.js';
import { openTown } from './town.js';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const wideScreen = { width: 1280, height: 800 };

let browser;
let town;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.PENDOPO_CHROMIUM ?? '/usr/bin/chromium', args: quiet });
  town = await openTown();
});

after(async () => {
  await town?.close();
  await browser?.close();
});

async function meet(t, name, more = {}) {
  const context = await browser.newContext({ viewport: screen, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base, ...more });
  context.setDefaultTimeout(60_000);
  const glass = more.javaScriptEnabled === false ? await browser.newContext({ viewport: more.viewport ?? screen }) : undefined;
  const eye = new Eye({ test: t, context, base: town.base, album: join('out', 'public', name), glass });
  return { eye, page: await context.newPage(), leave: async () => { await context.close(); await glass?.close(); } };
}

// walk goes through the pages as somebody who is curious.
async function walk(page, eye, looked = ['list', 'list of lamps', 'map', 'figures']) {
  const look = async (name) => { if (looked.includes(name)) await eye.look(page, name); };
  await page.goto('/');
  await page.getByRole('link', { name: 'Lihat laporan warga lain' }).click();
  await page.getByRole('heading', { level: 1, name: 'Laporan warga' }).waitFor();
  await look('list');
  await page.locator('summary', { hasText: 'Saring laporan' }).click();
  await page.getByLabel('Tentang apa').selectOption('lampu');
  await page.getByRole('button', { name: 'Tampilkan' }).click();
  await page.waitForURL(/category=lampu/);
  await look('list of lamps');
  await page.getByRole('link', { name: 'Peta', exact: true }).click();
  await page.waitForURL(/view=map/);
  assert.match(page.url(), /category=lampu/, 'the map forgets what was asked');
  await page.getByRole('link', { name: 'Tampilkan semua laporan' }).click();
  await look('map');
  await page.getByRole('link', { name: 'Angka', exact: true }).click();
  await look('figures');
}

test('a curious citizen on a small phone', async (t) => {
  const { eye, page, leave } = await meet(t, 'phone');
  await walk(page, eye);
  assert.equal(await page.evaluate(() => Boolean(self.L)), false, 'Leaflet came unasked');
  await page.goto('/reports/map');
  await page.locator('.leaflet-container').waitFor();
  await eye.look(page, 'the map that moves');
  await eye.calm('the citizen');
  await leave();
});

test('the same without scripts', async (t) => {
  const { eye, page, leave } = await meet(t, 'no scripts', { javaScriptEnabled: false });
  await walk(page, eye, ['map']);
  await page.goto('/reports/map');
  await page.locator('svg.rp-map').waitFor();
  await leave();
});

test('on a wide screen, in the dark', async (t) => {
  const { eye, page, leave } = await meet(t, 'wide', { viewport: wideScreen, colorScheme: 'dark' });
  await walk(page, eye, ['map', 'figures']);
  await leave();
});
