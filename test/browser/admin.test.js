// The administrator's door in a real browser: every page with axe-core, on a
// phone and by keyboard, and a change made by two without a script.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Eye } from './eye.js';
import { openTown } from './town.js';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const file = 'services%2Fsurat-keterangan-domisili.yaml';

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

// enters logs in and stands before the administrator's first page.
async function enters(t, login, { scripts = true, viewport = { width: 1280, height: 1024 } } = {}) {
  const context = await browser.newContext({ javaScriptEnabled: scripts, viewport, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base });
  context.setDefaultTimeout(60_000);
  const eye = new Eye({ test: t, context, base: town.base, album: join('out', 'admin', `${login}-${viewport.width}`) });
  const page = await context.newPage();
  await page.goto('/desk/login?next=%2Fadmin');
  await page.getByLabel('Nama masuk').fill(login);
  await page.getByLabel('Kata sandi').fill(town.password(login));
  await page.getByRole('button', { name: 'Masuk' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ruang administrator' }).waitFor();
  return { context, page, eye };
}

test('every page is sound, on a phone', async (t) => {
  const { context, page, eye } = await enters(t, 'admin', { viewport: { width: 360, height: 800 } });
  await eye.look(page, 'home');
  await page.goto(`/admin/start?file=${file}`);
  await eye.look(page, 'start');
  await page.getByLabel('Nama usulan').fill('Ringkasan yang lebih jelas');
  await page.getByRole('button', { name: 'Mulai usulan' }).click();
  await eye.look(page, 'edit');
  const proposal = new URL(page.url()).pathname.replace(/\/edit$/, '');
  await page.getByLabel('Penjelasan singkat (Bahasa Indonesia)').fill('Bukti resmi bahwa Anda tinggal di sini.');
  await page.getByLabel('Disimpan berapa tahun').fill('0');
  await page.getByRole('button', { name: 'Simpan ke usulan' }).click();
  await eye.look(page, 'finding');
  for (const [name, address] of [
    ['work', `${proposal}/edit?file=${file}&part=work`], ['text', `${proposal}/text?file=${file}`], ['diff', `${proposal}/diff?file=${file}`],
    ['proposal', proposal], ['units', `${proposal}/edit?file=units.yaml`], ['new', `${proposal}/new`], ['officers', '/admin/officers'],
    ['government', '/admin/government'], ['versions', '/admin/versions'], ['system', '/admin/system'], ['record', '/admin/record'],
  ]) {
    await page.goto(address);
    await eye.look(page, name);
  }
  await page.goto('/admin/officers');
  await page.getByRole('link', { name: 'Sari Widyaningrum' }).first().click();
  await eye.look(page, 'officer');
  await eye.calm('the administrator');
  await context.close();
});

test('a change is made by two, by keyboard and without scripts', async (t) => {
  const one = await enters(t, 'admin', { scripts: false });
  await one.page.goto(`/admin/start?file=${file}`);
  await one.page.getByLabel('Nama usulan').focus();
  await one.page.keyboard.type('Lebih jelas');
  await one.page.keyboard.press('Enter');
  await one.page.getByLabel('Penjelasan singkat (Bahasa Indonesia)').focus();
  await one.page.keyboard.press('ControlOrMeta+a');
  await one.page.keyboard.type('Surat yang menyatakan di mana Anda tinggal.');
  await one.page.getByRole('button', { name: 'Simpan ke usulan' }).focus();
  await one.page.keyboard.press('Enter');
  await one.page.getByText('Tersimpan dalam usulan.').waitFor();
  const proposal = new URL(one.page.url()).pathname.replace(/\/edit$/, '');
  await one.page.goto(proposal);
  await one.page.getByLabel('Kata sandi Anda').fill(town.password('admin'));
  await one.page.keyboard.press('Enter');
  await one.page.getByText('Menunggu persetujuan').first().waitFor();

  const other = await enters(t, 'prabu', { scripts: false });
  await other.page.getByRole('link', { name: /Lebih jelas/ }).click();
  await other.page.getByLabel('Kata sandi Anda').fill(town.password('prabu'));
  await other.page.keyboard.press('Enter');
  await other.page.getByText('Sudah terbit').first().waitFor();
  const answer = await fetch(`${town.base}/services/surat-keterangan-domisili`, { headers: { 'accept-language': 'id' } });
  assert.match(await answer.text(), /Surat yang menyatakan di mana Anda tinggal\./);
  await one.context.close();
  await other.context.close();
});
