"use strict";
// Keeps the page for telling something at hand without signal, and sends what
// waits when the signal is back. It keeps that page, empty, its map and scripts; what
// anybody typed, and every other page, it never touches.
const SHELF = "report-" + VERSION, SLOW = 4000;

addEventListener("install", function () { skipWaiting(); });

addEventListener("activate", function (e) {
  e.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (n) { return n.indexOf("report-") === 0 && n !== SHELF; }).map(function (n) { return caches.delete(n); }));
  }).then(function () { return clients.claim(); }));
});

// shelved is the name under which an answer may be kept; null when it may not.
function shelved(address) {
  const url = new URL(address, location.href), service = url.searchParams.get("service");
  if (url.origin !== location.origin) return null;
  if (url.pathname.indexOf("/static/") === 0 || url.pathname === "/report/map.svg") return url.pathname + url.search;
  return url.pathname === "/report" && service ? "/report?service=" + encodeURIComponent(service) : null;
}

async function keep(address, answer) {
  const name = shelved(address), rule = answer.headers.get("Cache-Control") || "";
  if (!name || answer.status !== 200 || answer.redirected || rule.indexOf("no-store") >= 0) return;
  await (await caches.open(SHELF)).put(name, answer);
}

addEventListener("message", function (e) {
  e.waitUntil(Promise.all((e.data.keep || []).map(function (address) {
    return fetch(address, { cache: "force-cache", credentials: "same-origin" }).then(function (r) { return keep(address, r); }, function () {});
  })));
});

// page asks the network, and takes the kept page when that is slow or away: also
// one that was just being kept anew when it was first looked for.
async function page(e) {
  const name = shelved(e.request.url), shelf = await caches.open(SHELF), kept = await shelf.match(name);
  const fresh = fetch(e.request).then(function (r) {
    e.waitUntil(keep(e.request.url, r.clone()));
    return r;
  });
  if (!kept) return fresh.catch(function (why) { return shelf.match(name).then(function (now) { if (now) return now; throw why; }); });
  const slow = new Promise(function (ok) { setTimeout(function () { ok(kept); }, SLOW); });
  return Promise.race([fresh.catch(function () { return kept; }), slow]);
}

addEventListener("fetch", function (e) {
  const name = e.request.method === "GET" && shelved(e.request.url);
  if (!name) return;
  if (e.request.mode === "navigate" && name.indexOf("/report?") === 0) e.respondWith(page(e));
  else if (e.request.mode !== "navigate") e.respondWith(caches.open(SHELF).then(function (c) { return c.match(name); }).then(function (kept) { return kept || fetch(e.request); }));
});

addEventListener("sync", function (e) { if (e.tag === "outbox") e.waitUntil(outbox.run()); });
