// The pictures of the guides for people (docs/panduan): pages that a story looks
// at anyway, kept as they stand on the screen. `make guide` takes them anew.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

// monitor is the screen of a page that people see at a desk, where the story
// looks at it on a phone.
const monitor = { width: 1024, height: 600 };

// pictures are files below docs/panduan/gambar, by story and page: the file's
// name, what stands at its upper edge (else the heading), and the screen (else
// that of the story).
const pictures = {
  'with-scripts/citizen/home': { file: 'warga-beranda', from: 'body' },
  'with-scripts/citizen/service': { file: 'warga-layanan' },
  'width/citizen/two members': { file: 'warga-anggota' },
  'with-scripts/citizen/papers': { file: 'warga-berkas' },
  'with-scripts/citizen/receipt': { file: 'warga-tanda-terima' },
  'with-scripts/citizen/tracking by secret': { file: 'warga-lacak' },
  'with-scripts/citizen/correct': { file: 'warga-perbaiki' },
  'with-scripts/citizen/granted': { file: 'warga-dokumen' },

  'desk/sari/worklist': { file: 'petugas-daftar-kerja', from: 'body', screen: monitor },
  'desk/sari/checklist': { file: 'petugas-periksa', from: '.chk', screen: { width: 960, height: 700 } },
  'desk/sari/entry': { file: 'petugas-loket', from: '.keys-line', screen: { width: 1280, height: 530 } },
  'desk/sari/slip': { file: 'petugas-tanda-terima', screen: monitor },
  'desk/yoga/sheet': { file: 'petugas-siak', screen: monitor },
  'desk/ratih/find': { file: 'petugas-cari-orang', screen: { width: 1024, height: 680 } },
  'desk/ratih/unit': { file: 'petugas-unit', screen: monitor },

  'admin/admin-360/home': { file: 'admin-ruang', screen: monitor },
  'admin/admin-360/finding': { file: 'admin-isian', from: '.errs', screen: monitor },
  'admin/admin-360/diff': { file: 'admin-perbandingan', screen: monitor },
  'admin/admin-360/proposal': { file: 'admin-usulan', screen: monitor },
  'admin/admin-360/officer': { file: 'admin-petugas', screen: monitor },
  'admin/admin-360/system': { file: 'admin-sistem', screen: monitor },
};

// keep takes the picture of a page, once, where GUIDE names the folder for them,
// and leaves the page as it was.
const taken = new Set();
export async function keep(page, album, name) {
  const picture = pictures[`${album.replace(/^out\//, '')}/${name}`];
  if (!process.env.GUIDE || !picture || taken.has(picture)) return;
  taken.add(picture);
  const before = page.viewportSize();
  await mkdir(process.env.GUIDE, { recursive: true });
  await page.setViewportSize(picture.screen ?? before);
  await page.evaluate(upTo, picture.from ?? 'main h1');
  await page.screenshot({ path: join(process.env.GUIDE, `${picture.file}.png`) });
  await page.evaluate(upTo, 'body');
  await page.setViewportSize(before);
}

// upTo scrolls so that what is looked for stands at the upper edge.
function upTo(selector) {
  const found = document.querySelector(selector);
  scrollTo(0, Math.max(0, (found?.getBoundingClientRect().top ?? 0) + scrollY - 4));
}
