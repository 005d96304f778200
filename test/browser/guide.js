// The pictures of the guides for people (docs/panduan): pages that a story looks
// at anyway, kept as they stand on the screen. `make guide` takes them anew.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

// pictures are files below docs/panduan/gambar, by story and page.
const pictures = {
  'with-scripts/citizen/home': 'warga-beranda',
  'with-scripts/citizen/search': 'warga-cari',
  'with-scripts/citizen/service': 'warga-layanan',
  'with-scripts/citizen/papers': 'warga-berkas',
  'with-scripts/citizen/review': 'warga-periksa',
  'with-scripts/citizen/receipt': 'warga-tanda-terima',
  'with-scripts/citizen/tracking by secret': 'warga-lacak',
  'with-scripts/citizen/correct': 'warga-perbaiki',
  'with-scripts/citizen/granted': 'warga-dokumen',
};

// keep takes the picture of a page, once, where GUIDE names the folder for them.
const taken = new Set();
export async function keep(page, album, name) {
  const picture = pictures[`${album.replace(/^out\//, '')}/${name}`];
  if (!process.env.GUIDE || !picture || taken.has(picture)) return;
  taken.add(picture);
  await mkdir(process.env.GUIDE, { recursive: true });
  await page.screenshot({ path: join(process.env.GUIDE, `${picture}.png`) });
}
