// Behaviour shared by every page, bound by data attributes:
//   data-set-theme, data-toggle-elder   display switches        data-confirm="question"  ask before a submit
//   data-dialog="id", data-dialog-close native dialogs          data-print               print this page
//   data-copy="text" or "#id"           copy to the clipboard   data-fill='{"id": "v"}'  fill fields on click
//   form[method=post]                   sent once only          textarea[maxlength]      character counter
//   data-search-box                     focused by "/"          data-focus-first         focused after load
//   data-result                         links the arrow keys walk through   data-check-all="name"  tick every box of that name
(function () {
  "use strict";
  var root = document.documentElement;

  function each(selector, action) {
    document.querySelectorAll(selector).forEach(action);
  }

  // ---- display switches ----
  function showSwitches() {
    each("[data-set-theme]", function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === root.dataset.themeChoice));
    });
    each("[data-toggle-elder]", function (button) {
      button.setAttribute("aria-pressed", String(root.classList.contains("elder")));
    });
  }

  // ---- a form is sent once; the button says so, and wakes up if the page stays ----
  function release(form) {
    delete form.dataset.sending;
    form.querySelectorAll("[aria-busy]").forEach(function (button) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    });
  }

  function guard(event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    setTimeout(function () { // after the browser has read the pressed button's name and value
      form.querySelectorAll("button[type=submit], button:not([type])").forEach(function (button) {
        if (button.disabled) return;
        button.disabled = true;
        button.setAttribute("aria-busy", "true");
      });
    });
    setTimeout(release, "download" in form.dataset ? 3000 : 20000, form);
  }

  // ---- ask first ----
  function ask(button) {
    var dialog = document.getElementById("confirm-dialog");
    if (!dialog || typeof dialog.showModal !== "function") return;
    var form = button.form;
    if (form.noValidate === false && !form.reportValidity()) return;
    document.getElementById("confirm-text").textContent = button.dataset.confirm;
    document.getElementById("confirm-title").textContent = button.dataset.confirmTitle || "请确认";
    dialog.querySelector("[data-confirm-yes]").textContent = button.dataset.confirmYes || "确定";
    dialog.returnValue = "";
    dialog.addEventListener("close", function () {
      if (dialog.returnValue !== "yes") return;
      button.dataset.confirmed = "1";
      form.requestSubmit(button);
      delete button.dataset.confirmed;
    }, { once: true });
    dialog.showModal();
  }

  // ---- clicks ----
  function copy(button) {
    var wanted = button.dataset.copy;
    var text = wanted.startsWith("#") ? document.querySelector(wanted).textContent.trim() : wanted;
    var label = button.textContent;
    navigator.clipboard.writeText(text).then(
      function () { button.textContent = "已复制"; },
      function () { button.textContent = "复制不了，请长按文字复制"; },
    );
    setTimeout(function () { button.textContent = label; }, 2500);
  }

  function fill(button) {
    var values = JSON.parse(button.dataset.fill);
    Object.keys(values).forEach(function (id) {
      document.getElementById(id).value = values[id];
    });
    document.getElementById(Object.keys(values)[0]).focus();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button, a");
    if (!button) return;
    var data = button.dataset;
    if (data.confirm && !data.confirmed && button.form) {
      event.preventDefault();
      ask(button);
    } else if (data.setTheme) {
      window.gridparty.setTheme(data.setTheme);
      showSwitches();
    } else if ("toggleElder" in data) {
      window.gridparty.setElder(!root.classList.contains("elder"));
      showSwitches();
    } else if (data.dialog) {
      document.getElementById(data.dialog).showModal();
    } else if ("dialogClose" in data) {
      button.closest("dialog").close();
    } else if ("print" in data) {
      window.print();
    } else if (data.copy) {
      copy(button);
    } else if (data.fill) {
      fill(button);
    }
  });

  // ---- character counters ----
  function count(area) {
    var note = area.parentNode.querySelector(".char-count");
    if (!note) {
      note = document.createElement("span");
      note.className = "char-count";
      area.after(note);
    }
    var left = area.maxLength - area.value.length;
    note.textContent = area.value.length + " / " + area.maxLength;
    note.classList.toggle("near", left <= 20);
    if (left === 20) note.setAttribute("role", "status"); // announced only when it matters
  }

  // ---- one box for all boxes of a name in the form; without scripts its label stays hidden ----
  document.addEventListener("change", function (event) {
    var name = event.target.dataset.checkAll;
    if (!name) return;
    event.target.form.querySelectorAll("input[type=checkbox]").forEach(function (box) {
      if (box.name === name) box.checked = event.target.checked;
    });
  });

  document.addEventListener("input", function (event) {
    if (event.target.matches("textarea[maxlength]")) count(event.target);
  });

  // ---- keyboard ----
  function visible(selector) {
    return Array.from(document.querySelectorAll(selector)).find(function (element) {
      return element.offsetParent !== null;
    });
  }

  function toSearch(event) {
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    var search = visible("[data-search-box]") || visible("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (visible(".top-search-link")) {
      event.preventDefault();
      visible(".top-search-link").click();
    }
  }

  // From the box down into the results, and back up again; Enter opens, as on every link.
  function walk(event) {
    var results = Array.from(document.querySelectorAll("[data-result]"));
    var here = results.indexOf(event.target);
    if (!results.length || (here < 0 && !event.target.matches("[data-search-box], body"))) return;
    var next = here + (event.key === "ArrowDown" ? 1 : -1);
    if (next >= results.length || (here < 0 && next < 0)) return;
    event.preventDefault();
    (next < 0 ? visible("[data-search-box]") : results[next]).focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") toSearch(event);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
  });

  window.addEventListener("submit", guard); // on window: after every handler that may still refuse
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) each("form[data-sending]", release);
  });
  showSwitches();
  each("textarea[maxlength]", count);
  each("[data-check-all]", function (box) { box.closest("[hidden]").hidden = false; });
  each("[data-focus-first]", function (box) { box.focus(); });
})();
