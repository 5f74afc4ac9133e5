// Gives every cell of the admin's lists its column name, so that rows can become cards on phones (admin.css),
// and carries elder mode over from the site (theme.js).
(function () {
  "use strict";
  try {
    document.documentElement.classList.toggle("elder", localStorage.getItem("elder") === "1");
  } catch (error) {
    // storage switched off: normal size
  }
  document.querySelectorAll("#result_list").forEach(function (table) {
    var labels = Array.from(table.querySelectorAll("thead th"), function (cell) {
      return cell.textContent.trim();
    });
    table.querySelectorAll("tbody tr").forEach(function (row) {
      Array.from(row.children).forEach(function (cell, index) {
        if (labels[index]) cell.dataset.label = labels[index];
      });
    });
  });
})();
