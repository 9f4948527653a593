// Reloads the page when its bytes have changed, and shows the problems of the content.
(() => {
  "use strict";
  const panel = document.createElement("section");
  panel.id = "branchpress-preview";
  panel.setAttribute("role", "region");
  const fold = document.createElement("details");
  const head = document.createElement("summary");
  head.setAttribute("aria-live", "polite");
  const list = document.createElement("div");
  list.className = "list";
  fold.append(head, list);
  panel.append(fold);
  document.body.append(panel);

  const here = decodeURIComponent(location.pathname).split("/")[1] || "";
  const own = document.currentScript.dataset.tag;
  let version = -1, shown = "", labels = {};

  const element = (name, text, className) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const row = (problem) => {
    const item = document.createElement("li");
    const place = document.createElement("p");
    place.append(element("code", problem.place));
    item.append(place);
    problem.words.forEach((words, number) => {
      const said = [words.what, words.why, words.effect].filter(Boolean).join(words.lang === "zh" ? "" : " ");
      for (const text of [said, "→ " + words.how]) {
        const line = element("p", text, number ? "other" : "");
        line.lang = words.lang;
        item.append(line);
      }
    });
    return item;
  };

  const show = (state) => {
    labels = state.labels;
    panel.setAttribute("aria-label", labels.title);
    const count = state.problems.length;
    const title = count ? labels.problems + ": " + count : labels.none;
    head.textContent = state.building ? title + " · " + labels.building : title;
    panel.toggleAttribute("data-quiet", !count);
    const drawn = JSON.stringify(state.problems);
    if (drawn === shown) return;
    shown = drawn;
    // Advice is there for those who look; only what is wrong comes forward.
    fold.open = state.problems.some((problem) => problem.severity !== "note");
    list.textContent = "";
    for (const [label, wanted] of [[labels.here, true], [labels.elsewhere, false]]) {
      const part = state.problems.filter((problem) => ((problem.branch || "") === here) === wanted);
      if (!part.length) continue;
      const rows = document.createElement("ol");
      rows.append(...part.map(row));
      list.append(element("h2", label), rows);
    }
  };

  const look = async () => {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.headers.get("X-Page") !== own) location.reload();
    } catch { /* The server has gone; the events say so. */ }
  };

  const events = new EventSource("/-/events");
  events.onmessage = (message) => {
    const state = JSON.parse(message.data);
    show(state);
    if (state.version !== version) {
      version = state.version;
      look();
    }
  };
  events.onerror = () => { if (labels.ended) head.textContent = labels.ended; };
})();
