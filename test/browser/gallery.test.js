// Every component in every state, on the narrowest phone and on paper: nothing
// may reach beyond the edge, however long its words are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
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
