// The desk by keyboard alone, in a real browser: a matter typed in at the
// counter with its key presses counted, a scanner, the pages in their states.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Clerk } from './clerk.js';
import { Eye } from './eye.js';
import { printed } from './paper.js';
import { openTown } from './town.js';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const monitor = { width: 1280, height: 1024 };
const entering = '/desk/enter/surat-keterangan-domisili';

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

// sits sits down at a desk.
async function sits(t, login, { scripts = true, viewport = monitor } = {}) {
  const context = await browser.newContext({ javaScriptEnabled: scripts, viewport, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base });
  context.setDefaultTimeout(60_000);
  const eye = new Eye({ test: t, context, base: town.base, album: join('out', 'desk', login) });
  const page = await context.newPage();
  await page.goto('/desk/login');
  await page.getByLabel('Nama masuk').fill(login);
  await page.getByLabel('Kata sandi').fill(town.password(login));
  await page.getByRole('button', { name: 'Masuk' }).click();
  await page.getByRole('heading', { level: 1, name: 'Daftar kerja' }).waitFor();
  return { context, page, eye };
}

// domicile types a certificate of domicile in, from the first box to the last.
async function domicile(clerk) {
  await clerk.answers('Pak Darsono Rekaan');
  await clerk.answers('3360011703600001');
  await clerk.answers('Banyusekar');
  await clerk.types('17031960'); // the boxes of a date go on by themselves
  await clerk.press('2'); // Laki-laki
  await clerk.answers('081200000009');
  await clerk.press('Enter'); // the ward of this counter is filled in
  await clerk.answers('Jalan Anggrek 1');
  await clerk.answers('1');
  await clerk.answers('2');
  await clerk.types('01011990');
  await clerk.press('1'); // Bekerja
  await clerk.press('1'); // Membuka rekening
  while (/-counter$/.test(await clerk.at())) await clerk.press('1'); // every paper was looked at
  assert.equal(await clerk.at(), 'declaration');
  await clerk.press('1');
  await clerk.press('F9');
}

test('a known service is typed in by keyboard alone, on one screen', async (t) => {
  const { context, page, eye } = await sits(t, 'sari');
  const clerk = new Clerk(page);
  const from = performance.now();
  await page.goto(entering);
  clerk.waited += performance.now() - from;
  await eye.look(page, 'entry');
  const height = await page.evaluate(() => document.querySelector('form.entry').getBoundingClientRect().bottom + scrollY);
  await domicile(clerk);
  await clerk.waits(page.getByRole('heading', { level: 1, name: 'Permohonan tersimpan' }));
  await eye.look(page, 'slip');
  t.diagnostic(`counter: ${clerk.beyond} key presses beyond the ${clerk.data} of the data (at most 45), ${Math.round(clerk.waited)} ms of waiting (at most 2000), ${Math.round(height)} px high on a screen of ${monitor.height}`);
  assert.ok(clerk.beyond <= 45, `${clerk.beyond} key presses: ${clerk.pressed.join(' ')}`);
  assert.ok(height <= monitor.height, `the form is ${height} px high`);
  const code = (await page.locator('.slip .code').first().textContent()).trim();
  await page.goto(`/desk/cases/${code}`);
  assert.equal(await page.getByText('Akan dibawa ke loket').count(), 0, 'papers that were looked at are awaited no more');
  assert.ok(await page.getByText('Sudah diperiksa di loket').count() > 0);
  await eye.look(page, 'case');
  await eye.calm('the clerk');
  await context.close();
});

test('another matter of the same visitor knows the visitor, and nobody else does', async (t) => {
  const { context, page, eye } = await sits(t, 'sari');
  const clerk = new Clerk(page);
  await page.route('**/asked', async (route) => { // a server that is slower than the clerk loses none of the keys
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    await route.continue();
  });
  await page.goto(entering);
  await domicile(clerk);
  await page.getByRole('heading', { level: 1, name: 'Permohonan tersimpan' }).waitFor();
  await page.locator('.another').getByRole('button', { name: 'Surat keterangan domisili' }).click();
  await page.getByLabel('Nama lengkap').waitFor();
  await eye.look(page, 'another');
  assert.equal(await page.getByLabel('Nama lengkap').inputValue(), 'Pak Darsono Rekaan');
  assert.equal(await page.locator('#nik').inputValue(), '3360011703600001');
  assert.equal(await page.locator('#birth_date-year').inputValue(), '1960');
  assert.equal(await page.locator('#street').inputValue(), 'Jalan Anggrek 1');
  assert.ok(await page.locator('[name=sex][value=laki_laki]').isChecked());
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, location.search]), [0, 0, '']);
  await page.goto(entering);
  assert.equal(await page.getByLabel('Nama lengkap').inputValue(), '');
  await context.close();
});

test('a scanner never sends the form, and a code that it reads opens its case', async (t) => {
  for (const scripts of [true, false]) {
    const { context, page } = await sits(t, 'sari', { scripts });
    await page.goto('/desk');
    const code = (await page.locator('.wl .wl-sub.num').filter({ hasText: /^[0-9A-Z]{5}-/ }).first().textContent()).trim();
    await page.goto(entering);
    await page.locator('#street').focus();
    const clerk = new Clerk(page);
    await clerk.scans('3360011703600001');
    assert.equal(new URL(page.url()).pathname, entering);
    assert.equal(await page.getByText('Perbaiki').count(), 0);
    if (scripts) {
      assert.equal(await page.locator('#street').inputValue(), '', 'the NIK stands in the box of the street');
      assert.equal(await page.locator('#nik').inputValue(), '3360011703600001');
      await page.goto(entering);
      await page.locator('#name').focus();
      await clerk.scans(`${town.base}/track/${code}`);
      await page.waitForURL(`**/desk/cases/${code}`);
    }
    await context.close();
  }
});

test('what is not asked is out of sight with a script, and marked without', async (t) => {
  const { context, page } = await sits(t, 'sari');
  await page.goto(entering);
  const parent = page.getByLabel('Nama orang tua atau wali');
  assert.equal(await parent.isVisible(), false);
  await page.locator('#birth_date-day').focus();
  await page.keyboard.type('01012020', { delay: 40 });
  await parent.waitFor({ state: 'visible' });
  await page.locator('#birth_date-year').fill('1990');
  await parent.waitFor({ state: 'hidden' });
  await context.close();
  const plain = await sits(t, 'sari', { scripts: false });
  await plain.page.goto(entering);
  assert.ok(await plain.page.getByText('(hanya bila berlaku)').count() > 0);
  await plain.context.close();
});

test('a checklist is gone through with 1 and 2, and 0 takes the last back', async (t) => {
  const { context, page, eye } = await sits(t, 'sari');
  await page.goto('/desk');
  await eye.look(page, 'worklist');
  await page.locator('.wl-case').first().click();
  await page.locator('.chk fieldset').first().waitFor();
  const lines = await page.locator('.chk fieldset').count();
  assert.ok(lines > 1);
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await page.keyboard.type('Belum bertanggal.');
  assert.equal(await page.locator('.chk [value=ok]:checked').count(), 1);
  assert.equal(await page.locator('.chk [value=no]:checked').count(), 1);
  await eye.look(page, 'checklist');
  await page.keyboard.press('Enter');
  await page.keyboard.press('0');
  assert.equal(await page.locator('.chk [value=no]:checked').count(), 0);
  await context.close();
});

test('a value is copied by c and its number, and a locked desk is blank until its officer is back', async (t) => {
  const { context, page, eye } = await sits(t, 'yoga');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/desk');
  const cases = await page.locator('.wl-case').count();
  for (let i = 0; i < cases && await page.locator('[data-sheet]').count() === 0; i++) {
    await page.goto('/desk');
    await page.locator('.wl-case').nth(i).click();
  }
  const second = await page.locator('[data-sheet] .all').nth(1).textContent();
  await page.keyboard.press('c');
  await page.keyboard.press('2');
  await page.getByText('Tersalin:').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), second);
  await eye.look(page, 'sheet');
  await page.locator('#number').fill('3360-LU-1');
  await page.keyboard.press('Alt+l');
  await page.getByText('Meja terkunci').waitFor();
  const words = await page.evaluate(() => document.body.innerText);
  assert.ok(!words.includes(second) && !words.includes('Daftar kerja'), words);
  await eye.look(page, 'locked');
  await page.keyboard.type('bukan ini');
  await page.keyboard.press('Enter');
  await page.getByText('Kata sandi tidak cocok').waitFor();
  await page.keyboard.type(town.password('yoga'));
  await page.keyboard.press('Enter');
  await page.locator('[data-sheet]').waitFor();
  assert.equal(await page.locator('#number').inputValue(), '3360-LU-1', 'what was typed is lost');
  await context.close();
});

test('the pages of looking for a person and of a unit are sound', async (t) => {
  const { context, page, eye } = await sits(t, 'ratih');
  for (const [path, name] of [['/desk/unit', 'unit'], ['/desk/find', 'find'], ['/desk/account', 'account']]) {
    await page.goto(path);
    await eye.look(page, name);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  for (const [path, name] of [['/desk/unit', 'unit'], [entering, 'entry']]) {
    await page.goto(path);
    await eye.look(page, `${name} on a phone`);
  }
  await context.close();
});

test('letters are printed for window envelopes, posted and brought back, by keyboard alone', async (t) => {
  const { context, page, eye } = await sits(t, 'sari');
  await page.getByText('2 surat menunggu diposkan').waitFor();
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/desk/letters');
  await eye.look(page, 'letters on a phone');
  await page.setViewportSize({ width: 1280, height: 900 });
  const [first] = await page.locator('.tray-rows label').allTextContents();
  await press(page, 'Cetak yang ditandai');
  await page.locator('.mail').first().waitFor();
  await eye.look(page, 'letters to print');
  const sheets = await printed(page);
  assert.equal(sheets.length, 2, 'each letter is one page');
  const code = first.match(/[0-9A-Z]{5}-[0-9A-Z]{5}-\S/)[0];
  assert.match(sheets[0].text, new RegExp(`Kepada Yth\\.[\\s\\S]*RT 2 RW 5[\\s\\S]*Kelurahan Sekararum[\\s\\S]*${code}[\\s\\S]*Tanpa internet`));
  assert.ok(!sheets[0].text.includes('Daftar kerja') && !sheets[0].text.includes('Ke daftar surat'), sheets[0].text);
  const { x, y } = sheets[0].receiver;
  assert.ok(Math.abs(x - 20) < 1 && y > 45 && y < 60, `the address stands ${x} mm from the left and ${y} mm from the top`);
  assert.ok(sheets[0].codes.some((c) => c.endsWith(`/track/${code}`)), 'the QR code leads to the case');
  await page.goto('/desk/letters');
  await page.locator('.tray-rows input[type=text], .tray-rows input.inp').first().fill('RR123456785ID');
  await eye.look(page, 'letters that were printed');
  await press(page, 'Sudah diposkan');
  await page.getByText('2 surat dicatat sudah diposkan').waitFor();
  await page.locator('.tray-rows input').first().focus();
  await page.keyboard.press('Space');
  await page.getByLabel('Penerima sudah pindah').focus();
  await page.keyboard.press('Space');
  await eye.look(page, 'letters that were posted');
  await press(page, 'Surat kembali');
  await page.getByText('1 surat dicatat kembali').waitFor();
  await context.close();
});

// press presses a button without a mouse.
async function press(page, name) {
  await page.getByRole('button', { name }).focus();
  await page.keyboard.press('Enter');
}

test('the server complained of nothing', () => assert.equal(town.complained(), ''));
