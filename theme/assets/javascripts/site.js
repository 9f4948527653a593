// All of this is convenience: every page says the same without it.
(() => {
  const root = document.documentElement;
  root.classList.remove("no-js");

  const button = document.querySelector("button.palette");
  if (button) {
    const dark = () =>
      (root.dataset.palette || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const label = () => { button.textContent = dark() ? button.dataset.light : button.dataset.dark; };
    button.hidden = false;
    label();
    button.addEventListener("click", () => {
      root.dataset.palette = dark() ? "light" : "dark";
      try { localStorage.setItem("palette", root.dataset.palette); } catch { /* private mode */ }
      label();
    });
  }

  // Pages say until when a public notice runs; how many days that is depends on the reader's day.
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(place.dataset.until) - Date.now();
    if (left > 0) {
      const days = Math.ceil(left / 86400000);
      const unit = new Intl.NumberFormat(root.lang, { style: "unit", unit: "day", unitDisplay: "long" });
      place.append(` · ${unit.format(days)}`);
    }
  }
})();
