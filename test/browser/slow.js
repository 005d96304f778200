// How long telling something takes on a slow telephone over two bars of signal:
// 40 kbit/s, 700 ms, a processor six times slower, the line cut now and then. Not
// part of `make test`: `node slow.js`, with PENDOPO_PROGRAM naming the program.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { fills, sendsIt } from './teller.js';
import { openTown } from './town.js';

// snaps writes a photo with as much in it as a camera sees: twelve million pixels,
// some megabytes.
async function snaps(b, path) {
  const page = await b.newPage();
  const data = await page.evaluate(() => {
    const c = document.createElement('canvas');
    [c.width, c.height] = [4000, 3000];
    const x = c.getContext('2d');
    for (let i = 0; i < 30_000; i += 1) {
      x.fillStyle = `hsl(${Math.random() * 360} 40% ${30 + Math.random() * 40}%)`;
      x.fillRect(Math.random() * 4000, Math.random() * 3000, 10 + Math.random() * 80, 10 + Math.random() * 80);
    }
    return c.toDataURL('image/jpeg', 0.9).split(',')[1];
  });
  await writeFile(path, Buffer.from(data, 'base64'));
  await page.close();
}

const photos = Number(process.argv[2] ?? 2);
const line = { offline: false, latency: 700, downloadThroughput: 40_000 / 8, uploadThroughput: 40_000 / 8 };
const browser = await chromium.launch({ executablePath: process.env.PENDOPO_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const town = await openTown();
const folder = await mkdtemp(join(tmpdir(), 'pendopo-slow-'));
try {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'id-ID', baseURL: town.base, serviceWorkers: 'block' }); // the worker would not be on the thin line
  const page = await context.newPage();
  page.setDefaultTimeout(400_000);
  const files = [];
  for (let n = 0; n < photos; n += 1) {
    files.push(join(folder, `${n}.jpg`));
    await snaps(browser, files[n]);
  }
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  await wire.send('Network.emulateNetworkConditions', line);
  await wire.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  let bytes = 0;
  wire.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
  const began = Date.now();
  const said = (words) => console.log(`${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${words}`);
  await page.goto('/report?service=pengaduan');
  said('the page is there');
  await page.locator('[name=photos]').setInputFiles(files);
  await page.waitForFunction((n) => [...document.querySelectorAll('.files [role=status]')].filter((s) => /kB$/.test(s.textContent)).length === n, photos);
  said(`photos are ready: ${await page.locator('.files [role=status]').allTextContents()}`);
  await fills(page);
  await sendsIt(page);
  said('sent off');
  const cuts = setInterval(async () => { // a bus that passes behind a house
    await wire.send('Network.emulateNetworkConditions', { ...line, offline: true }).catch(() => {}); // it may be over by now
    setTimeout(() => wire.send('Network.emulateNetworkConditions', line).catch(() => {}), 3000);
  }, 25_000);
  const ends = [page.waitForURL(/\/receipt$/), page.locator('#outbox .sent').waitFor()]; // after a cut the code stands on the page itself
  for (const end of ends) end.catch(() => {}); // the other one
  await Promise.race(ends);
  clearInterval(cuts);
  said(`it went out; ${(bytes / 1000).toFixed(0)} kB came down`);
  const seconds = (Date.now() - began) / 1000;
  console.log(`${photos} photos: ${seconds.toFixed(0)} s on the line (most: 180)`);
  process.exitCode = seconds > 180 ? 1 : 0;
} finally {
  await town.close();
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
