// Marking where one building stands: #map-place with data-save and data-name; a tap on the map saves.
(function () {
  "use strict";
  var panel = document.getElementById("map-place"), box = document.getElementById("ground-map");
  if (!panel || !box) return;
  var token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  var status = panel.querySelector("[role=status]");

  box.addEventListener("ground:ready", function (event) {
    var map = event.detail.map, places = event.detail.places, mark = null;
    box.dataset.drawing = "1"; // a tap on a grid is meant for the map
    if (panel.dataset.lon) {
      var known = places.shown([Number(panel.dataset.lon), Number(panel.dataset.lat)]);
      mark = L.circleMarker(known, { radius: 8, className: "map-here" }).addTo(map);
      map.setView(known, 18);
    }
    status.textContent = "请在地图上点出“" + panel.dataset.name + "”的位置，点错了再点一次。";
    map.on("click", function (tap) {
      fetch(panel.dataset.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ point: places.stored(tap.latlng) }),
      }).then(function (answer) {
        return answer.json().then(function (said) {
          if (!answer.ok) { status.textContent = said.detail || "没有保存，请再点一次。"; return; }
          if (mark) map.removeLayer(mark);
          mark = L.circleMarker(tap.latlng, { radius: 8, className: "map-here" }).addTo(map);
          status.textContent = "已标注“" + panel.dataset.name + "”。";
        });
      }).catch(function () { status.textContent = "没有保存，请检查网络后再点一次。"; });
    });
  });
})();
