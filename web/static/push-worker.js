"use strict";
// Shows what a case's browser is told, and leads to the case. It stands behind the
// page of one case, whose address is its scope; it keeps nothing and answers for
// no page.
addEventListener("install", function () { skipWaiting(); });

addEventListener("push", function (e) {
  let m = {};
  try { m = e.data.json(); } catch (failed) { /* there is something new: the code says where */ }
  e.waitUntil(registration.showNotification(m.title || registration.scope.split("/").pop(), { body: m.body || "", tag: m.tag || "", lang: m.lang || "" }));
});

addEventListener("notificationclick", function (e) {
  e.notification.close();
  e.waitUntil(clients.matchAll({ type: "window", includeUncontrolled: true }).then(function (all) {
    const here = all.filter(function (c) { return c.url.split(/[?#]/)[0] === registration.scope; })[0];
    return here ? here.focus() : clients.openWindow(registration.scope);
  }));
});
