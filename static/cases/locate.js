// [data-locate]: its button asks the device where it is, once, and fills the two hidden fields it names.
(function () {
  "use strict";
  document.querySelectorAll("[data-locate]").forEach(function (box) {
    var note = box.querySelector("[role=status]");
    box.querySelector("button").addEventListener("click", function () {
      if (!navigator.geolocation) {
        note.textContent = "这台设备不能定位，写清到场地点就行。";
        return;
      }
      note.textContent = "正在定位…";
      navigator.geolocation.getCurrentPosition(
        function (position) {
          document.getElementById(box.dataset.longitude).value = position.coords.longitude.toFixed(6);
          document.getElementById(box.dataset.latitude).value = position.coords.latitude.toFixed(6);
          note.textContent = "已附上位置，误差约 " + Math.round(position.coords.accuracy) + " 米。";
        },
        function () { note.textContent = "没有取得位置，写清到场地点就行。"; },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
    });
  });
})();
