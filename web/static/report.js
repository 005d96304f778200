"use strict";
// Tells something from this telephone: photos are made small, what was typed is
// put into the outbox and goes out from there, now or when there is signal. Where
// the browser keeps nothing, the form is sent as it stands.
(function () {
  const form = document.getElementById("report"), box = document.getElementById("outbox");
  const able = self.indexedDB && self.fetch && self.AbortController && self.outbox && crypto.getRandomValues && !("plain" in form.dataset);
  const chosen = {}, ENOUGH = 170000;
  let fixing = "", mine = "", sending = 0, paused = 0;
  if (!able) return;

  function make(name, attributes, text) {
    const e = document.createElement(name);
    for (const a of Object.keys(attributes || {})) e.setAttribute(a, attributes[a]);
    if (text) e.textContent = text;
    return e;
  }

  function button(text, act, grave) {
    const b = make("button", { type: "button", class: grave ? "btn grave" : "btn quiet" }, text);
    b.addEventListener("click", act);
    return b;
  }

  // ---- files: chosen one after the other, each smaller than it came

  function draw(picture, side) {
    const f = Math.min(1, side / Math.max(picture.width, picture.height)), c = document.createElement("canvas");
    c.width = Math.round(picture.width * f);
    c.height = Math.round(picture.height * f);
    c.getContext("2d").drawImage(picture, 0, 0, c.width, c.height);
    return c;
  }

  function packed(canvas, quality) { return new Promise(function (ok) { canvas.toBlob(ok, "image/jpeg", quality); }); }

  // smaller makes a photo so that it goes through a thin line: 1600 pixels, and
  // less where that is still much.
  async function smaller(file) {
    if (!/^image\//.test(file.type) || !self.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      let best = null;
      for (const [side, quality] of [[1600, 0.7], [1600, 0.5], [1280, 0.5], [1024, 0.5]]) {
        best = await packed(draw(picture, side), quality);
        if (best && best.size <= ENOUGH) break;
      }
      if (picture.close) picture.close();
      return best && best.size < file.size ? best : file;
    } catch (e) {
      return file; // not a picture that this browser knows: the server looks at it
    }
  }

  async function thumb(li, blob) {
    if (!/^image\//.test(blob.type) || !self.createImageBitmap) return;
    try {
      const c = draw(await createImageBitmap(blob), 128);
      c.setAttribute("aria-hidden", "true");
      li.insertBefore(c, li.firstChild);
    } catch (e) { /* nothing to show */ }
  }

  function size(bytes) { return bytes < 1000000 ? Math.ceil(bytes / 1000) + " kB" : (bytes / 1000000).toFixed(1) + " MB"; }

  function shelf(input) {
    let list = input.parentNode.querySelector("ul.files");
    if (!list) {
      list = make("ul", { class: "files" });
      input.parentNode.insertBefore(list, input);
    }
    return list;
  }

  // add puts a file among those of a question.
  function add(input, file) {
    const list = shelf(input), li = make("li"), words = make("span", { role: "status" }, box.dataset.preparing), entry = { name: file.name || box.dataset.voice, blob: null };
    if (!input.multiple) {
      chosen[input.name] = [];
      list.textContent = "";
    }
    (chosen[input.name] = chosen[input.name] || []).push(entry);
    li.appendChild(words);
    const gone = make("button", { type: "button" }, box.dataset.remove);
    gone.appendChild(make("span", { class: "sr" }, " " + entry.name));
    gone.addEventListener("click", function () {
      chosen[input.name].splice(chosen[input.name].indexOf(entry), 1);
      li.remove();
      input.focus();
    });
    li.appendChild(gone);
    list.appendChild(li);
    entry.ready = smaller(file).then(function (blob) {
      entry.blob = blob;
      words.textContent = entry.name + " " + size(blob.size);
      if (/^audio\//.test(blob.type)) li.insertBefore(player(blob), gone);
      return thumb(li, blob);
    });
  }

  // player lets somebody hear what they said; a page of ours plays no other sound.
  function player(blob) {
    return button(box.dataset.play, async function () {
      const sound = new (self.AudioContext || self.webkitAudioContext)(), source = sound.createBufferSource();
      source.buffer = await sound.decodeAudioData(await blob.arrayBuffer());
      source.connect(sound.destination);
      source.start();
    });
  }

  const LONGEST = 120000;

  // recorder offers to speak, where the browser can record.
  function recorder(input) {
    if (!self.MediaRecorder || !navigator.mediaDevices || !self.isSecureContext) return;
    const said = make("p", { role: "status" });
    let running = null;
    const b = button(box.dataset.record, async function () {
      if (running) return running.stop();
      try {
        const sound = await navigator.mediaDevices.getUserMedia({ audio: true }), parts = [];
        const kind = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"].filter(function (k) { return MediaRecorder.isTypeSupported(k); })[0];
        running = new MediaRecorder(sound, { mimeType: kind, audioBitsPerSecond: 16000 });
        running.ondataavailable = function (e) { parts.push(e.data); };
        const end = setTimeout(function () { running.stop(); }, LONGEST);
        running.onstop = function () {
          clearTimeout(end);
          sound.getTracks().forEach(function (t) { t.stop(); });
          add(input, new File(parts, box.dataset.voice, { type: kind.split(";")[0] }));
          running = null;
          b.textContent = box.dataset.record;
        };
        running.start();
        b.textContent = box.dataset.stop;
        said.textContent = "";
      } catch (e) {
        running = null;
        said.textContent = box.dataset.deaf;
      }
    });
    input.parentNode.insertBefore(b, input);
    input.parentNode.insertBefore(said, input);
  }

  form.querySelectorAll("input[type=file]").forEach(function (input) {
    input.addEventListener("change", function () {
      Array.prototype.forEach.call(input.files, function (f) { add(input, f); });
      input.value = "";
    });
    if (/audio/.test(input.accept)) recorder(input);
  });

  // ---- sending

  async function gather() {
    const fields = [], files = [];
    for (const name of Object.keys(chosen)) for (const entry of chosen[name]) {
      await entry.ready;
      files.push({ field: name, name: entry.name, blob: entry.blob });
    }
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name[0] !== "_" && name !== "key" && name !== "definition") fields.push([name, value]);
    });
    return { fields: fields, files: files };
  }

  form.addEventListener("submit", async function (e) {
    if (e.submitter && /^_/.test(e.submitter.name)) return;
    e.preventDefault();
    const send = form.querySelector("button.btn:not([type=button]):not([name])");
    if (send.disabled) return;
    send.disabled = true;
    try {
      const got = await gather(), had = fixing ? await outbox.get(fixing) : null;
      mine = had ? had.key : outbox.newKey();
      await outbox.put({ key: mine, service: form.dataset.service, definition: form.dataset.definition, at: Date.now(), state: "waiting",
        fields: got.fields, files: got.files });
    } catch (failed) { // no room, or nothing may be kept here
      send.disabled = false;
      return form.submit();
    }
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    await go();
    send.disabled = false;
    await arrived();
  });

  // arrived looks what became of the report that was just written.
  async function arrived() {
    const r = mine && (looked[mine] || await outbox.get(mine));
    if (!r) return;
    if (r.state === "sent") return location.assign(r.receipt);
    if (r.state === "waiting") {
      form.reset();
      form.querySelectorAll("ul.files").forEach(function (l) { l.textContent = ""; });
      Object.keys(chosen).forEach(function (n) { delete chosen[n]; });
      fixing = mine = "";
    } else {
      fixing = r.key;
      mark(r.faults);
    }
    box.scrollIntoView();
    box.querySelector("[role=status]").focus();
  }

  // mark says beside each question what to correct there.
  function mark(faults) {
    form.querySelectorAll("p.err").forEach(function (p) { p.remove(); });
    form.querySelectorAll(".bad").forEach(function (f) { f.classList.remove("bad"); });
    faults.forEach(function (f, n) {
      const at = f.field && document.getElementById(f.field), around = at && at.closest(".fld");
      if (!around) return;
      around.classList.add("bad");
      const words = make("p", { class: "err", id: "fault-" + n }, f.text);
      const head = around.querySelector("legend,label");
      head.parentNode.insertBefore(words, head.nextSibling);
      at.setAttribute("aria-describedby", words.id);
    });
  }

  let tries = 0, timer = 0;

  // go sends what waits, and tries again later when there is no signal.
  async function go() {
    clearTimeout(timer);
    sending++;
    try {
      await outbox.run(function (report, n, bytes) {
        tries = 0; // something went through
        const all = report.files.reduce(function (sum, f) { return sum + f.blob.size; }, 0);
        const before = report.files.slice(0, n).reduce(function (sum, f) { return sum + f.blob.size; }, 0);
        const bar = box.querySelector("[data-key='" + report.key + "'] progress");
        if (bar && all) bar.value = (before + bytes) / all;
      });
      tries = 0;
    } catch (e) {
      tries++;
      timer = setTimeout(go, Math.min(120000, 1500 * Math.pow(1.8, tries)) * (0.7 + Math.random() * 0.6));
      wake();
    } finally {
      sending--;
    }
    await show();
  }

  // wake asks the browser to send when there is signal, also when this page is shut.
  function wake() {
    if (!navigator.serviceWorker || !self.SyncManager) return;
    navigator.serviceWorker.ready.then(function (r) { return r.sync.register("outbox"); }).catch(function () {});
  }

  // ---- what waits, in words

  function wordsOf(r) {
    if (r.state === "sent") return box.dataset.sent;
    if (r.state === "changed") return box.dataset.changed;
    if (r.state === "refused") return box.dataset.refused;
    if (r.later > Date.now()) return box.dataset.later + " " + (r.said || "");
    return navigator.onLine ? box.dataset.sending : box.dataset.waiting.replace("%s", "1");
  }

  function line(r) {
    const li = make("li", { "data-key": r.key, class: r.state }), told = r.fields.map(function (f) { return f[1]; }).sort(function (a, b) { return b.length - a.length; })[0] || "";
    li.appendChild(make("p", { class: "state" }, wordsOf(r)));
    if (told) li.appendChild(make("p", { class: "soft" }, "“" + told.slice(0, 60) + (told.length > 60 ? "…" : "") + "”" + (r.files.length ? " · " + box.dataset.files.replace("%s", r.files.length) : "")));
    if (r.state === "waiting" && r.files.length) li.appendChild(make("progress", { max: "1", value: "0", "aria-label": box.dataset.sending }));
    if (r.state === "sent") went(li, r);
    if (r.state === "changed" || r.state === "refused") faults(li, r);
    const acts = make("div", { class: "btns" });
    if (r.state === "waiting") acts.appendChild(button(box.dataset.now, go));
    if (r.state === "changed" || r.state === "refused") acts.appendChild(button(box.dataset.correct, function () { correct(r); }));
    acts.appendChild(button(r.state === "sent" ? box.dataset.noted : box.dataset.delete, function () {
      delete looked[r.key];
      outbox.remove(r.key);
    }, r.state !== "sent"));
    li.appendChild(acts);
    return li;
  }

  function went(li, r) {
    const facts = make("dl");
    for (const [label, value] of [[box.dataset.code, r.code], [box.dataset.secret, r.secret]]) if (value) {
      facts.appendChild(make("dt", {}, label));
      facts.appendChild(make("dd", { class: "num" }, value));
    }
    li.appendChild(facts);
    li.appendChild(make("p", {}, r.secret ? box.dataset.sentText : box.dataset.sentLate));
    if (r.receipt) li.appendChild(make("p")).appendChild(make("a", { href: r.receipt }, box.dataset.receipt));
  }

  function faults(li, r) {
    const list = make("ul");
    (r.faults.length ? r.faults : [{ text: r.said }]).forEach(function (f) {
      const item = list.appendChild(make("li"));
      if (f.field && document.getElementById(f.field)) item.appendChild(make("a", { href: "#" + f.field }, f.text));
      else item.textContent = f.text;
    });
    li.appendChild(list);
  }

  // correct puts a report back into the form.
  function correct(r) {
    if (r.service !== form.dataset.service) return location.assign("/report?service=" + encodeURIComponent(r.service) + "#outbox");
    if (fixing !== r.key) {
      for (const [name, value] of r.fields) for (const e of form.querySelectorAll("[name='" + CSS.escape(name) + "']")) {
        if (e.type === "radio" || e.type === "checkbox") e.checked = e.value === value;
        else if (e.type !== "file" && e.type !== "hidden") e.value = value;
      }
      form.querySelectorAll("input[type=file]").forEach(function (input) {
        chosen[input.name] = [];
        shelf(input).textContent = "";
        r.files.filter(function (f) { return f.field === input.name; }).forEach(function (f) { add(input, new File([f.blob], f.name, { type: f.blob.type })); });
      });
      fixing = r.key;
      mark(r.faults);
    }
    const first = (r.faults[0] || {}).field, at = first && document.getElementById(first) || form.querySelector("input:not([type=hidden]),textarea");
    at.focus();
    at.scrollIntoView({ block: "center" });
  }

  // What went out is forgotten as soon as somebody looks at it: it stands on this
  // page until it is left, and nowhere else.
  const looked = {};

  async function seen() {
    const all = await outbox.list();
    if (!document.hidden) for (const r of all) if (r.state === "sent" && !looked[r.key]) {
      looked[r.key] = r;
      await outbox.remove(r.key);
    }
    return all.filter(function (r) { return !looked[r.key]; }).concat(Object.keys(looked).map(function (k) { return looked[k]; }));
  }

  async function show() {
    const all = await seen(), waiting = all.filter(function (r) { return r.state === "waiting"; }).length, list = box.querySelector("ul");
    const held = document.activeElement && list.contains(document.activeElement);
    box.hidden = !all.length;
    box.querySelector("[role=status]").textContent = waiting ? box.dataset.waiting.replace("%s", waiting) : "";
    list.textContent = "";
    all.forEach(function (r) { list.appendChild(line(r)); });
    if (held && list.querySelector("button")) list.querySelector("button").focus();
  }

  box.querySelector("[role=status]").tabIndex = -1;
  outbox.heard(function () { clearTimeout(paused); paused = setTimeout(show, 50); });
  addEventListener("online", go);
  document.addEventListener("visibilitychange", function () { if (!document.hidden && !sending) go(); });
  show().then(go);

  if (navigator.serviceWorker && self.isSecureContext) {
    navigator.serviceWorker.register("/report/worker.js", { scope: "/report?" }).then(function () { return navigator.serviceWorker.ready; }).then(function (r) {
      const parts = Array.prototype.map.call(document.querySelectorAll("script[src],#report img"), function (s) { return s.src; });
      r.active.postMessage({ keep: [location.href].concat(parts) });
    }).catch(function () {});
  }
})();
