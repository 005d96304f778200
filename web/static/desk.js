"use strict";
// The keyboard of the desk. Every page works without this; with it a clerk
// types a matter in without lifting a hand to the mouse.
(function () {
  var QUIET = 300; // ms after a box went on by itself in which an Enter is let pass
  var PATIENCE = 3000; // ms that the keys of an officer wait for the server at most

  function all(what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); }
  function seen(e) { return !e.disabled && e.type !== "hidden" && e.getClientRects().length > 0; }
  function writes(e) { return e && (e.tagName === "TEXTAREA" || e.tagName === "SELECT" || e.tagName === "INPUT" && !/^(radio|checkbox|button|submit|file)$/.test(e.type)); }

  // ---- Typing a matter in.

  // stops are where Enter leads: every box, and of a list of choices the chosen one.
  function stops(form) {
    var had = {};
    return all("input,select,textarea,summary,button[data-add]", form).filter(function (e) {
      if (e.tagName === "SUMMARY") return !e.parentNode.open && seen(e) && e.closest(".groups");
      if (!seen(e) || e.tagName === "BUTTON" && !e.hasAttribute("data-add")) return false;
      if (e.type !== "radio") return true;
      if (had[e.name]) return false;
      had[e.name] = true;
      return true;
    });
  }

  function place(e, list) {
    return list.findIndex(function (s) { return s === e || e.type === "radio" && s.name === e.name && s.type === "radio"; });
  }

  function enter(e) {
    var chosen = e.type === "radio" && e.form.querySelector("input[type=radio][name='" + CSS.escape(e.name) + "']:checked");
    (chosen || e).focus();
    if (e.select && writes(e)) e.select();
    (chosen || e).scrollIntoView({ block: "nearest" });
  }

  function next(form, from, back) {
    var list = stops(form);
    return list[place(from, list) + (back ? -1 : 1)];
  }

  // unsure says whether a question between two boxes, or around the second, may
  // come or go with the answers.
  function unsure(form, from, to) {
    return all("[data-maybe]", form).some(function (c) {
      return !c.contains(from) && from.compareDocumentPosition(c) & 4 && !(to && to.compareDocumentPosition(c) & 4);
    });
  }

  function send(form) { return form.querySelector(".acts button"); }

  // scanned looks at what stands in a box when Enter ends it, as after a scanner.
  // The code of a case, printed or in an address, opens that case; a NIK in a box
  // for something else goes to the box for it. By its shape and not by its speed:
  // a slow machine makes every scanner a person.
  function scanned(form, box, go) {
    var code = box.value.match(/(?:https?:\/\/\S+\/)?([0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z*~$=])$/i), nik = box.value.match(/(?:^|\D)(\d{16})$/);
    if (code) {
      box.value = box.value.slice(0, -code[0].length);
      var to = "/desk/find?q=" + encodeURIComponent(code[1]);
      if (begun(form)) window.open(to, "_blank", "noopener");
      else location.assign(to);
      return true;
    }
    var free = all("input[data-nik]", form).filter(function (b) { return seen(b) && !b.value; })[0];
    if (!nik || box.hasAttribute("data-nik") || !free) return false;
    box.value = box.value.slice(0, -16);
    free.value = nik[1];
    go(free);
    return true;
  }

  // begun says whether anything was typed into a form.
  function begun(form) {
    return all("input,textarea", form).some(function (e) { return writes(e) ? e.value !== e.defaultValue : e.checked !== e.defaultChecked; });
  }

  function typing(form) {
    var advanced = -QUIET; // when a box last went on by itself; times begin with the page
    var held, now = 0;     // keys that wait; when the one was pressed that is done again
    var asking = asks(form);
    form.classList.add("keys");
    all(".keys-line", form).forEach(function (e) { e.hidden = false; });
    all("[data-f] input[inputmode=numeric][maxlength='24']", form).forEach(function (e) { e.dataset.nik = ""; });

    // go leads on from a box. Where the answers so far leave open what comes next,
    // it waits for the server's word, and what is typed meanwhile waits with it.
    function go(from, back) {
      var to = next(form, from, back);
      if (!back && asking.open() && unsure(form, from, to)) hold(function () { go(from); });
      else if (to) enter(to);
      else send(form).focus();
    }

    function hold(then) {
      held = [];
      form.setAttribute("aria-busy", "true");
      asking.then(function () {
        var keys = held;
        held = null;
        form.removeAttribute("aria-busy");
        then();
        keys.forEach(function (k) {
          if (held) held.push(k);
          else if (form.contains(document.activeElement)) repeat(document.activeElement, k);
        });
      });
    }

    // repeat does what the browser would have done with a key.
    function repeat(t, k) {
      now = k.timeStamp;
      if (k.key === "Tab") go(t, k.shiftKey);
      else if (k.text) put(t, k.text);
      else if (press(t, k)) return;
      else if (k.key.length === 1) put(t, k.key);
      else if (k.key === "Backspace") document.execCommand("delete");
      else if (k.key === "Enter") t.click();
      now = 0;
    }

    function put(t, text) {
      if (t.tagName === "SELECT") {
        var found = all("option", t).filter(function (o) { return o.text.toLowerCase().indexOf(text.toLowerCase()) === 0; })[0];
        if (found) { t.value = found.value; t.dispatchEvent(new Event("change", { bubbles: true })); }
      } else if (writes(t)) document.execCommand("insertText", false, text);
      else if (text === " ") t.click();
    }

    // press does what a key means here, and says whether it means anything.
    function press(t, k) {
      if (k.key === "F9" || k.key === "Enter" && k.ctrlKey) {
        form.requestSubmit(send(form));
        return true;
      }
      if (k.ctrlKey || k.altKey || k.metaKey) return false;
      if (k.key === "F4") {
        var group = t.closest(".grp") || form, add = group.querySelector("button[data-add]");
        if (add) form.requestSubmit(add);
        return true;
      }
      if (k.key === "Enter" && t.tagName !== "BUTTON" && t.tagName !== "SUMMARY" && !(t.tagName === "TEXTAREA" && k.shiftKey)) {
        if (t.tagName === "INPUT" && writes(t) && scanned(form, t, go)) return true;
        if (k.timeStamp - advanced < QUIET) advanced = -QUIET;
        else go(t, k.shiftKey);
        return true;
      }
      advanced = -QUIET;
      if (!/^[0-9]$/.test(k.key) || t.type !== "radio" && t.type !== "checkbox") return false;
      var o = all("input[type=" + t.type + "][name='" + CSS.escape(t.name) + "']", form).filter(seen)[Number(k.key) - 1];
      if (!o) return true;
      o.checked = t.type === "radio" || !o.checked;
      o.dispatchEvent(new Event("change", { bubbles: true }));
      var file = o.value === "kept" && o.closest("fieldset").querySelector("input[type=file]");
      if (file) file.focus();
      else go(o);
      return true;
    }

    form.addEventListener("keydown", function (e) {
      if (!held) {
        if (press(e.target, e)) e.preventDefault();
        return;
      }
      if (e.isComposing || e.altKey || e.metaKey || e.ctrlKey && e.key !== "Enter") return;
      e.preventDefault();
      held.push({ key: e.key, ctrlKey: e.ctrlKey, shiftKey: e.shiftKey, timeStamp: e.timeStamp });
    }, true);

    form.addEventListener("beforeinput", function (e) {
      if (!held || !e.data || !e.cancelable) return;
      e.preventDefault();
      held.push({ text: e.data, timeStamp: e.timeStamp });
    });

    form.addEventListener("input", function (e) {
      var t = e.target, m = t.id && t.id.match(/-(day|month|year)$/);
      if (!m || !t.closest(".date") || !/^\d+$/.test(t.value)) return;
      if (t.value.length === (m[1] === "year" ? 4 : 2)) {
        advanced = now || e.timeStamp;
        go(t);
      }
    });
    all(".groups > details", form).forEach(function (d) { d.open = true; });
    var wrong = form.querySelector(".bad input:not([type=hidden]),.bad select,.bad textarea");
    var again = form.dataset.focus && document.getElementById(form.dataset.focus);
    again = again && all("input,select,textarea", again).filter(seen)[0];
    var first = again || wrong || stops(form).filter(function (e) { return e.closest(".groups"); })[0];
    if (first && !form.contains(document.activeElement)) enter(first); // who has begun to type goes on
  }

  // asks keeps out of sight what is not asked by the answers so far. The server says.
  function asks(form) {
    var decides = (form.dataset.decides || "").split(" "), wait, turn = 0, open = false, after;
    function show(off) {
      all("[data-f]", form).forEach(function (c) { c.hidden = off(c); });
      all(".groups > *", form).forEach(function (g) { g.hidden = !all("[data-f]", g).some(function (c) { return !c.hidden; }); });
    }
    show(function (c) { return c.hasAttribute("data-off"); });
    function everything() { return false; }
    function said(off) {
      var then = after;
      show(off);
      open = false;
      after = null;
      if (then) then();
    }
    function ask() {
      clearTimeout(wait);
      wait = 0;
      var mine = ++turn, typed = new URLSearchParams();
      new FormData(form).forEach(function (v, k) { if (typeof v === "string" && k !== "draft") typed.append(k, v); });
      fetch(form.dataset.asked, { method: "POST", body: typed, credentials: "same-origin" }).then(function (r) {
        if (!r.ok || r.redirected) throw new Error("not said");
        return r.json();
      }).then(function (answer) {
        if (mine === turn) said(function (c) { return answer.off.indexOf(c.dataset.f) >= 0; });
      }, function () {
        if (mine === turn) said(everything);
      });
    }
    form.addEventListener("change", changed);
    form.addEventListener("input", changed);
    function changed(e) {
      var name = (e.target.name || "").replace(/-(day|month|year)$/, "").replace(/^.*\./, "");
      if (!form.dataset.decides || decides.indexOf(name) < 0) return;
      open = true;
      clearTimeout(wait);
      wait = setTimeout(ask, e.type === "change" ? 0 : 150);
    }
    return {
      open: function () { return open; },
      // then calls back once it is known what is asked: everything, where that takes too long.
      then: function (f) {
        after = f;
        if (wait) ask();
        setTimeout(function () { if (after === f) said(everything); }, PATIENCE);
      }
    };
  }

  all("form[data-asked]").forEach(typing);

  // ---- The slip.

  all("[data-print]").forEach(function (b) {
    b.hidden = false;
    b.addEventListener("click", function () { print(); });
    document.addEventListener("keydown", function (e) { if (e.key === "F9") { e.preventDefault(); print(); } });
  });

  // ---- A checklist: 1 says that the next line is in order, 2 that it is not, 0 takes the last back.

  all("form .chk").forEach(function (list) {
    var done = [], help = document.querySelector("[data-check-keys]");
    if (help) help.hidden = false;
    list.tabIndex = 0;
    function open() { return all("fieldset", list).filter(function (f) { return !f.querySelector("input[type=radio]:checked"); })[0]; }
    function mark() { all("li", list).forEach(function (li) { li.classList.toggle("next", li.contains(open() || null)); }); }
    function judge(good) {
      var line = open();
      if (!line) return;
      var box = line.querySelector(good ? "[value=ok]" : "[value=no]");
      box.checked = true;
      done.push(line);
      mark();
      if (!good) { line.querySelector(".why input").focus(); return; }
      var next = open();
      (next || list.closest("form").querySelector(".acts button")).scrollIntoView({ block: "nearest" });
      if (!next) list.closest("form").querySelector(".acts button").focus();
    }
    document.addEventListener("keydown", function (e) {
      var t = e.target, here = list.contains(t) || t === list || t === document.body;
      if (e.ctrlKey || e.altKey || e.metaKey || writes(t) && !(t.closest(".why") && e.key === "Enter")) return;
      if (t.closest && t.closest(".why") && e.key === "Enter") { e.preventDefault(); list.focus(); return; }
      if (!here && !(t.tagName === "BUTTON" && e.key === "0")) return;
      if (e.key === "1" || e.key === "2") { e.preventDefault(); judge(e.key === "1"); }
      if (e.key === "0" && done.length) {
        e.preventDefault();
        all("input[type=radio]", done.pop()).forEach(function (r) { r.checked = false; });
        mark();
        list.focus();
      }
    });
    list.addEventListener("change", mark);
    mark();
    list.focus({ preventScroll: true });
  });

  // ---- Values to type into another system: c, then the number of the line.

  all("[data-sheet]").forEach(function (sheet) {
    var waiting = false, typed = "", timer, say = sheet.querySelector("[role=status]");
    var rows = all("[data-copy]", sheet);
    function copy(row) {
      var value = document.getElementById(row.dataset.copy);
      function told() { say.textContent = row.dataset.done; rows.forEach(function (r) { r.classList.toggle("did", r === row || r.classList.contains("did")); }); }
      function pick() { var range = document.createRange(); range.selectNodeContents(value); getSelection().removeAllRanges(); getSelection().addRange(range); }
      if (navigator.clipboard) navigator.clipboard.writeText(value.textContent).then(told, pick);
      else pick();
      row.focus();
    }
    rows.forEach(function (row) { row.hidden = false; row.addEventListener("click", function () { copy(row); }); });
    all("[data-sheet-keys]", sheet).forEach(function (e) { e.hidden = false; });
    function end() { clearTimeout(timer); var row = rows[Number(typed) - 1]; waiting = false; typed = ""; if (row) copy(row); }
    document.addEventListener("keydown", function (e) {
      if (e.ctrlKey || e.altKey || e.metaKey || writes(e.target)) return;
      if (e.key === "c" || e.key === "C") { waiting = true; typed = ""; return; }
      if (!waiting || !/^[0-9]$/.test(e.key)) { waiting = false; return; }
      e.preventDefault();
      typed += e.key;
      clearTimeout(timer);
      if (Number(typed) * 10 > rows.length) end();
      else timer = setTimeout(end, 700);
    });
  });

  // ---- Locking: the page is taken away, and comes back as it was.

  var lock = document.querySelector("form[data-lock]"), screen = document.getElementById("lock-screen");
  if (lock && screen) locking();

  function locking() {
    var idle = Number(lock.dataset.lock) * 1000, since = Date.now(), locked = false, stash, title;
    function post(form) {
      return fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", headers: { Accept: "application/json" } });
    }
    function now() {
      if (locked) return;
      locked = true;
      post(lock).catch(function () {});
      stash = document.createDocumentFragment();
      while (document.body.firstChild) stash.appendChild(document.body.firstChild);
      title = document.title;
      document.title = screen.dataset.title;
      document.body.appendChild(screen.content.cloneNode(true));
      all("[data-main]").forEach(function (e) { e.setAttribute("role", "main"); });
      all("[data-heading]").forEach(function (e) { e.setAttribute("role", "heading"); e.setAttribute("aria-level", "1"); });
      var form = document.querySelector("form[data-unlock]"), said = form.querySelector("[role=alert]");
      form.querySelector("input[type=password]").focus();
      form.addEventListener("submit", function (e) {
        e.preventDefault();
        post(form).then(function (r) {
          if (r.status === 204) { back(); return; }
          if (r.redirected || r.status === 303) { location.assign("/desk/login"); return; }
          return r.json().then(function (p) { said.textContent = p.detail; form.reset(); form.querySelector("input[type=password]").focus(); });
        }).catch(function () { said.textContent = form.dataset.trouble; });
      });
    }
    function back() {
      document.body.replaceChildren(stash);
      document.title = title;
      locked = false;
      since = Date.now();
    }
    document.addEventListener("keydown", function (e) {
      if (e.altKey && !e.ctrlKey && (e.key === "l" || e.key === "L")) { e.preventDefault(); now(); }
    });
    lock.addEventListener("submit", function (e) { e.preventDefault(); now(); });
    ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"].forEach(function (what) {
      document.addEventListener(what, function () { since = Date.now(); }, { passive: true, capture: true });
    });
    setInterval(function () { if (idle && Date.now() - since > idle) now(); }, 2000);
  }
})();
