// Every component in every state, on the narrowest phone and on paper: nothing
// may reach beyond the edge, however long its words are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { violations } from './eye.js';
import { openTown } from './town.js';

let browser;
let town;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.PENDOPO_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  town = await openTown();
});

after(async () => {
  await browser?.close();
  await town?.close();
});

for (const [media, most] of [['screen', 320], ['print', 700]]) { // 700: A4 between its margins
  test(`every component fits: ${media}, ${most} pixels`, async () => {
    const page = await browser.newPage({ viewport: { width: most, height: 800 } });
    await page.emulateMedia({ media });
    await page.goto(`${town.base}/_components`);
    const names = await page.$$eval('section[id^="c-"]', (all) => all.map((s) => s.id.slice(2)));
    assert.ok(names.length > 30, `${names.length} components`);
    for (const name of names) { // one by one: a page with a slip prints that alone; one pixel is for what only a reader hears
      await page.goto(`${town.base}/_components?only=${name}`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= most + 1, `${name} is ${width} pixels wide`);
    }
    await page.close();
  });
}

// What comes of showing a component several times on one page, and of no page of
// a door; and where the browser takes its own colours, axe judges those of ours.
const manifold = ['accesskeys', 'landmark-unique'];

for (const [name, options, apart] of [['as it is', {}, []], ['in forced colours', { forcedColors: 'active' }, ['color-contrast']], ['in the dark', { colorScheme: 'dark' }, []]]) {
  test(`every state of every component is sound: ${name}`, async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 800 }, ...options });
    await page.goto(`${town.base}/_components`);
    assert.deepEqual((await violations(page)).filter((v) => ![...manifold, ...apart].includes(v.split(':')[0])), []);
    await page.close();
  });
}

test('every component fits with letters twice as large', async () => {
  const page = await browser.newPage({ viewport: { width: 640, height: 800 } });
  await page.goto(`${town.base}/_components`);
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 641, `${width} pixels wide`);
  await page.close();
});
