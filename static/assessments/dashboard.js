// The trend chart. Tooltips are drawn on the canvas: HTML ones carry style attributes (CSP).
"use strict";

(function () {
  const place = document.getElementById("trend-chart");
  const source = document.getElementById("trend-data");
  if (!place || !source || typeof echarts === "undefined") return;
  const data = JSON.parse(source.textContent);
  const root = getComputedStyle(document.documentElement);
  const ink = root.getPropertyValue("--bs-body-color").trim();
  const red = root.getPropertyValue("--bs-primary").trim();
  const chart = echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    textStyle: { color: ink },
    tooltip: { trigger: "axis", renderMode: "richText" },
    legend: { top: 0, data: ["上报", "销号"], textStyle: { color: ink } },
    grid: { left: 36, right: 12, top: 36, bottom: 28 },
    xAxis: { type: "category", data: data.days, axisLabel: { color: ink } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: ink } },
    series: [
      { name: "上报", type: "line", data: data.created, color: red },
      { name: "销号", type: "line", data: data.closed, color: "#2f7d4f", lineStyle: { type: "dashed" } },
    ],
  });
  const save = document.querySelector("[data-save-chart]");
  if (save) {
    save.hidden = false;
    save.addEventListener("click", () => {
      const paper = root.getPropertyValue("--bs-body-bg").trim() || "#fff";
      const link = document.createElement("a");
      link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: paper });
      link.download = save.dataset.saveChart + ".png";
      link.click();
    });
  }
  window.addEventListener("resize", () => chart.resize());
})();
