"use strict";
// A point on the ground: from the device when its button is pressed, or from a
// tap on the map. Nothing is asked of the device before.
(function () {
  function round(degree) { return String(Math.round(degree * 1e5) / 1e5); }

  document.querySelectorAll("[data-place]").forEach(function (part) {
    var box = document.getElementById(part.dataset.place), said = part.querySelector("[role=status]");
    var button = part.querySelector("[data-locate]"), map = part.querySelector(".place-map");
    if (!box || !navigator.geolocation && !map) return;
    part.hidden = false;
    if (!navigator.geolocation || !self.isSecureContext) button.hidden = true;

    function put(north, east, words) {
      box.value = round(north) + "," + round(east);
      box.dispatchEvent(new Event("change", { bubbles: true }));
      said.textContent = words + " " + box.value;
      if (map) mark(north, east);
    }

    button.addEventListener("click", function () {
      said.textContent = part.dataset.asking;
      navigator.geolocation.getCurrentPosition(function (at) {
        var metres = Math.max(1, Math.round(at.coords.accuracy));
        put(at.coords.latitude, at.coords.longitude, (metres > 200 ? part.dataset.rough : part.dataset.taken).replace("%s", String(metres)));
      }, function () { said.textContent = part.dataset.refused; }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
    });

    function edges() {
      return { west: Number(map.dataset.west), south: Number(map.dataset.south), east: Number(map.dataset.east), north: Number(map.dataset.north) };
    }

    function mark(north, east) {
      var e = edges(), dot = map.querySelector("i") || map.appendChild(document.createElement("i"));
      dot.hidden = north < e.south || north > e.north || east < e.west || east > e.east;
      dot.style.left = 100 * (east - e.west) / (e.east - e.west) + "%";
      dot.style.top = 100 * (e.north - north) / (e.north - e.south) + "%";
    }

    if (!map) return;
    var had = box.value.split(",").map(Number);
    if (had.length === 2 && box.value && !had.some(isNaN)) mark(had[0], had[1]);
    map.addEventListener("click", function (event) {
      var r = map.querySelector("img").getBoundingClientRect(), e = edges();
      var x = Math.min(1, Math.max(0, (event.clientX - r.left) / r.width)), y = Math.min(1, Math.max(0, (event.clientY - r.top) / r.height));
      put(e.north - y * (e.north - e.south), e.west + x * (e.east - e.west), part.dataset.tapped);
    });
  });
})();
