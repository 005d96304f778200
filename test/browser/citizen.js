// What a citizen does. Everything is found as a person finds it: by its words.
import assert from 'node:assert/strict';
import { slipOf } from './paper.js';

const next = (page) => page.getByRole('button', { name: 'Simpan dan lanjutkan' }).last().click();

// pages are the form's pages in order, each with how to fill it in.
const pages = [
  ['Siapa Anda?', async (page) => {
    await page.getByLabel('Nama lengkap').fill('Rukmini Larasati');
    await page.getByLabel('NIK').fill('3360 0152 0395 0007');
  }],
  ['Kapan dan di mana Anda lahir?', async (page) => {
    await page.getByLabel('Tempat lahir').fill('Banyusekar');
    await date(page, 'Tanggal lahir', '12', '3', '1995');
    await page.getByRole('group', { name: 'Jenis kelamin' }).getByLabel('Perempuan').check();
  }],
  ['Ke mana kami memberi kabar?', (page) => page.getByLabel('Nomor telepon').fill('0812 0000 0777')],
  ['Di mana Anda tinggal sekarang?', async (page) => {
    await region(page);
    await page.getByLabel('Jalan dan nomor rumah').fill('Jalan Kenanga 12');
    await page.getByLabel('RT', { exact: true }).fill('2');
    await page.getByLabel('RW', { exact: true }).fill('5');
    await date(page, 'Tinggal di sini sejak', '1', '8', '2020');
  }],
  ['Apa kegiatan utama Anda?', (page) => page.getByLabel('Bekerja').check()],
  ['Surat ini untuk apa?', (page) => page.getByLabel('Membuka rekening bank').check()],
];

async function date(page, group, day, month, year) {
  const fields = page.getByRole('group', { name: group });
  await fields.getByLabel('Hari').or(fields.getByLabel('Tanggal', { exact: true })).fill(day);
  await fields.getByLabel('Bulan').fill(month);
  await fields.getByLabel('Tahun').fill(year);
}

const region = (page) => page.getByLabel('Kelurahan atau desa').selectOption({ label: 'Kelurahan Sekararum' });

// applies fills in the form from the home page on, with one mistake on the
// way, and gives the code and the secret of the receipt.
export async function applies({ page, eye }, papers) {
  await page.goto('/');
  await eye.look(page, 'home');
  await page.getByRole('searchbox').fill('domisili');
  await page.getByRole('button', { name: 'Cari' }).click();
  await eye.look(page, 'search');
  await page.getByRole('link', { name: 'Surat keterangan domisili' }).click();
  await eye.look(page, 'service');
  await page.getByRole('button', { name: 'Mulai mengajukan' }).first().click();
  await mistake({ page, eye });
  for (const [title, fill] of pages) {
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await eye.look(page, title);
    await fill(page);
    await next(page);
  }
  await attaches({ page, eye }, papers.photo);
  await page.getByRole('checkbox', { name: 'Saya menyatakan' }).check();
  await eye.look(page, 'declaration');
  await next(page);
  return sends({ page, eye });
}

// mistake sends an empty page: every fault is listed with a link to its field.
async function mistake({ page, eye }) {
  await next(page);
  const summary = page.getByRole('alert').or(page.locator('.sum')).first();
  await summary.waitFor();
  eye.refused(422);
  await eye.look(page, 'faults');
  await summary.getByRole('link').first().click();
  assert.match(page.url(), /#\w+/);
}

async function attaches({ page, eye }, photo) {
  await page.getByLabel('Surat pengantar RT dan RW').setInputFiles(photo);
  const card = page.getByRole('group', { name: 'KTP' }).or(page.locator('.fld', { has: page.getByLabel('KTP', { exact: true }) }));
  await card.getByRole('checkbox').check();
  await eye.look(page, 'papers');
  await next(page);
}

async function sends({ page, eye }) {
  await page.getByRole('heading', { level: 1, name: 'Periksa sebelum mengirim' }).waitFor();
  await page.getByText('Rukmini Larasati').waitFor();
  await eye.look(page, 'review');
  await page.getByRole('button', { name: 'Kirim permohonan' }).click();
  await page.getByRole('heading', { level: 1, name: 'Permohonan Anda sudah kami terima' }).waitFor();
  await eye.look(page, 'receipt');
  const code = await page.getByText(/^[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]$/).first().innerText();
  const secret = await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).first().innerText();
  assert.doesNotMatch(page.url(), new RegExp(secret));
  assert.deepEqual(await slipOf(page), [`${new URL(page.url()).origin}/track/${code}`]);
  await page.getByRole('link', { name: 'Lihat permohonan' }).click();
  await eye.look(page, 'tracking');
  await page.getByRole('button', { name: 'Keluar dari permohonan ini' }).click();
  return { code, secret };
}

// finds opens the case by its code, and what is the citizen's own by the secret.
export async function finds({ page, eye }, { code, secret }) {
  await page.goto('/track');
  await eye.look(page, 'track');
  await page.getByLabel('Kode').first().fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Lihat', exact: true }).click();
  await eye.look(page, 'tracking by code');
  assert.equal(await page.getByText('Rukmini').count(), 0, 'a code alone shows a name');
  await page.getByRole('link', { name: 'Buka', exact: true }).click();
  await eye.look(page, 'secret');
  await page.getByLabel('Kode rahasia').fill(secret);
  await page.getByRole('button', { name: 'Buka', exact: true }).click();
  await page.getByText('Hanya untuk Anda').waitFor();
  await eye.look(page, 'tracking by secret');
}

// corrects sends a better photo for the defect that the officer named.
export async function corrects({ page, eye }, { defect, photo }) {
  await page.getByText(defect).first().waitFor();
  await page.getByRole('link', { name: 'Perbaiki sekarang' }).click();
  await page.getByText(defect).first().waitFor();
  await eye.look(page, 'correct');
  await page.getByLabel('Surat pengantar RT dan RW').setInputFiles(photo);
  await page.getByRole('button', { name: 'Kirim perbaikan' }).last().click();
  await page.getByText('Tidak ada yang perlu Anda lakukan sekarang').waitFor();
  await eye.look(page, 'corrected');
  await page.getByRole('button', { name: 'Keluar dari permohonan ini' }).click();
}

// takes downloads the letter.
export async function takes({ page, eye }, path) {
  const link = page.getByRole('link', { name: 'Unduh dokumen (PDF)' });
  for (let tries = 0; tries < 50 && await link.count() === 0; tries += 1) await page.reload();
  await eye.look(page, 'granted');
  await page.getByText('Siapa yang membuka data Anda').click();
  await page.getByText('memproses permohonan').first().waitFor();
  const waiting = page.waitForEvent('download');
  await link.click();
  await (await waiting).saveAs(path);
}
