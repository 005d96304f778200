// Every page that a door or a feature has, looked at once by whoever it is for, on
// a small phone, with axe-core. The list of pages is that of the doors and features
// themselves: a route that is new and has no visit here fails.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { screen, violations, wide } from './eye.js';
import { openTown } from './town.js';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const sources = ['../../door/', '../../feature/'].map((folder) => new URL(folder, import.meta.url));

// noPages are routes that answer with a file, JSON, a stream, or another address.
const noPages = [
  /^\/api\/(v1|openapi)/, /\/files(\.tar|\/)/, /\/made\/\{file\}$/, /\/document$/, /\/live$/, /\/receipt\.json$/, /^\/log\//, /^\/static\//, /^\/\.well-known\//,
  /^\/_components$/, // shows each component many times; gallery.test.js looks at it
  /^\/desk\/system$/, // moved to /admin/system
  /^\/track\/worker\.js$/,
  /^\/draft\/\{code\}$/, // goes on to the page where one was
  /^\/open311\//, /^\/inbound\//, /^\/notify\/report\//, /\/feed\.atom$/, /^\/reports\/(map\.json|statistics\.csv)$/, /\/photos\/\{n\}$/, /^\/report\/(worker\.js|map\.svg|ready)$/,
];

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

// routes are the patterns of all pages.
async function routes() {
  const found = new Set();
  for (const folder of sources) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith('.go') || file.endsWith('_test.go')) continue;
      const text = await readFile(new URL(file, folder), 'utf8');
      for (const [, path] of text.matchAll(/"GET (\/[^"]*)"/g)) found.add(path);
    }
  }
  return [...found].filter((path) => !noPages.some((n) => n.test(path))).sort();
}

// Visitor looks at pages and remembers which routes they were.
class Visitor {
  constructor(t, page, left) { Object.assign(this, { t, page, left }); }

  // sees goes to an address, when there is one, and looks at what stands there.
  async sees(route, address) {
    if (address) {
      const answer = await this.page.goto(address);
      assert.ok(answer.ok(), `${address}: ${answer.status()}`);
    }
    await this.t.test(route, async () => {
      assert.ok(this.left.delete(route), 'nobody has this route');
      assert.deepEqual(await violations(this.page), []);
      assert.deepEqual(await wide(this.page), [], 'wider than the screen');
    });
  }

  // looks is sees for a further state of a page.
  async looks(name, address) {
    if (address) await this.page.goto(address);
    await this.t.test(name, async () => {
      assert.deepEqual(await violations(this.page), []);
      assert.deepEqual(await wide(this.page), [], 'wider than the screen');
    });
  }
}

async function visits(t, left, login) {
  const context = await browser.newContext({ viewport: screen, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const v = new Visitor(t, page, left);
  if (login) {
    await page.goto('/desk/login');
    if (login === 'sari') await v.sees('/desk/login');
    await page.getByLabel('Nama masuk').fill(login);
    await page.getByLabel('Kata sandi').fill(town.password(login));
    await page.getByRole('button', { name: 'Masuk' }).click();
    await page.waitForURL(/\/(desk|admin)$/);
  }
  return { context, page, v };
}

test('every page of every door and feature', async (t) => {
  const left = new Set(await routes());
  await strangers(t, left);
  await applicants(t, left);
  await officers(t, left);
  await reports(t, left);
  await everybody(t, left);
  await administrators(t, left);
  assert.deepEqual([...left], [], 'pages that nobody looked at');
});

async function strangers(t, left) {
  const { context, page, v } = await visits(t, left);
  await v.sees('/{$}', '/');
  const event = await page.locator('a[href^="/events/"]').first().getAttribute('href');
  const need = await page.locator('a[href^="/needs/"]').first().getAttribute('href');
  for (const [route, address] of [
    ['/events/{id}', event], ['/needs/{id}', need], ['/search', '/search?q=akte+anak'], ['/services', '/services'],
    ['/services/{id}', '/services/akta-kelahiran'], ['/services/{id}/procedure', '/services/akta-kelahiran/procedure'], ['/offices', '/offices'],
    ['/track', '/track'], ['/verify', '/verify'], ['/draft', '/draft'], ['/api', '/api'],
    ['/notify/stop', `/notify/stop?token=${'A'.repeat(43)}`],
  ]) await v.sees(route, address);
  await context.close();
}

async function applicants(t, left) {
  const { context, page, v } = await visits(t, left);
  await page.goto('/services/kartu-keluarga');
  await page.getByRole('button', { name: 'Mulai mengajukan' }).first().click();
  await page.waitForURL(/\/draft\/[^/]+\/[^/]+$/);
  await v.sees('/draft/{code}/{page}');
  const draft = new URL(page.url()).pathname.split('/').slice(0, 3).join('/');
  for (const part of ['review', 'saved']) await v.sees(`/draft/{code}/${part}`, `${draft}/${part}`);
  const ready = town.sample('letter ready to download');
  await v.sees('/track/{code}', `/track/${ready.code}`);
  await v.sees('/track/{code}/unlock', `/track/${ready.code}/unlock`);
  await unlocks(page, ready);
  await v.sees('/track/{code}/letter', `/track/${ready.code}/letter`);
  await v.sees('/track/{code}/receipt', `/track/${ready.code}/receipt`);
  await v.sees('/verify/{id}', `/verify/${await documentOf(ready)}`);
  const back = town.sample('sent back: something to correct');
  await unlocks(page, back);
  await v.sees('/track/{code}/fix', `/track/${back.code}/fix`);
  await v.sees('/track/{code}/actions/{action}', `/track/${back.code}/actions/withdraw`);
  await context.close();
}

// documentOf is the id of a case's document, as its QR code carries it.
async function documentOf({ code, secret }) {
  const answer = await fetch(`${town.base}/api/v1/cases/${code}`, { headers: { authorization: `Bearer ${secret}` } });
  return (await answer.json()).documents[0].id;
}

async function unlocks(page, { code, secret }) {
  await page.goto(`/track/${code}/unlock`);
  await page.getByLabel('Kode rahasia').fill(secret);
  await page.getByRole('button', { name: 'Buka', exact: true }).click();
  await page.getByText('Hanya untuk Anda').waitFor();
}

async function officers(t, left) {
  const { context, page, v } = await visits(t, left, 'sari');
  await v.sees('/desk', '/desk');
  const matter = await page.locator('a[href^="/desk/cases/"]').first().getAttribute('href');
  for (const [route, address] of [
    ['/desk/cases/{code}', matter], ['/desk/account', '/desk/account'], ['/desk/enter', '/desk/enter'], ['/desk/enter/{service}', '/desk/enter/surat-keterangan-domisili'],
    ['/desk/find', '/desk/find'], ['/desk/letters', '/desk/letters'],
  ]) await v.sees(route, address);
  await context.close();
  const head = await visits(t, left, 'ratih');
  await head.v.sees('/desk/unit', '/desk/unit');
  await head.page.goto('/desk');
  const under = await head.page.locator('a[href^="/desk/cases/"]').first().getAttribute('href');
  await head.v.sees('/desk/cases/{code}/openings', `${under.split('?')[0]}/openings`);
  await head.v.sees('/desk/lock', '/desk/lock');
  await head.context.close();
}

// everybody are the pages of reports that anybody may read, and tell by.
async function everybody(t, left) {
  const { context, page, v } = await visits(t, left);
  await v.sees('/report', '/report?service=pengaduan');
  await v.sees('/reports', '/reports');
  const one = await page.locator('a[href^="/reports/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')).find((href) => /^\/reports\/[0-9A-Z]{5}-/.test(href)));
  await v.looks('the map of reports', '/reports?view=map');
  await v.sees('/reports/statistics', '/reports/statistics');
  await page.goto('/reports/map');
  await page.locator('.leaflet-container').waitFor();
  await v.sees('/reports/map');
  await v.sees('/reports/{code}', one);
  await v.looks('a report that goes on', await ongoing(page));
  await page.getByLabel('Nomor HP atau alamat surel').fill('warga@example.test');
  await page.getByRole('button', { name: 'Kabari saya' }).click();
  await page.waitForURL(/\/follow\//);
  await v.sees('/follow/{id}');
  await page.getByLabel('Kode enam angka').fill('x');
  await page.getByRole('button', { name: 'Ikuti laporan' }).click();
  await v.looks('a wrong code');
  await v.sees('/follow/{id}/stop', `${new URL(page.url()).pathname}/stop`);
  await context.close();
  const coordinator = await visits(t, left, 'utami');
  await coordinator.v.sees('/desk/reports', '/desk/reports');
  for (const part of ['aside', 'late', 'figures']) await coordinator.v.looks(`reports at the desk, ${part}`, `/desk/reports?show=${part}`);
  await coordinator.context.close();
}

// ongoing is the page of a report that is being handled.
async function ongoing(page) {
  await page.goto('/reports?state=handled');
  return page.locator('.rp-list h2 a, .rp-list h3 a').first().getAttribute('href');
}

// reports are pages of the same routes for who handles what citizens tell, and
// those of the guards of who told it.
async function reports(t, left) {
  const { code, secret } = await tells();
  const coordinator = await visits(t, left, 'utami');
  await coordinator.v.looks('a report before its coordinator', `/desk/cases/${code}`);
  for (const part of await coordinator.page.locator('summary').all()) if (await part.isVisible()) await part.click();
  await coordinator.v.looks('the same with every part open');
  await coordinator.context.close();
  const worker = await visits(t, left, 'joko');
  const order = worker.page.locator('a[href^="/desk/cases/"]').first();
  if (await order.count()) await worker.v.looks('work in the field', await order.getAttribute('href'));
  await worker.context.close();
  const guard = await visits(t, left, 'arif');
  await guard.v.sees('/desk/vault', '/desk/vault');
  await guard.v.sees('/desk/cases/{code}/vault', `/desk/cases/${code}/vault`);
  await guard.context.close();
  const reporter = await visits(t, left);
  await unlocks(reporter.page, { code, secret });
  await reporter.page.getByText('Tulis pesan').click();
  await reporter.v.looks('a report as its reporter reads it');
  await reporter.context.close();
}

// tells sends a report without a name.
async function tells() {
  const service = await (await fetch(`${town.base}/api/v1/services/pengaduan`)).json();
  const answers = { what: 'Lampu jalan di depan pos ronda mati sejak tiga minggu.', kind: 'pengaduan', category: 'lampu', region: '33.60.01.1001', point: '-7.05123,110.91234',
    anonymous: 'ya', confidential: 'tidak' };
  const answer = await fetch(`${town.base}/api/v1/services/pengaduan/cases`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ definition: service.definition, channel: 'api', answers }) });
  const told = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(told));
  return told;
}

async function administrators(t, left) {
  const { context, page, v } = await visits(t, left, 'admin');
  for (const path of ['', '/government', '/officers', '/proposals', '/record', '/system', '/versions']) await v.sees(`/admin${path}`, `/admin${path}`);
  await page.goto('/admin/officers');
  await page.getByRole('link', { name: 'Sari Widyaningrum' }).first().click();
  await v.sees('/admin/officers/{id}');
  await page.getByText('Alamat surel ringkasan pagi').click();
  await page.getByLabel('Surel', { exact: false }).waitFor();
  await v.looks('an officer, with the part for the address open');
  const file = 'services%2Fsurat-keterangan-domisili.yaml';
  await v.sees('/admin/start', `/admin/start?file=${file}`);
  await page.getByLabel('Nama usulan').fill('Keliling');
  await page.getByRole('button', { name: 'Mulai usulan' }).click();
  await v.sees('/admin/proposals/{id}/edit');
  const proposal = new URL(page.url()).pathname.replace(/\/edit$/, '');
  await v.sees('/admin/proposals/{id}', proposal);
  for (const part of [`text?file=${file}`, `diff?file=${file}`, 'new', 'preview/surat-keterangan-domisili']) {
    await v.sees(`/admin/proposals/{id}/${part.split('?')[0].replace('surat-keterangan-domisili', '{service}')}`, `${proposal}/${part}`);
  }
  await context.close();
}
