"use strict";
// The reports that wait on this telephone. They stand in IndexedDB until they went
// out; the page and its worker both send them, one at a time, each under a key that
// was drawn when it was written: however often it is sent, it is one report.
self.outbox = (function () {
  const PIECE = 16 * 1024, PATIENCE = 60000, HOUR = 3600000, DAY = 24 * HOUR;
  const news = self.BroadcastChannel ? new BroadcastChannel("outbox") : null;
  let said = function () {};

  function open() {
    return new Promise(function (ok, no) {
      const r = indexedDB.open("pendopo-outbox", 1);
      r.onupgradeneeded = function () { r.result.createObjectStore("report", { keyPath: "key" }); };
      r.onsuccess = function () { ok(r.result); };
      r.onerror = function () { no(r.error); };
    });
  }

  // inStore does something with the store, and is done when it is on the disk.
  async function inStore(mode, act) {
    const db = await open();
    try {
      return await new Promise(function (ok, no) {
        const t = db.transaction("report", mode), r = act(t.objectStore("report"));
        t.oncomplete = function () { ok(r.result); };
        t.onerror = t.onabort = function () { no(t.error); };
      });
    } finally {
      db.close();
    }
  }

  function tell() {
    if (news) news.postMessage("changed");
    said();
  }

  async function put(report) {
    await inStore("readwrite", function (s) { return s.put(report); });
    tell();
  }

  async function remove(key) {
    await inStore("readwrite", function (s) { return s.delete(key); });
    tell();
  }

  function get(key) { return inStore("readonly", function (s) { return s.get(key); }); }

  // list is every report of this telephone, the oldest first. One that went out is
  // kept until somebody looks, so that its code can be written down: its secret for
  // an hour, for the telephone may be shared, and its code for a day.
  async function list() {
    const all = await inStore("readonly", function (s) { return s.getAll(); }), now = Date.now();
    const over = all.filter(function (r) { return r.state === "sent" && r.at + DAY < now; });
    for (const r of over) await inStore("readwrite", function (s) { return s.delete(r.key); });
    for (const r of all) if (r.state === "sent" && r.secret && r.at + HOUR < now) {
      r.secret = r.receipt = "";
      if (over.indexOf(r) < 0) await inStore("readwrite", function (s) { return s.put(r); });
    }
    return all.filter(function (r) { return over.indexOf(r) < 0; }).sort(function (a, b) { return a.at - b.at; });
  }

  function newKey() {
    const raw = crypto.getRandomValues(new Uint8Array(20));
    return Array.prototype.map.call(raw, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }

  // Refused is an answer that sending again does not change.
  function Refused(status, body) { this.status = status; this.body = body || {}; }

  async function ask(method, url, report, headers, body) {
    headers["Report-Key"] = report.key;
    headers["Report-Service"] = report.service;
    if (report.token) headers["X-Form-Token"] = report.token;
    const stop = new AbortController(), late = setTimeout(function () { stop.abort(); }, PATIENCE);
    try {
      const r = await fetch(url, { method: method, headers: headers, body: body, credentials: "same-origin", signal: stop.signal, cache: "no-store" });
      if (r.ok) return await r.json();
      if (r.status >= 500 || r.status === 408) throw new Error("later");
      let said = {};
      try { said = await r.json(); } catch (e) { /* a page for people */ }
      if (r.status === 429) said.wait = Number(r.headers.get("Retry-After")) || 60;
      throw new Refused(r.status, said);
    } finally {
      clearTimeout(late);
    }
  }

  // upload sends what the server does not have of one file yet.
  async function upload(report, n, progress) {
    const file = report.files[n], url = "/report/files/" + file.field;
    let at = await ask("POST", url, report, { "Report-File": String(n), "Upload-Length": String(file.blob.size) }, file.name);
    while (!at.whole) {
      progress(n, at.offset);
      try {
        at = await ask("PATCH", url + "/" + at.id, report, { "Upload-Offset": String(at.offset) }, file.blob.slice(at.offset, at.offset + PIECE));
      } catch (e) {
        if (!(e instanceof Refused) || e.status !== 409) throw e;
        at = await ask("GET", url + "/" + at.id, report, {}); // another page of ours was faster
      }
    }
    progress(n, file.blob.size);
    return at.id;
  }

  async function send(report, progress) {
    const ready = await ask("GET", "/report/ready?service=" + encodeURIComponent(report.service), report, {});
    report.token = ready.token;
    const body = new URLSearchParams(report.fields);
    body.set("definition", report.definition);
    for (let n = 0; n < report.files.length; n++) body.append(report.files[n].field, await upload(report, n, progress));
    return ask("POST", "/report/send", report, { "Content-Type": "application/x-www-form-urlencoded" }, body.toString());
  }

  // settle sends one report and writes down what became of it. It throws when
  // there is no signal, or the server is away.
  async function settle(report, progress) {
    try {
      const got = await send(report, progress);
      report.state = "sent";
      report.code = got.code;
      report.secret = got.secret;
      report.receipt = got.receipt;
      report.at = Date.now();
      report.files = [];
      report.fields = [];
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      report.said = e.body.text || "";
      report.faults = e.body.errors || [];
      if (e.status === 429) report.later = Date.now() + e.body.wait * 1000;
      else if (e.status === 403 && !report.again) report.again = true; // the browser forgot us in between
      else report.state = e.status === 409 ? "changed" : "refused";
    }
    delete report.token;
    if (!(await get(report.key))) return; // taken back meanwhile
    await put(report);
  }

  async function pass(progress) {
    const tried = {};
    for (;;) {
      const due = (await list()).filter(function (r) {
        return r.state === "waiting" && !(r.later > Date.now()) && (tried[r.key] || 0) < 2;
      });
      if (!due.length) return;
      tried[due[0].key] = (tried[due[0].key] || 0) + 1;
      await settle(due[0], function (n, bytes) { progress(due[0], n, bytes); });
    }
  }

  // run sends what waits. Only one page or worker does it at a time; where the
  // browser cannot promise that, the keys still do.
  function run(progress) {
    const work = function () { return pass(progress || function () {}); };
    return navigator.locks ? navigator.locks.request("outbox", work) : work();
  }

  return {
    put: put, remove: remove, get: get, list: list, run: run, newKey: newKey,
    heard: function (fn) {
      said = fn;
      if (news) news.onmessage = fn;
    },
  };
})();
