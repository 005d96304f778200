// What somebody does who was handed a letter.
import assert from 'node:assert/strict';

async function starts({ page, eye }) {
  await page.goto('/verify');
  if (eye.pages === 0) await eye.look(page, 'verify');
}

export async function verifiesByNumber(stranger, number, verdict) {
  const { page, eye } = stranger;
  await starts(stranger);
  await page.getByLabel('Nomor dokumen').fill(number);
  await page.getByRole('button', { name: 'Periksa' }).nth(0).click();
  await page.getByText(verdict).first().waitFor();
  assert.equal(await page.getByText('Rukmini').count(), 0, 'a number shows a name');
  await eye.look(page, `by number ${verdict}`);
}

export async function verifiesByCode(stranger, code, verdict, proved) {
  const { page, eye } = stranger;
  await starts(stranger);
  await page.getByLabel('Isi kode QR').fill(code);
  await page.getByRole('button', { name: 'Periksa' }).nth(1).click();
  await page.getByText(verdict).first().waitFor();
  await page.getByText(proved).first().waitFor();
  await eye.look(page, `by code ${verdict}`);
}

export async function verifiesByFile(stranger, path, verdict) {
  const { page, eye } = stranger;
  await starts(stranger);
  await page.getByLabel('Berkas yang Anda terima').setInputFiles(path);
  await page.getByRole('button', { name: 'Periksa' }).nth(2).click();
  await page.getByText(verdict).first().waitFor();
  await eye.look(page, `by file ${verdict}`);
}
