// Photos before upload, inside [data-photos]: previews, count, size, removal; a second shot adds to the first.
// Pictures are drawn on a canvas (small, no blob: addresses). What the browser cannot draw (HEIC) shows as a file.
(function () {
  "use strict";
  var EDGE = 192; // drawn pixels per side; shown at half that

  function megabytes(file) {
    return (file.size / 1048576).toFixed(1) + " MB";
  }

  function draw(file, place) {
    var label = document.createElement("span");
    label.className = "photo-file";
    label.textContent = (file.name.split(".").pop() || "图片").toUpperCase().slice(0, 5);
    place.append(label);
    if (!window.createImageBitmap) return;
    createImageBitmap(file, { resizeHeight: EDGE * 2, resizeQuality: "medium" }).then(function (bitmap) {
      var canvas = document.createElement("canvas");
      var side = Math.min(bitmap.width, bitmap.height);
      canvas.width = canvas.height = EDGE;
      canvas.getContext("2d").drawImage(
        bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, EDGE, EDGE);
      bitmap.close();
      label.replaceWith(canvas);
    }).catch(function () {}); // not a picture this browser knows: the label stays
  }

  function setUp(box) {
    var input = box.querySelector("input[type=file]");
    var list = box.querySelector(".photo-list");
    var error = box.querySelector("[data-photo-error]");
    var max = Number(box.dataset.max);
    var maxBytes = Number(box.dataset.maxMb) * 1048576;
    var count = box.querySelector("[data-photo-count]");
    var limits = count.textContent;
    var kept = [];

    function complain(text) {
      error.textContent = text;
      error.hidden = !text;
    }

    function hand(files) { // give the input exactly these files
      var transfer = new DataTransfer();
      files.forEach(function (file) { transfer.items.add(file); });
      input.files = transfer.files;
    }

    function show() {
      list.replaceChildren();
      kept.forEach(function (file, index) {
        var item = document.createElement("li");
        var remove = document.createElement("button");
        var size = document.createElement("span");
        draw(file, item);
        size.className = "photo-note";
        size.textContent = megabytes(file);
        remove.type = "button";
        remove.className = "photo-remove";
        remove.setAttribute("aria-label", "去掉第 " + (index + 1) + " 张");
        remove.append(Object.assign(document.createElement("span"), { textContent: "×" }));
        remove.addEventListener("click", function () {
          kept.splice(index, 1);
          hand(kept);
          complain("");
          show();
        });
        item.append(size, remove);
        list.append(item);
      });
      count.textContent = kept.length ? "已选 " + kept.length + " 张，最多 " + max + " 张。" : limits;
      box.querySelector("[data-photo-prompt]").textContent = kept.length ? "再加一张" : "拍照或从相册选择";
    }

    function take() {
      var problems = [];
      var fresh = Array.from(input.files).filter(function (file) {
        if (file.size <= maxBytes) return true;
        problems.push("“" + file.name + "”有 " + megabytes(file) + "，超过 " + box.dataset.maxMb + " MB，没有加入。");
        return false;
      });
      kept = input.multiple ? kept.concat(fresh) : fresh;
      if (kept.length > max) {
        problems.push("最多 " + max + " 张，多出的 " + (kept.length - max) + " 张没有加入。");
        kept = kept.slice(0, max);
      }
      hand(kept);
      complain(problems.join(""));
      show();
    }

    input.addEventListener("change", take);
    if (input.files.length) take(); // the browser gave them back after "back"
  }

  document.querySelectorAll("[data-photos]").forEach(setUp);
})();
