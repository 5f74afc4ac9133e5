// Drawing one grid's outline on the map: tap to add a corner, drag to move, select and delete, undo.
// Corners snap to neighbours' corners. Saving names the version it began from; an overlap asks first.
// #map-draw: data-grid, data-version, data-save; buttons [data-draw=undo|delete|clear|save].
(function () {
  "use strict";
  var panel = document.getElementById("map-draw"), box = document.getElementById("ground-map");
  if (!panel || !box) return;
  var SNAP_PX = 14, MOST_UNDO = 100;
  var token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  var status = panel.querySelector("[role=status]");

  function tell(text, level) {
    status.textContent = text;
    status.className = "map-draw-status" + (level ? " is-" + level : "");
  }

  function post(url, body) {
    return fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (said) {
        return { ok: answer.ok, code: said.code, detail: said.detail, said: said };
      });
    });
  }

  function start(ground) {
    var map = ground.map, places = ground.places;
    var mine = ground.drawn[panel.dataset.grid];
    var ring = [], others = [], kept = null, past = [], selected = -1, placing = null;
    var version = Number(panel.dataset.version), dirty = false;
    var layer = L.layerGroup().addTo(map), shape = L.polygon([], { className: "map-drawing", interactive: false }).addTo(map);
    box.dataset.drawing = "1";

    Object.values(ground.drawn).forEach(function (one) {
      if (one === mine) return;
      (function corners(part) {
        if (typeof part[0] === "number") others.push(places.shown(part));
        else part.forEach(corners);
      })(one.grid.geometry.coordinates);
    });
    if (mine) {
      map.removeLayer(mine.outline);
      if (mine.grid.geometry.type === "Polygon") {
        ring = open(mine.grid.geometry.coordinates[0]);
        kept = mine.grid.geometry.coordinates.slice(1); // holes stay as they are
      } else {
        tell("这个网格由几块组成，不能在这里修改，请用文件导入。", "red");
        panel.querySelectorAll("[data-draw]").forEach(function (button) { button.disabled = true; });
        return;
      }
    }

    function open(points) { return points.slice(0, -1).map(places.shown); }

    function snapped(place) {
      var at = map.latLngToContainerPoint(place), best = null, least = SNAP_PX;
      others.forEach(function (corner) {
        var far = at.distanceTo(map.latLngToContainerPoint(corner));
        if (far < least) { least = far; best = corner; }
      });
      return best ? L.latLng(best) : place;
    }

    function remember() {
      past.push(ring.map(function (place) { return L.latLng(place); }));
      if (past.length > MOST_UNDO) past.shift();
      dirty = true;
    }

    function handle(place, className, title, size) {
      var icon = L.divIcon({ className: className, iconSize: [size, size] });
      return L.marker(place, { icon: icon, draggable: true, title: title, alt: title, autoPan: true });
    }

    function addCorner(index) {
      var corner = handle(ring[index], "map-corner" + (index === selected ? " is-selected" : ""), "第 " + (index + 1) + " 点", 22);
      corner.on("dragstart", remember);
      corner.on("drag", function () { ring[index] = corner.getLatLng(); shape.setLatLngs(ring); });
      corner.on("dragend", function () { ring[index] = snapped(corner.getLatLng()); selected = index; draw(); });
      corner.on("click", function (event) {
        L.DomEvent.stopPropagation(event);
        selected = index;
        draw();
      });
      layer.addLayer(corner);
    }

    function addMiddle(index) {
      var next = ring[(index + 1) % ring.length];
      var place = L.latLng((ring[index].lat + next.lat) / 2, (ring[index].lng + next.lng) / 2);
      var middle = handle(place, "map-middle", "拖动加一个点", 16);
      middle.on("dragstart", remember);
      middle.on("dragend", function () {
        ring.splice(index + 1, 0, snapped(middle.getLatLng()));
        selected = index + 1;
        draw();
      });
      layer.addLayer(middle);
    }

    function draw() {
      layer.clearLayers();
      shape.setLatLngs(ring);
      ring.forEach(function (_, index) { addCorner(index); });
      if (ring.length > 2) ring.forEach(function (_, index) { addMiddle(index); });
      panel.querySelector("[data-draw=undo]").disabled = !past.length;
      panel.querySelector("[data-draw=delete]").disabled = selected < 0;
      panel.querySelector("[data-draw=save]").disabled = ring.length < 3;
      panel.dataset.corners = String(ring.length);
      tell(ring.length < 3 ? "在地图上依次点出边界的各个角，至少 3 个。"
        : ring.length + " 个点。拖动可移动，拖动空心点可加点。", "");
    }

    function save(accept) {
      var points = ring.map(places.stored);
      points.push(points[0]);
      tell("正在保存…");
      post(panel.dataset.save, {
        geometry: { type: "Polygon", coordinates: [points].concat(kept || []) },
        version: version, accept_overlap: accept,
      }).then(function (answer) {
        if (answer.ok) {
          dirty = false;
          version = answer.said.version;
          panel.dataset.version = String(version);
          tell("已保存。", "green");
          return;
        }
        if (answer.code === "overlap") askOverlap(answer.detail);
        else tell(answer.detail || "没有保存，请检查网络后再试。图形还在。", "red");
      }).catch(function () { tell("没有保存，请检查网络后再试。图形还在。", "red"); });
    }

    function askOverlap(detail) {
      tell(detail + "请改好边界再保存；确实如此的，点“仍然保存”。", "yellow");
      var yes = document.createElement("button");
      yes.type = "button";
      yes.className = "btn btn-outline-danger btn-sm ms-2";
      yes.textContent = "仍然保存";
      yes.addEventListener("click", function () { save(true); });
      status.append(yes);
    }

    var acts = {
      undo: function () { ring = past.pop() || ring; selected = -1; draw(); },
      delete: function () {
        if (selected < 0) return;
        remember();
        ring.splice(selected, 1);
        selected = -1;
        draw();
      },
      clear: function () { remember(); ring = []; selected = -1; draw(); },
      save: function () { save(false); },
    };
    panel.addEventListener("click", function (event) {
      var button = event.target.closest("[data-draw], [data-place]");
      if (!button) return;
      if (button.dataset.draw) acts[button.dataset.draw]();
      if (button.dataset.place) {
        placing = button;
        tell("请在地图上点出“" + button.dataset.name + "”的位置。");
      }
    });

    function place(point) {
      var button = placing;
      placing = null;
      post(button.dataset.place, { point: places.stored(point) }).then(function (answer) {
        if (!answer.ok) { tell(answer.detail || "没有保存，请再试。", "red"); return; }
        L.circleMarker(point, { radius: 6, className: "map-building" }).addTo(map);
        tell("已标注“" + button.dataset.name + "”。", "green");
        button.remove();
      });
    }

    map.on("click", function (event) {
      if (placing) { place(event.latlng); return; }
      remember();
      ring.push(snapped(event.latlng));
      selected = ring.length - 1;
      draw();
    });
    document.addEventListener("keydown", function (event) {
      if (event.target.closest("input, textarea, select")) return;
      if (event.key === "Delete" && selected >= 0) acts.delete();
      if (event.key === "z" && (event.ctrlKey || event.metaKey) && past.length) acts.undo();
    });
    window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
    panel.querySelectorAll("[data-place]").forEach(function (button) { button.disabled = false; });
    draw();
    panel.dataset.ready = "1";
  }

  box.addEventListener("ground:ready", function (event) { start(event.detail); });
})();
