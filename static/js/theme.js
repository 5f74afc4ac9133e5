// Runs before the first paint: puts the remembered colour theme and elder mode on <html>.
// The key "theme" (auto | light | dark) is the one Django's admin uses, so both sides agree.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function read(key) {
    try {
      return localStorage.getItem(key);
    } catch (error) {
      return null; // storage switched off: the defaults do
    }
  }

  function write(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch (error) {
      // the choice then lasts for this page only
    }
  }

  function applyTheme(choice) {
    root.dataset.themeChoice = choice;
    root.dataset.bsTheme = choice === "dark" || (choice === "auto" && dark.matches) ? "dark" : "light";
  }

  window.gridparty = {
    setTheme: function (choice) {
      write("theme", choice);
      applyTheme(choice);
    },
    setElder: function (on) {
      write("elder", on ? "1" : "0");
      root.classList.toggle("elder", on);
    },
  };

  applyTheme(read("theme") || "auto");
  root.classList.toggle("elder", read("elder") === "1");
  dark.addEventListener("change", function () {
    applyTheme(root.dataset.themeChoice);
  });
})();
