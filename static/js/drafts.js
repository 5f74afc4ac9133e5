// Keeps what is typed into <form id="…" data-autosave> in sessionStorage, so that an expired session,
// a failed request or a closed lid loses nothing. Drafts belong to one user, one page and one tab.
// Not kept: passwords, files, hidden fields, and fields marked data-no-draft (identity numbers, phones).
(function () {
  "use strict";
  var PREFIX = "draft:";
  var PENDING = "draft-pending"; // key of the form that was last submitted from this tab
  var root = document.documentElement;

  function store(action) {
    try {
      return action(sessionStorage);
    } catch (error) {
      return null; // storage full or switched off: the form still works
    }
  }

  function keyOf(form) {
    return PREFIX + (root.dataset.user || "") + ":" + location.pathname + "#" + form.id;
  }

  function fields(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && !field.disabled && !("noDraft" in field.dataset) &&
        !["hidden", "password", "file", "submit", "button", "reset", "search"].includes(field.type);
    });
  }

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    if (field.multiple) return Array.from(field.selectedOptions, function (option) { return option.value; });
    return field.value;
  }

  function setValue(field, value) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = value === true;
    else if (field.multiple && Array.isArray(value)) {
      Array.from(field.options).forEach(function (option) { option.selected = value.includes(option.value); });
    } else if (typeof value === "string") field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function nameOf(field) {
    return field.type === "checkbox" || field.type === "radio" ? field.name + "=" + field.value : field.name;
  }

  function save(form) {
    var draft = {};
    fields(form).forEach(function (field) { draft[nameOf(field)] = valueOf(field); });
    store(function (session) { session.setItem(keyOf(form), JSON.stringify(draft)); });
  }

  function drop(key) {
    store(function (session) { session.removeItem(key); });
  }

  function restore(form) {
    var text = store(function (session) { return session.getItem(keyOf(form)); });
    var draft = text ? JSON.parse(text) : null;
    if (!draft) return;
    var changed = fields(form).filter(function (field) {
      var kept = draft[nameOf(field)];
      return kept !== undefined && JSON.stringify(kept) !== JSON.stringify(valueOf(field));
    });
    if (!changed.length) return;
    changed.forEach(function (field) { setValue(field, draft[nameOf(field)]); });
    note(form);
  }

  function note(form) {
    var box = document.createElement("div");
    box.className = "alert alert-info draft-note";
    box.setAttribute("role", "status");
    box.append("已找回上次没有提交的内容。");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary";
    button.textContent = "不要了，重新填写";
    button.addEventListener("click", function () {
      drop(keyOf(form));
      form.reset();
      box.remove();
    });
    box.append(button);
    form.prepend(box);
  }

  // What became of the form that was sent? Shown again without errors or left for another page = accepted.
  // Log-in and error pages (data-keep-drafts) and the browser's back button prove nothing: keep the draft.
  function settle() {
    var key = store(function (session) { return session.getItem(PENDING); });
    if (!key) return;
    drop(PENDING);
    var navigation = performance.getEntriesByType("navigation")[0];
    var returned = navigation && navigation.type === "back_forward";
    var refused = Array.from(document.querySelectorAll("form[data-autosave]")).some(function (form) {
      return keyOf(form) === key && form.querySelector(".errorlist:not([hidden]), [aria-invalid='true']");
    });
    if (!returned && !refused && !("keepDrafts" in root.dataset)) drop(key);
  }

  function clearAll() {
    store(function (session) {
      Object.keys(session).forEach(function (key) {
        if (key.startsWith(PREFIX) || key === PENDING) session.removeItem(key);
      });
    });
  }

  settle();
  document.querySelectorAll("form[data-autosave][id]").forEach(function (form) {
    var timer = 0;
    if (!form.querySelector(".errorlist:not([hidden])")) restore(form);
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(save, 400, form);
    });
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) return;
      clearTimeout(timer);
      save(form);
      store(function (session) { session.setItem(PENDING, keyOf(form)); });
    });
    window.addEventListener("pagehide", function () {
      if (timer) save(form);
    });
  });
  document.querySelectorAll("form[data-clear-drafts]").forEach(function (form) {
    form.addEventListener("submit", clearAll);
  });
})();
