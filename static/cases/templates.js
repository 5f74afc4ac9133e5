// [data-templates]: its select writes the chosen text into the text area it names; nothing typed is lost.
(function () {
  "use strict";
  document.querySelectorAll("[data-templates]").forEach(function (box) {
    var area = document.getElementById(box.dataset.templates);
    var select = box.querySelector("select");
    var last = "";
    if (!area) { return; }
    box.hidden = false;
    select.addEventListener("change", function () {
      var typed = area.value;
      if (last && typed.indexOf(last) !== -1) {
        area.value = typed.replace(last, function () { return select.value; });
      } else {
        area.value = typed.trim() && select.value ? typed.trim() + "\n" + select.value : select.value || typed;
      }
      last = select.value;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.focus();
    });
  });
})();
