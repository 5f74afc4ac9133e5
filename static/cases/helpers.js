// [data-helpers]: the folded list of helping units. Counts the ticked ones in the summary and narrows the list
// to the names that contain what is typed; ticked ones stay in sight. Without scripts the whole list shows.
(function () {
  "use strict";
  document.querySelectorAll("[data-helpers]").forEach(function (box) {
    var count = box.querySelector("[data-count]");
    var search = box.querySelector("input[type=search]");
    var none = box.querySelector("[role=status]");
    var ticks = Array.from(box.querySelectorAll("input[type=checkbox]"));

    function tell() {
      count.textContent = ticks.filter(function (tick) { return tick.checked; }).length;
    }

    function narrow() {
      var wanted = search.value.trim();
      var shown = ticks.filter(function (tick) {
        var label = tick.closest("label");
        var fits = tick.checked || label.textContent.includes(wanted);
        label.parentElement.hidden = !fits;
        return fits;
      });
      none.hidden = shown.length > 0;
    }

    box.addEventListener("change", tell); // also sent when a draft is restored
    search.addEventListener("input", narrow);
    search.addEventListener("keydown", function (event) {
      if (event.key === "Enter") event.preventDefault(); // would send the form
    });
    search.hidden = ticks.length < 12;
    tell();
  });
})();
