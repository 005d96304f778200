// The story of one certificate on a small phone, told twice: with scripts and
// without. A citizen applies with a photo, an officer sends it back with a
// defect, the citizen corrects it, the officer approves, the head signs, the
// citizen downloads the letter, and a stranger verifies it in three ways.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { applies, corrects, finds, takes } from './citizen.js';
import { Eye, screen, violations } from './eye.js';
import { leaves, logsIn, opens, returns, decides, takesIn } from './officer.js';
import { photo, altered, codeOf, numberOf } from './paper.js';
import { verifiesByCode, verifiesByFile, verifiesByNumber } from './stranger.js';
import { asks, endsAll, isTold, refuses, saysNoMore } from './told.js';
import { openTown } from './town.js';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let browser;
let town;
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pendopo-papers-'));
  browser = await chromium.launch({ executablePath: process.env.PENDOPO_CHROMIUM ?? '/usr/bin/chromium', args: quiet });
  town = await openTown();
});

after(async () => {
  await town?.close();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

for (const scripts of [true, false]) {
  const name = scripts ? 'with scripts' : 'without scripts';
  test(`a certificate of domicile, ${name}`, async (t) => { await tell(t, scripts, name.replace(' ', '-')); });
}

// What the certificate does not lead through: lists, a search that finds nothing,
// the chart of a procedure, several people on one form, and a page that hears of
// what happens elsewhere.
test('the width of the portal', async (t) => {
  const people = [];
  const meet = async (who) => {
    const context = await browser.newContext({ viewport: screen, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base });
    context.setDefaultTimeout(60_000);
    people.push(context);
    return { who, context, page: await context.newPage(), eye: new Eye({ test: t, context, base: town.base, album: join('out', 'width', who) }) };
  };
  try {
    const citizen = await meet('citizen');
    await looksAround(citizen);
    await aFamily(citizen);
    await hears(citizen, await meet('officer'));
    await citizen.eye.calm('citizen');
  } finally {
    for (const p of people) await p.close();
  }
});

// Somebody wants to be told by their browser. Another browser was told not to show
// anything; in a third, without scripts, they end it for all of them.
test('a browser that asked is told', async (t) => {
  const matter = town.sample('sent back: something to correct');
  const people = [];
  const meet = async (name, more = {}) => {
    const context = await browser.newContext({ viewport: screen, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base, ...more });
    context.setDefaultTimeout(60_000);
    people.push(context);
    const glass = more.javaScriptEnabled === false ? await browser.newContext({ viewport: screen }) : undefined;
    if (glass) people.push(glass);
    return { context, page: await context.newPage(), eye: new Eye({ test: t, context, base: town.base, album: join('out', name), glass }) };
  };
  try {
    const told = await meet('told');
    await asks(told, matter);
    await isTold(told, town, matter);
    await refuses(await meet('told-refused', { permissions: [] }), matter);
    await endsAll(await meet('told-plain', { javaScriptEnabled: false }), matter);
    await saysNoMore(told, matter);
  } finally {
    for (const p of people) await p.close();
  }
});

async function looksAround({ page, eye }) {
  for (const [path, name] of [['/services', 'all services'], ['/events/menikah', 'an event of life'], ['/search?q=xyzzy', 'nothing found'],
    ['/services/kartu-keluarga', 'variants'], ['/services/sip-bidan/procedure', 'procedure']]) {
    await page.goto(path);
    await eye.look(page, name);
  }
}

// aFamily types in two members, one after the other, by the buttons alone.
async function aFamily({ page, eye }) {
  await page.goto('/services/kartu-keluarga');
  await page.getByRole('button', { name: 'Mulai mengajukan' }).click();
  const draft = page.url().split('/').slice(0, 5).join('/');
  await page.goto(`${draft}/matter`);
  await page.getByLabel('KK baru').check();
  await page.getByRole('button', { name: 'Simpan dan lanjutkan' }).last().click();
  await page.goto(`${draft}/members`);
  await page.getByLabel('Anggota: nama lengkap').fill('Rukmini Larasati');
  await page.getByRole('button', { name: 'Tambah: Anggota' }).click();
  await page.waitForFunction(() => document.activeElement.textContent === 'Anggota 2'); // the reader goes on at the new item
  await eye.look(page, 'two members');
  await page.getByRole('button', { name: 'Hapus Anggota 2' }).click();
  assert.equal(await page.getByLabel('Anggota: nama lengkap').inputValue(), 'Rukmini Larasati');
  await page.getByRole('button', { name: 'Simpan dan lanjutkan' }).last().click();
  eye.refused(422);
  await eye.look(page, 'a member to correct');
  await page.goto(`${draft}/papers`);
  await eye.look(page, 'papers and what counts in their place');
}

// hears follows a case on one page while an officer works on it elsewhere.
async function hears(citizen, officer) {
  const paper = join(folder, 'hears.jpg');
  await photo(browser, paper, 'Surat pengantar RT 02', '17 Maret');
  const slip = await applies(citizen, { photo: paper });
  await citizen.page.goto(`/track/${slip.code}`);
  await citizen.page.evaluate(() => { window.sameAsBefore = true; });
  await logsIn(officer, 'sari', town.password('sari'));
  await opens(officer, slip.code);
  await takesIn(officer, 'KTP', paper);
  await citizen.page.getByRole('status').filter({ hasText: 'Ada kabar baru' }).waitFor({ state: 'attached' });
  assert.equal(await citizen.page.evaluate(() => window.sameAsBefore), true, 'the page was not loaded anew');
  await citizen.eye.look(citizen.page, 'brought up to date');
}

// tell tells the whole story.
async function tell(t, scripts, name) {
  const glass = scripts ? undefined : await browser.newContext({ viewport: screen });
  const people = [];
  const meet = async (who) => {
    const context = await browser.newContext({
      javaScriptEnabled: scripts, viewport: screen, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base, acceptDownloads: true,
    });
    context.setDefaultTimeout(60_000);
    const eye = new Eye({ test: t, context, base: town.base, album: join('out', name, who), glass });
    const person = { who, page: await context.newPage(), eye, context };
    people.push(person);
    return person;
  };
  try {
    await certificate(t, meet, name);
    for (const p of people) await p.eye.calm(p.who);
  } finally {
    for (const p of people) await p.context.close();
    await glass?.close();
  }
}

async function certificate(t, meet, name) {
  const first = join(folder, `${name}-first.jpg`);
  const better = join(folder, `${name}-better.jpg`);
  await photo(browser, first, 'Surat pengantar RT 02', '');
  await photo(browser, better, 'Surat pengantar RT 02', '17 Maret');
  const citizen = await meet('citizen');
  const slip = await applies(citizen, { photo: first });

  const officer = await meet('officer');
  await logsIn(officer, 'sari', town.password('sari'));
  await opens(officer, slip.code);
  await takesIn(officer, 'KTP', better);
  await returns(officer, 'Surat pengantar', 'Surat pengantar belum diberi tanggal.');

  await finds(citizen, slip);
  await corrects(citizen, { defect: 'Surat pengantar belum diberi tanggal.', photo: better });

  await opens(officer, slip.code);
  await decides(officer, 'Lengkap dan cocok', ['Nama, NIK', 'Surat pengantar', 'Alamat cocok']);
  await leaves(officer);
  const head = await meet('head');
  await logsIn(head, 'ratih', town.password('ratih'));
  await opens(head, slip.code);
  await decides(head, 'Setujui dan tanda tangani', []);

  await finds(citizen, slip);
  const letter = join(folder, `${name}.pdf`);
  await takes(citizen, letter);
  await strangers(t, await meet('stranger'), letter);
}

async function strangers(t, stranger, letter) {
  const pdf = await readFile(letter);
  await t.test('the letter is a PDF', () => assert.equal(pdf.subarray(0, 5).toString(), '%PDF-'));
  await verifiesByNumber(stranger, numberOf(letter), 'Asli dan berlaku');
  await verifiesByNumber(stranger, '000/0000/0000', 'Nomor ini tidak kami kenal');
  const code = await codeOf(letter);
  await verifiesByCode(stranger, code, 'Asli dan berlaku', 'Rukmini Larasati');
  await verifiesByFile(stranger, letter, 'Asli dan berlaku');
  const forged = letter.replace('.pdf', '-forged.pdf');
  await writeFile(forged, altered(pdf));
  await verifiesByFile(stranger, forged, 'Isinya sudah diubah');
}

test('the eye sees a violation that was planted', async () => {
  const context = await browser.newContext({ viewport: screen });
  const page = await context.newPage();
  await page.goto(town.base);
  assert.deepEqual(await violations(page), []);
  await page.evaluate(() => { document.querySelector('main').insertAdjacentHTML('beforeend', '<img src="/static/x.png"><input type="text">'); });
  const found = (await violations(page)).map((v) => v.split(':')[0]);
  assert.ok(found.includes('image-alt') && found.includes('label'), found.join(', '));
  await context.close();
});

test('the eye sees what is too wide, asked elsewhere and complained of', async (t) => {
  for (const scripts of [true, false]) {
    const context = await browser.newContext({ viewport: screen, javaScriptEnabled: scripts });
    const glass = scripts ? undefined : await browser.newContext({ viewport: screen });
    const eye = new Eye({ test: t, context, base: town.base, album: 'out', glass });
    const page = await context.newPage();
    await page.route(`${town.base}/planted`, (route) => route.fulfill({
      contentType: 'text/html',
      body: '<title>x</title><p style="width:900px">wide</p><img src="http://127.0.0.1:9/x.png"><script>console.error("planted")</script>',
    }));
    await page.goto(`${town.base}/planted`);
    const { wide } = await import('./eye.js');
    assert.equal((await wide(page)).length, 1);
    assert.ok((await eye.violations(page)).some((v) => v.startsWith('html-has-lang')));
    assert.deepEqual(eye.elsewhere, ['http://127.0.0.1:9/x.png']);
    assert.equal(eye.complaints.some((c) => c.startsWith('planted')), scripts);
    await context.close();
    await glass?.close();
  }
});

test('the server complained of nothing', () => assert.equal(town.complained(), ''));
