// Takes the screenshots: node docs/img/make.mjs BASE FOLDER, where FOLDER has
// what the demo said (`said`) and its data (`data`). See make.sh.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const require = createRequire(new URL('../../test/browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');

const [base, folder] = process.argv.slice(2);
const said = readFileSync(`${folder}/said`, 'utf8');
const logins = JSON.parse(readFileSync(`${folder}/data/demo-logins.json`, 'utf8'));
const picture = (name) => new URL(`./${name}.png`, import.meta.url).pathname;

// sample is the code and secret of the case that the demo describes so.
function sample(words) {
  const line = said.split('\n').find((l) => l.includes(words));
  if (!line) throw new Error(`the demo has no case: ${words}`);
  const [code, secret] = line.trim().split(/\s+/);
  return { code, secret };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--hide-scrollbars'],
});

async function open(width, height, scale) {
  const context = await browser.newContext({ locale: 'id-ID', viewport: { width, height }, deviceScaleFactor: scale, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`${base}/?lang=id`);
  return page;
}

// below scrolls so that what is looked for stands at the top.
async function below(page, selector) {
  await page.locator(selector).first().evaluate((e) => window.scrollTo(0, e.getBoundingClientRect().top + window.scrollY - 16));
}

async function citizen() {
  const page = await open(360, 900, 1.5);
  await page.screenshot({ path: picture('home') });
  await page.goto(`${base}/services/sip-bidan`);
  await below(page, 'main h1');
  await page.screenshot({ path: picture('service') });
  await page.goto(`${base}/track/${sample('granted by law').code}`);
  await below(page, 'main h1');
  await page.screenshot({ path: picture('track') });
  const { code, secret } = sample('letter ready');
  await page.goto(`${base}/track/${code}/unlock`);
  await page.locator('main form[action$="/unlock"] input:not([type="hidden"])').fill(secret);
  await page.locator('form[action$="/unlock"] button').click();
  await page.waitForLoadState();
  const file = await page.request.get(`${base}/track/${code}/document`);
  if (!file.ok()) throw new Error(`the letter: ${file.status()}`);
  writeFileSync(`${folder}/letter.pdf`, await file.body());
}

async function officer() {
  const page = await open(1200, 800, 1);
  await page.goto(`${base}/desk/login`);
  await page.locator('input[name="login"]').fill('mega');
  await page.locator('input[type="password"]').fill(logins.find((l) => l.login === 'mega').password);
  await page.locator('main form button').click();
  await page.waitForURL('**/desk');
  await page.screenshot({ path: picture('worklist') });
  await page.locator('main a[href^="/desk/cases/"]').first().click();
  await page.waitForURL('**/desk/cases/*');
  await page.screenshot({ path: picture('desk') });
}

await citizen();
await officer();
await browser.close();
