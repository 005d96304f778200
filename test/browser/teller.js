// Somebody who tells something: what they answer, and the button at the end.

// words are what happened.
export const words = 'Lampu jalan di depan SD 2 mati sejak Senin dan gelap sekali.';

// fills answers everything that must be answered.
export async function fills(page) {
  await page.getByLabel('Ceritakan').fill(words);
  await page.getByLabel('Kelurahan atau desa').selectOption({ label: 'Desa Banyuasri' });
  await page.locator('[name=kind][value=pengaduan]').check();
  await page.locator('[name=category]').selectOption('lampu');
  await page.locator('[name=anonymous][value=tidak]').check();
  await page.locator('[name=confidential][value=tidak]').check();
  await page.getByLabel('Nama Anda').fill('Rukmini Larasati');
  await page.getByLabel('Nomor telepon').fill('0812 0000 0001');
}

// sendsIt presses the one button at the end.
export async function sendsIt(page) {
  await page.locator('#report > .btn').click();
}
