// What is looked at on every page, whatever the story: accessibility, width,
// the console, and who else is asked for anything.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { keep } from './guide.js';

const axe = createRequire(import.meta.url)('axe-core').source;

// screen is the small phone that the story is told on.
export const screen = { width: 360, height: 800 };

// Eye watches the pages of one person.
export class Eye {
  // test is node's test context: each page that is looked at is a test. Where
  // the context runs no scripts, axe cannot run either: it looks at a copy of
  // the page in the context glass, which does.
  constructor({ test, context, base, album, glass }) {
    Object.assign(this, { test, context, base, album, glass, pages: 0, elsewhere: [], complaints: [], refusals: [] });
    context.on('request', (r) => { if (!own(r.url(), base)) this.elsewhere.push(r.url()); });
    context.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') this.complaints.push(`${m.text()} at ${m.location().url}`); });
    context.on('weberror', (e) => { this.complaints.push(String(e.error())); });
  }

  // look examines a page in the state it is in. With ALBUM=yes a picture of every
  // page is kept in out/, for people to look through.
  async look(page, name) {
    this.pages += 1;
    const number = String(this.pages).padStart(2, '0');
    await this.test.test(`page ${number}: ${name}`, async () => {
      if (process.env.ALBUM) await page.screenshot({ path: join(this.album, `${number}-${name.replace(/[^a-z0-9]+/gi, '-')}.png`), fullPage: true });
      await keep(page, this.album, name);
      assert.deepEqual(await this.violations(page), []);
      assert.deepEqual(await wide(page), [], 'wider than the screen');
      assert.notEqual((await page.title()).trim(), '');
    });
  }

  async violations(page) {
    if (!this.glass) return violations(page);
    const copy = await this.glass.newPage();
    try {
      await copy.route('**', (route) => (route.request().isNavigationRequest()
        ? page.content().then((body) => route.fulfill({ body, contentType: 'text/html', headers: { 'content-security-policy': "script-src 'none'" } }))
        : route.abort()));
      await copy.goto(page.url());
      return await violations(copy);
    } finally {
      await copy.close();
    }
  }

  // refused says that the story has just been refused a page with a status, as
  // it should: the browser mentions that on the console, once.
  refused(status) { this.refusals.push(status); }

  // calm fails when anything was asked elsewhere, or the console complained of
  // more or of less than the refusals of the story.
  async calm(who) {
    await this.test.test(`${who} asked nothing of anybody else`, () => assert.deepEqual(this.elsewhere, []));
    await this.test.test(`${who} saw nothing on the console`, () => {
      const refusals = this.complaints.map((c) => Number(c.match(/responded with a status of (\d+)/)?.[1])).filter(Boolean);
      assert.deepEqual(refusals, this.refusals, this.complaints.join('\n'));
      assert.equal(this.complaints.length, refusals.length, this.complaints.join('\n'));
    });
  }
}

const own = (url, base) => url.startsWith(base + '/') || url === base || url.startsWith('data:') || url.startsWith('blob:');

// violations are what axe finds, short enough to read.
export async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

// wide are the elements that make a page scroll sideways.
export function wide(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > width + 0.5)
      .map((e) => `${e.tagName.toLowerCase()}.${e.className} to ${Math.round(e.getBoundingClientRect().right)}`)
      .slice(0, 8);
  });
}
