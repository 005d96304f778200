"use strict";
// Keeps the page of a case up to date: a stream says that there is something
// new, the page is fetched again and its living part put in the place of the
// old one. Where streams do not come through it looks every minute instead.
(function () {
  var live = document.getElementById("live"), said = document.getElementById("live-said");
  if (!live || !said || !self.fetch || !self.DOMParser) return;
  var shown = live.dataset.version, busy = false, look = 0;

  function open(part) {
    return [].filter.call(part.querySelectorAll("details"), function (d) { return d.open; })
      .map(function (d) { return d.firstElementChild.textContent; });
  }

  function put(next) {
    var had = document.activeElement, key = live.contains(had) && (had.id ? "#" + CSS.escape(had.id) : had.href && 'a[href="' + CSS.escape(had.getAttribute("href")) + '"]');
    var folds = open(live);
    [].forEach.call(next.querySelectorAll("details"), function (d) {
      if (folds.indexOf(d.firstElementChild.textContent) >= 0) d.open = true;
    });
    live.replaceWith(next);
    live = next;
    shown = live.dataset.version;
    said.textContent = said.dataset.text;
    document.dispatchEvent(new Event("live")); // whoever has put something into the old part
    var again = key && live.querySelector(key);
    if (again) again.focus({ preventScroll: true });
  }

  function refresh() {
    if (busy) return;
    busy = true;
    fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } }).then(function (r) {
      if (!r.ok) throw new Error(r.status);
      return r.text();
    }).then(function (text) {
      var doc = new DOMParser().parseFromString(text, "text/html"), next = doc.getElementById("live");
      if (!next) return location.reload();
      if (next.dataset.version === shown) return;
      var style = document.querySelector("style"), other = doc.querySelector("style");
      if (style && other && style.textContent !== other.textContent) return location.reload(); // it needs what this page lacks
      put(document.adoptNode(next));
    }).catch(function () {}).then(function () { busy = false; });
  }

  function often() { if (!look) look = setInterval(refresh, 60000); }

  if (!self.EventSource) return often();
  var source = new EventSource(live.dataset.stream + "?seen=" + shown);
  source.onmessage = function (e) { if (String(JSON.parse(e.data).version) !== shown) refresh(); };
  source.onerror = function () { if (source.readyState === 2) often(); };
  addEventListener("pagehide", function () { source.close(); });
  addEventListener("pageshow", function (e) { if (e.persisted) location.reload(); });
})();
