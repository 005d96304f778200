// The whole application as one hears it who sees nothing and uses no mouse,
// told in full and kept beside the test: `UPDATE=1 node --test listener.test.js` keeps it anew.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { screen } from './eye.js';
import { Listener } from './listener.js';
import { openTown } from './town.js';

const kept = new URL('testdata/application.txt', import.meta.url);
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

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

test('a certificate of domicile, by ear and keyboard alone', async () => {
  const context = await browser.newContext({ viewport: screen, locale: 'id-ID', timezoneId: 'Asia/Jakarta', baseURL: town.base, bypassCSP: true });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const listener = await new Listener(page).open();
  await applies(page, listener);
  const heard = listener.transcript();
  if (process.env.UPDATE) await writeFile(kept, heard);
  assert.equal(heard, await readFile(kept, 'utf8'), 'the pages are heard differently; UPDATE=1 node --test listener.test.js keeps them');
  await context.close();
});

async function applies(page, listener) {
  const turn = async (title) => {
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await listener.keeps(title);
  };
  const next = () => listener.presses('Simpan dan lanjutkan');

  await page.goto('/services/surat-keterangan-domisili');
  await listener.keeps('Surat keterangan domisili', 'body');
  await listener.presses('Mulai mengajukan');
  await turn('Siapa Anda?');
  await next();
  await page.getByRole('link', { name: 'Nama lengkap' }).waitFor();
  await listener.keeps('Siapa Anda?, dikirim kosong');
  await listener.types('Nama lengkap', 'Rukmini Larasati');
  await listener.types('NIK', '3360015203950007');
  await next();
  await turn('Kapan dan di mana Anda lahir?');
  await listener.types('Tempat lahir', 'Banyusekar');
  await dates(listener, 'Tanggal lahir', ['12', '3', '1995']);
  await listener.chooses('Jenis kelamin', 'Perempuan');
  await next();
  await turn('Ke mana kami memberi kabar?');
  await listener.types('Nomor telepon', '081200000777');
  await next();
  await turn('Di mana Anda tinggal sekarang?');
  await listener.types('Kelurahan atau desa', 'Kelurahan Sekararum');
  await listener.types('Jalan dan nomor rumah', 'Jalan Kenanga 12');
  await listener.types('RT', '2');
  await listener.types('RW', '5');
  await dates(listener, 'Tinggal di sini sejak', ['1', '8', '2020']);
  await next();
  await turn('Apa kegiatan utama Anda?');
  await listener.chooses('', 'Bekerja');
  await next();
  await turn('Surat ini untuk apa?');
  await listener.chooses('', 'Membuka rekening bank');
  await next();
  await papers(page, listener);
}

// papers are to be brought to the counter, which takes no file dialogue.
async function papers(page, listener) {
  const turn = async (title) => {
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await listener.keeps(title);
  };
  await turn('Berkas');
  for (let boxes = await page.getByRole('checkbox').count(); boxes > 0; boxes -= 1) await listener.ticks('');
  await listener.presses('Simpan dan lanjutkan');
  await turn('Pernyataan');
  await listener.ticks('Saya menyatakan');
  await listener.presses('Simpan dan lanjutkan');
  await turn('Periksa sebelum mengirim');
  await listener.presses('Kirim permohonan');
  await turn('Permohonan Anda sudah kami terima');
  await listener.presses('Lihat permohonan');
  await page.getByText('Hanya untuk Anda').waitFor();
  follows(await listener.hears());
}

// follows looks for what must be heard of a case; its days differ from one day
// of the test to the next.
function follows(heard) {
  const days = heard.filter((p) => /^(Sen|Sel|Rab|Kam|Jum|Sab|Min) \d+ \w+: /.test(p));
  assert.ok(days.length > 0 && days.at(-1).includes('jatuh tempo'), `no day is heard: ${heard.join(' / ')}`);
  for (const words of ['Sekarang dipegang', 'Petugas layanan, Kelurahan Sekararum', 'Rukmini Larasati', 'heading, Perjalanan permohonan, level 2']) {
    assert.ok(heard.includes(words), `"${words}" is not heard`);
  }
}

async function dates(listener, group, [day, month, year]) {
  await listener.types('Tanggal', day, group);
  await listener.types('Bulan', month, group);
  await listener.types('Tahun', year, group);
}
