// All of this is convenience: every page says the same without it.
(() => {
  const root = document.documentElement;
  const text = document.currentScript.dataset;

  // What waits for the results of a search waits in vain if its script is lost.
  setTimeout(() => root.classList.remove("asked"), 8000);

  const palette = document.querySelector("button.palette");
  if (palette) {
    const dark = () =>
      (root.dataset.palette || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const label = () => { palette.textContent = dark() ? palette.dataset.light : palette.dataset.dark; };
    palette.hidden = false;
    label();
    palette.addEventListener("click", () => {
      root.dataset.palette = dark() ? "light" : "dark";
      try { localStorage.setItem("palette", root.dataset.palette); } catch { /* private mode */ }
      label();
    });
  }

  // A slash leads to the field in the head; the search page has its own.
  const find = document.getElementById("bp-find");
  if (find) {
    document.addEventListener("keydown", (event) => {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName) || document.activeElement.isContentEditable;
      if (event.key !== "/" || typing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      find.focus();
    });
  }

  // On a narrow screen the sections are one line that moves; the button shows them all.
  const sections = document.getElementById("bp-sections");
  const more = document.querySelector("button.more");
  if (sections && more) {
    const fits = () => { more.hidden = !sections.classList.contains("open") && sections.scrollWidth <= sections.clientWidth; };
    more.addEventListener("click", () => {
      more.setAttribute("aria-expanded", String(sections.classList.toggle("open")));
    });
    fits();
    addEventListener("resize", fits);
    const here = sections.querySelector("[aria-current]");
    if (here) sections.scrollLeft = here.offsetLeft - sections.offsetLeft - 48;
  }

  // A link to what is folded unfolds it; browsers do so for what is inside, not for the fold itself.
  const unfold = () => {
    const fold = document.querySelector("details:target");
    if (fold) fold.open = true;
  };
  unfold();
  addEventListener("hashchange", unfold);

  // Pages say until when a public notice runs; how many days that is depends on the reader's day.
  for (const place of document.querySelectorAll("[data-until]")) {
    const days = Math.ceil((Date.parse(place.dataset.until) - Date.now()) / 86400000);
    // At the end of the line, where it moves nothing that stands already.
    if (days > 0) {
      const said = document.createElement("span");
      said.className = "left";
      said.textContent = days === 1 ? text.textDay : text.textDays.replace("{n}", days);
      place.closest(".byline").append(said);
    }
  }

  // Pages do not change with the day; the reader's own day is marked where a month shows it.
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(part => String(part).padStart(2, "0")).join("-");
  for (const day of document.querySelectorAll(`.month time[datetime="${today}"]`)) {
    day.parentElement.setAttribute("aria-current", "date");
  }

  // Examples are there to be copied.
  for (const block of navigator.clipboard ? document.querySelectorAll(".prose .highlight") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = text.textCopy;
    block.dataset.copy = block.querySelector("code").textContent;
    block.append(button);
  }

  const places = navigator.clipboard ? document.querySelectorAll("[data-copy]") : [];
  if (places.length) {
    const said = document.createElement("p");
    said.className = "unseen";
    said.setAttribute("role", "status");
    document.body.append(said);
    for (const place of places) {
      const button = place.querySelector("button"), name = button.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(place.dataset.copy || place.querySelector("a").href);
        button.textContent = said.textContent = text.textCopied;
        setTimeout(() => { button.textContent = name; said.textContent = ""; }, 2000);
      });
    }
  }

  // A picture that is wider than the text opens over the page; without this its link leads to it.
  for (const link of window.HTMLDialogElement ? document.querySelectorAll("a.whole") : []) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const small = link.querySelector("img"), large = new Image(), dialog = document.createElement("dialog"), close = document.createElement("button");
      large.src = link.href;
      large.alt = small.alt;
      close.textContent = text.textClose;
      dialog.className = "whole-picture";
      dialog.append(close, large);
      dialog.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  // A field that narrows a long list of branches: what does not have the words is hidden, what holds a match is opened.
  for (const list of document.querySelectorAll("[data-narrow]")) {
    const box = list.querySelector(".narrow-by"), said = list.querySelector("[role=status]");
    const plain = (words) => words.normalize("NFKC").toLowerCase();
    const units = [...list.querySelectorAll("[data-unit]")].map((node) => {
      const own = node.cells ? node.cells[0] : node.querySelector("summary, a");
      const link = node.querySelector("a");
      return { node, words: plain(`${own.textContent} ${link.dataset.words || ""}`), fold: node.matches("details") ? node : node.querySelector(":scope > details") };
    });
    box.addEventListener("input", () => {
      const words = plain(box.value).split(/\s+/).filter(Boolean);
      const hits = units.filter((unit) => words.every((word) => unit.words.includes(word)));
      const shown = new Set(), opened = new Set();
      for (const { node } of hits) {
        shown.add(node);
        for (const below of node.querySelectorAll("[data-unit]")) shown.add(below);
        for (let above = node.parentElement.closest("[data-unit]"); above; above = above.parentElement.closest("[data-unit]")) {
          shown.add(above);
          opened.add(above);
        }
      }
      for (const { node, fold } of units) {
        node.hidden = !shown.has(node);
        if (fold) fold.open = words.length > 0 && opened.has(node);
      }
      said.textContent = words.length ? said.dataset.textFound.replace("{n}", hits.length) : "";
    });
  }

  // Tables that can be sorted: each heading becomes a button; a second press turns the order round.
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
    const value = (line, place) => line.cells[place].dataset.value ?? line.cells[place].textContent;
    for (const [place, head] of heads.entries()) {
      if (!("sort" in head.dataset)) continue;
      const button = document.createElement("button");
      button.append(...head.firstElementChild.childNodes);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down === 1 ? "ascending" : "descending");
        const order = (one, two) => {
          const [a, b] = [value(one, place), value(two, place)];
          return a - b || (isNaN(a - b) ? a.localeCompare(b, undefined, { numeric: true }) : 0);
        };
        body.append(...[...body.rows].sort((one, two) => down * order(one, two)));
      });
    }
  }
})();
