"use strict";
// The map that moves: reports as dots on the government's own boundaries. It
// stands in the place of the drawing, on the page that somebody opened for it.
// Pictures of streets come only from the server that the government names.
(function () {
  var place = document.getElementById("reports-map");
  if (!place || !self.L || !self.fetch) return;
  var root = getComputedStyle(document.documentElement);
  function colour(name) { return root.getPropertyValue(name).trim(); }

  // words is a dot's words with the way to its page, as nodes: nothing that
  // somebody wrote is read as a page.
  function words(spot) {
    var p = document.createElement("p"), a = document.createElement("a"), br = document.createElement("br");
    a.href = spot.href;
    a.textContent = spot.title;
    p.append(a, br, spot.state);
    return p;
  }

  fetch(place.dataset.src, { credentials: "same-origin" }).then(function (answer) {
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }).then(function (data) {
    place.replaceChildren();
    place.classList.add("rp-big");
    var map = L.map(place, { attributionControl: Boolean(data.credit), zoomControl: false, zoomSnap: data.tiles ? 0.5 : 0.1, maxZoom: 18 });
    L.control.zoom({ zoomInTitle: place.dataset.nearer, zoomOutTitle: place.dataset.farther }).addTo(map);
    if (data.credit) map.attributionControl.setPrefix(false);
    map.fitBounds(data.box, { padding: [6, 6] });
    if (data.tiles) L.tileLayer(data.tiles, { maxZoom: 19, attribution: data.credit.replace(/[<>&"]/g, "") }).addTo(map);
    data.lands.forEach(function (rings) {
      L.polygon(rings, { color: colour("--edge"), weight: 1.5, fillColor: colour("--paper"), fillOpacity: data.tiles ? 0 : 1, interactive: false }).addTo(map);
    });
    data.spots.forEach(function (spot) {
      L.circleMarker(spot.at, { radius: 9, weight: 3, color: spot.active ? colour("--paper") : colour("--indigo"),
        fillColor: spot.active ? colour("--indigo") : colour("--paper"), fillOpacity: 1, keyboard: false })
        .bindPopup(words(spot)).addTo(map);
    });
  }).catch(function () { place.dataset.failed = "yes"; }); // the drawing stays
}());
