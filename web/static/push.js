"use strict";
// Lets this browser be told how a case goes on, and ends that. The part of the
// page for it stays hidden where the browser cannot: no worker, no notifications,
// no secure line. Each case has a worker and a subscription of its own.
(function () {
  if (!navigator.serviceWorker || !self.PushManager || !self.Notification || !self.isSecureContext || !self.fetch) return;
  const PATIENCE = 60000; // a push service that cannot be reached is waited for without end
  let state = "", busy = false; // "" not known yet, off, on, denied

  function part() { return document.getElementById("push"); }

  // show puts the present state into words; said is what became of a press.
  function show(said) {
    const p = part();
    if (!p) return;
    const button = p.querySelector("button"), all = document.getElementById("push-all");
    p.hidden = !state || state !== "on" && !p.dataset.key;
    p.querySelector("[data-say]").textContent = p.dataset[state] || "";
    button.hidden = state === "denied";
    button.disabled = busy;
    button.textContent = state === "on" ? p.dataset.stop : p.dataset.ask;
    if (said !== undefined) p.querySelector("[role=status]").textContent = said;
    if (all) all.hidden = p.dataset.known.split(" ").length === 1 && p.dataset.known === p.dataset.mine;
  }

  function enrolled() {
    return navigator.serviceWorker.getRegistration(part().dataset.scope).then(function (r) {
      return r ? r.pushManager.getSubscription().then(function (s) { return { worker: r, subscription: s }; }) : {};
    });
  }

  function text(bytes) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function ofKey(subscription, key) {
    const own = subscription.options && subscription.options.applicationServerKey;
    return !own || text(own) === key;
  }

  // look finds out whether this browser is told. What it has and the server has
  // not, such as after an end for all browsers, it gives back.
  async function look() {
    const p = part();
    if (!p || busy) return;
    const have = await enrolled(), s = have.subscription;
    const mark = s ? text(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(s.endpoint))) : "";
    if (busy) return;
    const known = mark && p.dataset.known.split(" ").indexOf(mark) >= 0;
    if (s && !known) await leave(have);
    p.dataset.mine = known ? mark : "";
    state = known && ofKey(s, p.dataset.key) ? "on" : Notification.permission === "denied" ? "denied" : "off";
    show();
  }

  function send(path, name, value) {
    const body = new URLSearchParams([["_token", part().querySelector("[name=_token]").value], [name, value]]);
    return fetch(path, { method: "POST", body: body, credentials: "same-origin" });
  }

  async function leave(have) {
    if (have.subscription) await have.subscription.unsubscribe();
    if (have.worker) await have.worker.unregister();
  }

  async function subscribe(p) {
    await navigator.serviceWorker.register(p.dataset.worker, { scope: p.dataset.scope });
    const worker = await navigator.serviceWorker.ready;
    let s = await worker.pushManager.getSubscription();
    if (s && !ofKey(s, p.dataset.key)) {
      await s.unsubscribe();
      s = null;
    }
    const raw = Uint8Array.from(atob(p.dataset.key.replace(/-/g, "+").replace(/_/g, "/")), function (c) { return c.charCodeAt(0); });
    const late = new Promise(function (ok, no) { setTimeout(no, PATIENCE, new Error("late")); });
    return s || Promise.race([worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: raw }), late]);
  }

  // begin asks for permission, subscribes, and tells the server; whatever fails,
  // nothing is left half-done.
  async function begin(p) {
    const may = await Notification.requestPermission();
    if (may !== "granted") {
      state = may === "denied" ? "denied" : "off";
      return "";
    }
    try {
      const s = await subscribe(p), answer = await send(p.dataset.path, "subscription", JSON.stringify(s));
      if (answer.ok) {
        state = "on";
        return p.dataset.begun;
      }
      const why = /json/.test(answer.headers.get("Content-Type")) ? (await answer.json()).text : p.dataset.failed;
      await leave(await enrolled());
      return why;
    } catch (failed) {
      await leave(await enrolled()).catch(function () {});
      return p.dataset.failed;
    }
  }

  async function end(p) {
    const have = await enrolled(), s = have.subscription;
    await leave(have); // from here on its push service says that it is gone
    state = "off";
    if (s) await send(p.dataset.path + "/off", "endpoint", s.endpoint).catch(function () {});
    return p.dataset.ended;
  }

  async function press(e) {
    const p = part();
    if (!p || !e.target.closest || !e.target.closest("#push")) return;
    e.preventDefault();
    if (busy) return;
    busy = true;
    show(p.dataset.busy);
    const said = await (state === "on" ? end : begin)(p).catch(function () { return p.dataset.failed; });
    busy = false;
    show(said);
  }

  document.addEventListener("submit", press);
  document.addEventListener("live", function () { show(); look().catch(function () {}); });
  look().catch(function () {});
})();
