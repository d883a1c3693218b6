/* The map over the drawing: our own shapes and points on a plain ground, no tiles. */
(function () {
  "use strict";
  var box = document.getElementById("map");
  if (!box || !window.L) return;
  var still = box.querySelector("img");

  function text(tag, words) { var e = document.createElement(tag); e.textContent = words; return e; }
  function popup(p) {
    var e = document.createElement("div"), a = text("a", p.name);
    a.href = p.href;
    e.appendChild(a); e.appendChild(document.createElement("br")); e.appendChild(text("span", p.rand));
    return e;
  }
  function json(address) {
    return fetch(address, { credentials: "same-origin" }).then(function (r) {
      if (!r.ok) throw new Error(address + ": " + r.status);
      return r.json();
    });
  }

  Promise.all([
    json(box.dataset.areas), json(box.dataset.points), box.dataset.outline ? json(box.dataset.outline) : null
  ]).then(function (got) {
    if (still) still.remove();
    var map = L.map(box, { attributionControl: false, zoomSnap: 0.25, minZoom: 4, maxZoom: 16 });
    if (got[2]) L.geoJSON(got[2], { interactive: false, style: { className: "outline", weight: 1.5, fill: false } }).addTo(map);
    var areas = L.geoJSON(got[0], {
      style: function (f) { return { className: "area " + (f.properties.shade < 0 ? "cx" : "c" + f.properties.shade), fillOpacity: 0.92, weight: 1 }; },
      onEachFeature: function (f, layer) { layer.bindPopup(popup(f.properties)); layer.bindTooltip(f.properties.name + ": " + f.properties.rand, { sticky: true }); }
    }).addTo(map);
    var colours = { national: "b-national", provincial: "b-provincial", local: "b-local", entity: "b-entity" };
    var points = L.layerGroup(got[1].points.map(function (p) {
      return L.circleMarker(p.at, { radius: Math.min(4 + Math.sqrt(p.n) * 1.2, 18), className: "place " + (colours[p.sphere] || "b-unknown"), weight: 1 }).bindPopup(popup(p));
    })).addTo(map);
    L.control.layers(null, { "Areas": areas, "Located projects": points }, { collapsed: false }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    var bounds = areas.getBounds();
    if (!bounds.isValid()) bounds = L.latLngBounds(got[1].points.map(function (p) { return p.at; }));
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12] }); else map.setView([-29, 25], 5);
  }).catch(function (error) {
    box.insertAdjacentElement("afterend", text("p", "The map could not be drawn (" + error.message + "); the drawing and the table hold the same."));
  });
})();
