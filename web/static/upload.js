"use strict";
// Sends chosen files piece by piece while the page is filled in: photos made
// smaller first, a cut connection costing one piece. Whatever fails here leaves
// the file in its box, and the form sends it whole.
(function () {
  var PIECE = 48 * 1024, SIDE = 1600, pending = 0;

  function token(form) { return form.elements._token.value; }

  function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !self.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (img) {
      var f = Math.min(1, SIDE / Math.max(img.width, img.height));
      if (f === 1 && file.size < 300000) return file;
      var c = document.createElement("canvas");
      c.width = Math.round(img.width * f);
      c.height = Math.round(img.height * f);
      c.getContext("2d").drawImage(img, 0, 0, c.width, c.height);
      return new Promise(function (ok) { c.toBlob(function (b) { ok(b && b.size < file.size ? b : file); }, "image/jpeg", 0.72); });
    }).catch(function () { return file; });
  }

  function ask(method, url, form, headers, body) {
    headers["X-Form-Token"] = token(form);
    return fetch(url, { method: method, headers: headers, body: body, credentials: "same-origin" }).then(function (r) {
      if (r.ok) return r.json();
      var e = new Error("refused");
      e.final = r.status < 500 && r.status !== 409 && r.status !== 429;
      throw e;
    });
  }

  function wait(n) { return new Promise(function (ok) { setTimeout(ok, Math.min(30000, 1000 * Math.pow(2, n)) * (0.5 + Math.random())); }); }

  // send goes on until the file is whole, however often the connection is cut.
  function send(input, blob, name, say) {
    var form = input.form, url = input.dataset.pieces, at = null, tries = 0;
    function step() {
      var job = at === null
        ? ask("POST", url, form, { "Upload-Length": String(blob.size) }, name)
        : ask("PATCH", url + "/" + at.id, form, { "Upload-Offset": String(at.offset) }, blob.slice(at.offset, at.offset + PIECE));
      return job.then(function (state) {
        at = state; tries = 0;
        say(input.dataset.sending, state.offset / blob.size);
        return state.whole ? state : step();
      }, function (e) {
        if (e.final || ++tries > 40) throw e;
        say(input.dataset.waiting);
        return wait(tries).then(function () {
          return at === null ? step() : ask("GET", url + "/" + at.id, form, {}).then(function (state) { at = state; return state.whole ? state : step(); }, step);
        });
      });
    }
    return step();
  }

  function line(input, text) {
    var list = input.parentNode.querySelector(".files");
    if (!list) {
      list = document.createElement("ul");
      list.className = "files";
      input.parentNode.insertBefore(list, input);
    }
    var li = document.createElement("li"), span = document.createElement("span");
    span.setAttribute("role", "status");
    span.textContent = text;
    li.appendChild(span);
    list.appendChild(li);
    return li;
  }

  function take(input, file) {
    var li = line(input, file.name), bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    li.appendChild(bar);
    function say(words, part) {
      li.firstChild.textContent = words.replace("%s", file.name);
      if (part !== undefined) bar.value = part;
    }
    pending++;
    return smaller(file).then(function (blob) { return send(input, blob, file.name, say); }).then(function (state) {
      bar.remove();
      li.firstChild.textContent = state.name + " " + state.size;
    }, function (e) {
      bar.remove();
      li.firstChild.textContent = input.dataset.refused;
      throw e;
    }).finally(function () { pending--; });
  }

  // hold keeps a form back until what is chosen is ready.
  function hold(e) {
    if (!pending) return;
    e.preventDefault();
    var button = e.submitter, form = e.currentTarget;
    (function again() { pending ? setTimeout(again, 300) : (button ? form.requestSubmit(button) : form.submit()); })();
  }

  // A photo straight from the camera, or with a short form, goes with the page, made smaller.
  document.querySelectorAll("input[type=file][capture]:not([data-pieces]), form[data-whole] input[type=file]").forEach(function (input) {
    input.form.addEventListener("submit", hold);
    input.addEventListener("change", function () {
      if (!self.DataTransfer || !input.files.length) return;
      pending++;
      Promise.all(Array.prototype.map.call(input.files, function (file) {
        return smaller(file).then(function (blob) { return blob === file ? file : new File([blob], file.name, { type: "image/jpeg" }); });
      })).then(function (files) {
        var bag = new DataTransfer();
        files.forEach(function (file) { bag.items.add(file); });
        input.files = bag.files;
      }).catch(function () {}).then(function () { pending--; });
    });
  });

  document.querySelectorAll("input[data-pieces]").forEach(function (input) {
    input.addEventListener("change", function () {
      var files = Array.prototype.slice.call(input.files);
      if (!input.multiple) input.parentNode.querySelectorAll(".files li").forEach(function (li) { li.remove(); });
      files.reduce(function (before, file) { return before.then(function () { return take(input, file); }); }, Promise.resolve())
        .then(function () { input.value = ""; }, function () {});
    });
    input.form.addEventListener("submit", hold);
  });
})();
