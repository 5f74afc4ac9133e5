// The map of the ground: #ground-map with data-data, data-buildings, data-here; tiles are optional.
// Without them the ground is plain and the outlines, labels and the scale bar carry the map.
(function () {
  "use strict";
  var box = document.getElementById("ground-map");
  if (!box || !window.L) return;
  var data = box.dataset, note = document.getElementById("map-note");
  var card = document.getElementById("map-card");
  var places = window.groundCoordinates(data.gcj === "1");
  var map = L.map(box, { attributionControl: Boolean(data.notice), zoomControl: false, minZoom: 5, maxZoom: 20 });
  var LABELS_FROM = 13, BUILDINGS_FROM = 16, LETTER_PX = 13;
  var dots = L.layerGroup().addTo(map), names = L.layerGroup().addTo(map);
  var drawn = {}, chosen = null, asked = 0;

  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (data.tiles) L.tileLayer(data.tiles, { subdomains: data.mirrors, maxZoom: 20, maxNativeZoom: 18 }).addTo(map);
  if (data.notice) {
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(escaped(data.notice));
  }
  map.setView([31.86, 117.28], 12);

  function escaped(text) {
    var span = document.createElement("span");
    span.textContent = text;
    return span.innerHTML;
  }

  function say(text) { note.textContent = text; }

  function shown(geometry) {
    // GeoJSON → Leaflet's nested lists of places
    function walk(part) {
      return typeof part[0] === "number" ? places.shown(part) : part.map(walk);
    }
    return walk(geometry.coordinates);
  }

  function line(tag, text, className) {
    var node = document.createElement(tag);
    node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  function link(href, text, className) {
    var node = line("a", text, className);
    node.href = href;
    return node;
  }

  function open(grid) {
    if (chosen) drawn[chosen].outline.getElement().classList.remove("is-chosen");
    chosen = grid.id;
    var path = drawn[grid.id].outline.getElement();
    path.classList.add("is-chosen");
    path.parentNode.append(path); // on top of its neighbours
    var actions = document.createElement("p");
    actions.className = "map-card-actions";
    actions.append(link(grid.url, "打开网格", "btn btn-primary btn-sm"));
    if (grid.list) actions.append(link(grid.list, "看清单", "btn btn-outline-secondary btn-sm"));
    if (grid.draw) actions.append(link("?edit=" + grid.id, "修改边界", "btn btn-outline-secondary btn-sm"));
    card.replaceChildren(
      line("strong", grid.name, "map-card-name"),
      line("p", grid.community + " · " + grid.kind + " · " + grid.size, "muted"),
      line("p", "党支部：" + grid.branch),
      line("p", data.layer + "：" + grid.text, "shade shade-" + grid.level),
      actions);
    card.hidden = false;
  }

  function label(place, text, className) {
    var icon = L.divIcon({ className: className, html: escaped(text), iconSize: null });
    return L.marker(place, { icon: icon, interactive: false, keyboard: false });
  }

  function showNames() {
    names.clearLayers();
    if (map.getZoom() < LABELS_FROM) return;
    Object.values(drawn).forEach(function (one) {
      var around = one.outline.getBounds();
      var room = map.latLngToLayerPoint(around.getNorthEast()).x - map.latLngToLayerPoint(around.getSouthWest()).x;
      if (room > one.grid.name.length * LETTER_PX && map.getBounds().intersects(around)) {
        names.addLayer(label(one.outline.getBounds().getCenter(), one.grid.name, "map-name"));
      }
    });
  }

  function showBuildings() {
    dots.clearLayers();
    if (map.getZoom() < BUILDINGS_FROM) return;
    var corner = map.getBounds(), ticket = asked += 1;
    var low = places.stored(corner.getSouthWest()), high = places.stored(corner.getNorthEast());
    fetch(data.buildings + "?bbox=" + low.concat(high).join(",")).then(function (answer) {
      return answer.ok ? answer.json() : { buildings: [] };
    }).then(function (answer) {
      if (ticket !== asked) return; // the map moved on meanwhile
      answer.buildings.forEach(function (one) {
        var dot = L.circleMarker(places.shown(one.at), { radius: 5, className: "map-building" });
        dot.on("click", function () { location.href = one.url; });
        dot.bindTooltip(escaped(one.name));
        dots.addLayer(dot);
        if (map.getZoom() >= 18) dots.addLayer(label(places.shown(one.at), one.short, "map-door"));
      });
    }).catch(function () { say("楼栋没有读到，请检查网络后刷新。"); });
  }

  function show(answer) {
    answer.communities.forEach(function (geometry) {
      L.polygon(shown(geometry), { className: "map-community", interactive: false }).addTo(map);
    });
    answer.grids.forEach(function (grid) {
      var kind = "map-grid shade-" + grid.level + (grid.reserved ? " is-reserved" : "");
      var outline = L.polygon(shown(grid.geometry), { className: kind }).addTo(map);
      drawn[grid.id] = { grid: grid, outline: outline };
      outline.on("click", function (event) {
        if (box.dataset.drawing) return;
        L.DomEvent.stopPropagation(event);
        open(grid);
      });
    });
    var all = L.featureGroup(Object.values(drawn).map(function (one) { return one.outline; }));
    var target = data.lon ? L.latLng(places.shown([Number(data.lon), Number(data.lat)])) : null;
    var first = data.focus && drawn[data.focus];
    if (target) {
      map.setView(target, 17);
      L.circleMarker(target, { radius: 9, className: "map-here" }).addTo(map);
    } else if (first) {
      map.fitBounds(first.outline.getBounds(), { maxZoom: 18 });
      if (!data.edit) open(first.grid);
    } else if (answer.grids.length) {
      map.fitBounds(all.getBounds(), { maxZoom: 17 });
    } else {
      say("这些网格还没有画边界。");
    }
    map.on("moveend", function () { showNames(); showBuildings(); });
    showNames();
    showBuildings();
    box.dataset.ready = "1";
    box.dispatchEvent(new CustomEvent("ground:ready", { detail: { map: map, places: places, drawn: drawn, say: say } }));
  }

  function whereAmI() {
    if (!navigator.geolocation) { say("这台设备不能定位。"); return; }
    say("正在定位…");
    navigator.geolocation.getCurrentPosition(function (position) {
      var point = [position.coords.longitude, position.coords.latitude];
      map.setView(places.shown(point), 17);
      L.circleMarker(places.shown(point), { radius: 9, className: "map-here" }).addTo(map);
      fetch(data.here + "?lon=" + point[0] + "&lat=" + point[1]).then(function (answer) {
        return answer.json();
      }).then(function (answer) {
        say(answer.detail || (answer.grid ? "您在“" + answer.grid.name + "”。" : "这里不在您负责的网格里，或还没有画边界。"));
        if (answer.grid && drawn[answer.grid.id]) open(drawn[answer.grid.id].grid);
      });
    }, function () { say("没有取得位置，请允许浏览器定位后再试。"); },
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
  }

  var here = document.getElementById("map-locate");
  if (here) here.addEventListener("click", whereAmI);
  map.on("click", function () { card.hidden = true; });
  fetch(data.data).then(function (answer) {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }).then(show).catch(function () { say("地图没有读到，请刷新。下面的清单可以照常使用。"); });
})();
