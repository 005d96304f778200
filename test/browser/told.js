// A browser that asks to be told of a case. Its push service alone is made up,
// for none can be reached from here: permission, worker, notification and server
// are real, and what the worker is handed is what the engine of notices sends.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { screen } from './eye.js';

const sent = new URL('../../engine/notify/push/testdata/shown.json', import.meta.url);

// service gives a page subscriptions as those of Chromium look. They outlive the
// page, and end with unsubscribe.
function service() {
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const bytes = (words) => Uint8Array.from(atob(words.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)).buffer;
  const subscription = (kept) => kept && {
    endpoint: kept.endpoint,
    options: { userVisibleOnly: true, applicationServerKey: bytes(kept.key) },
    toJSON: () => ({ endpoint: kept.endpoint, expirationTime: null, keys: kept.keys }),
    unsubscribe: async () => { localStorage.removeItem('pushed'); return true; },
  };
  PushManager.prototype.getSubscription = async () => subscription(JSON.parse(localStorage.getItem('pushed')));
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const kept = { endpoint: `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`, key: text(applicationServerKey),
      keys: { p256dh: text(await crypto.subtle.exportKey('raw', pair.publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16))) } };
    if (!userVisibleOnly) throw new Error('a browser refuses what nobody sees');
    localStorage.setItem('pushed', JSON.stringify(kept));
    return subscription(kept);
  };
}

// unlocks opens a case with its secret.
async function unlocks(page, { code, secret }) {
  await page.goto(`/track/${code}/unlock`);
  await page.getByLabel('Kode rahasia').fill(secret);
  await page.getByRole('button', { name: 'Buka', exact: true }).click();
  await page.getByText('Hanya untuk Anda').waitFor();
}

const asking = { name: 'Kabari lewat peramban ini' };
const ending = { name: 'Jangan kabari lagi lewat peramban ini' };

// scopes are the pages that a worker stands behind.
const scopes = (page) => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map((r) => new URL(r.scope).pathname).sort());

// asks to be told, after having reported something in the same browser: the two
// workers stand behind pages of their own.
export async function asks({ context, page, eye }, matter) {
  await context.grantPermissions(['notifications']);
  await context.addInitScript(service);
  await page.goto('/report?service=pengaduan');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await unlocks(page, matter);
  await page.getByRole('button', asking).waitFor();
  await eye.look(page, 'may be told');
  await page.getByRole('button', asking).click();
  await page.getByText('Sudah didaftarkan.').waitFor();
  assert.deepEqual(await scopes(page), ['/report', `/track/${matter.code}`]);
  await page.reload();
  await page.getByRole('button', ending).waitFor();
  await eye.look(page, 'is told');
  await page.setViewportSize({ width: 1280, height: 900 });
  await eye.look(page, 'is told, wide');
  await page.setViewportSize(screen);
}

// isTold hands the worker a message and looks at what it shows and at where a
// press of it leads: to the page where it stands open, else to a new one, whose
// address holds the code alone.
export async function isTold({ context, page }, town, { code }) {
  const line = await context.newCDPSession(page);
  const found = new Promise((resolve) => {
    line.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations.filter((r) => r.scopeURL.endsWith(code)).forEach(resolve));
  });
  await line.send('ServiceWorker.enable');
  const { registrationId } = await found;
  await line.send('ServiceWorker.deliverPushMessage', { origin: `${town.base}/`, registrationId, data: await readFile(sent, 'utf8') });
  await page.waitForFunction(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length > 0);
  const worker = context.serviceWorkers().find((w) => w.url().endsWith('/track/worker.js'));
  assert.deepEqual(await worker.evaluate(async () => (await registration.getNotifications()).map(({ title, body, lang, data }) => ({ title, body, lang, data }))),
    [{ title: 'Sudah dikerjakan: ABC', body: 'Laporan ABC sudah dikerjakan.', lang: 'id', data: null }]);
  assert.deepEqual(await pressed(worker), [`to ${town.base}/track/${code}`]);
  await page.goto('/');
  await line.send('ServiceWorker.deliverPushMessage', { origin: `${town.base}/`, registrationId, data: 'not what we send' });
  await worker.evaluate(async () => { while (!(await registration.getNotifications()).length) await new Promise((again) => { setTimeout(again, 20); }); });
  assert.deepEqual(await worker.evaluate(async () => (await registration.getNotifications()).map((n) => n.title)), [code]);
  assert.deepEqual(await pressed(worker), [`opened ${town.base}/track/${code}`]);
}

// pressed presses the notification, as far as a browser lets that be done without
// a finger: where it leads to is noted and not gone to.
function pressed(worker) {
  return worker.evaluate(async () => {
    const led = [];
    clients.openWindow = async (address) => { led.push(`opened ${address}`); };
    WindowClient.prototype.focus = async function () { led.push(`to ${this.url}`); };
    const [notification] = await registration.getNotifications();
    const press = new NotificationEvent('notificationclick', { notification });
    let done;
    press.waitUntil = (until) => { done = until; };
    dispatchEvent(press);
    await done;
    return led;
  });
}

// refuses looks at the same page where notifications are refused.
export async function refuses({ page, eye }, matter) {
  await unlocks(page, matter);
  await page.getByText('Peramban ini menolak pemberitahuan').waitFor();
  assert.equal(await page.getByRole('button', asking).isVisible(), false);
  await eye.look(page, 'refuses');
  await eye.calm('who refuses');
}

// endsAll ends it for every browser, without scripts.
export async function endsAll({ page, eye }, matter) {
  await unlocks(page, matter);
  assert.equal(await page.locator('#push').isVisible(), false);
  await eye.look(page, 'without scripts');
  await page.getByRole('button', { name: 'Hentikan di semua peramban' }).click();
  await page.waitForURL(/\/track\/[^/]+$/);
  assert.equal(await page.getByRole('button', { name: 'Hentikan di semua peramban' }).count(), 0);
  await eye.calm('who ends it everywhere');
}

// saysNoMore gives back what the server no longer has, asks again, and ends it
// here and there.
export async function saysNoMore({ page, eye }, { code }) {
  await page.goto(`/track/${code}`);
  await page.getByRole('button', asking).waitFor();
  assert.deepEqual(await scopes(page), ['/report'], 'what ended elsewhere has not ended here');
  await page.getByRole('button', asking).click();
  await page.getByText('Sudah didaftarkan.').waitFor();
  await page.reload();
  await page.getByRole('button', ending).click();
  await page.getByText('Sudah dihentikan.').waitFor();
  assert.deepEqual(await scopes(page), ['/report']);
  await page.reload();
  await page.getByRole('button', asking).waitFor();
  assert.equal(await page.locator('#push').getAttribute('data-known'), '', 'the server still has it');
  await eye.look(page, 'left');
  await eye.calm('who was told');
}
