// What an officer does.

export async function logsIn({ page, eye }, login, password) {
  await page.goto('/desk');
  await page.getByLabel('Nama masuk').fill(login);
  await page.getByLabel('Kata sandi').fill(`${password}x`);
  await page.getByRole('button', { name: 'Masuk' }).click();
  eye.refused(401);
  await eye.look(page, 'wrong password');
  await page.getByLabel('Nama masuk').fill(login);
  await page.getByLabel('Kata sandi').fill(password);
  await page.getByRole('button', { name: 'Masuk' }).click();
  await page.getByRole('heading', { level: 1, name: 'Daftar kerja' }).waitFor();
  await eye.look(page, 'worklist');
}

// opens finds a case in the worklist by its code.
export async function opens({ page, eye }, code) {
  await page.goto('/desk');
  await page.getByRole('row', { name: code }).getByRole('link').first().click();
  await page.getByRole('article').getByText(code).waitFor();
  await eye.look(page, 'case');
}

// takesIn takes in a paper that the citizen said would be brought.
export async function takesIn({ page, eye }, paper, file) {
  const chosen = page.getByLabel(`Hasil pindai atau foto: ${paper}`);
  const form = page.locator('details', { has: chosen });
  await form.locator('summary').click();
  await eye.look(page, 'awaited');
  await chosen.setInputFiles(file);
  await form.getByRole('button', { name: 'Terima berkas' }).click();
  await page.getByText('Berkas diterima di loket').waitFor();
  await eye.look(page, 'taken in');
}

const line = (page, words) => page.getByRole('group', { name: words });

// returns judges one line of the checklist as bad, with words, and all others
// as good.
export async function returns({ page, eye }, bad, words) {
  const all = page.locator('fieldset', { has: page.getByLabel('Sesuai') });
  for (const item of await all.all()) await item.getByRole('radio').first().check();
  await line(page, bad).getByRole('radio').nth(1).check();
  await line(page, bad).getByRole('textbox').fill(words);
  await eye.look(page, 'defect');
  await page.getByRole('button', { name: 'Kembalikan untuk diperbaiki' }).click();
  await page.getByText('tersimpan').waitFor();
  await eye.look(page, 'returned');
}

// decides judges lines as good and presses a button.
export async function decides({ page, eye }, button, lines) {
  for (const words of lines) await line(page, words).getByRole('radio').first().check();
  await page.getByRole('button', { name: button }).click();
  await page.getByText('tersimpan').waitFor();
  await eye.look(page, 'decided');
}

export async function leaves({ page, eye }) {
  await page.goto('/desk/account');
  await eye.look(page, 'account');
  await page.getByRole('button', { name: 'Keluar' }).click();
  await page.getByLabel('Nama masuk').waitFor();
}
