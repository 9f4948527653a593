// Reloads the page when its bytes have changed, and shows the problems of the content.
(() => {
  "use strict";
  const own = document.currentScript.dataset.tag;
  const waiting = document.querySelector(".branchpress-waiting");
  const first = decodeURIComponent(location.pathname).split("/")[1] || "";
  const severities = ["error", "warning", "note"];
  let version = -1, shown = "", labels = {};

  const element = (name, text = "", className = "") => {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // What this tab has seen, and whether its panel is open, outlive the reloading of a page.
  const remembered = (name) => {
    try { return JSON.parse(sessionStorage.getItem("branchpress-" + name)); } catch { return null; }
  };
  const remember = (name, value) => {
    try { sessionStorage.setItem("branchpress-" + name, JSON.stringify(value)); } catch { /* Then it is not. */ }
  };

  const panel = element("section");
  panel.id = "branchpress-preview";
  const fold = element("details");
  const head = element("summary");
  head.setAttribute("aria-live", "polite");
  const list = element("div", "", "list");
  fold.append(head, list);
  panel.append(fold);
  panel.hidden = true;
  document.body.append(panel);
  head.addEventListener("click", () => remember("open", fold.open ? null : first));

  const offerCopy = () => {
    if (panel.querySelector(".copy") || !document.querySelector("article.entry")) return;
    const row = element("p", "", "copy"), button = element("button", labels.copy), told = element("span");
    const copying = import("./copy.js");
    button.type = "button";
    told.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      told.textContent = "";
      try {
        const answer = await fetch("/-/wechat" + location.pathname, { cache: "no-store" });
        if (!answer.ok) throw new Error();
        await (await copying).copy(await answer.text());
        told.textContent = labels.copied;
      } catch { told.textContent = labels.notcopied; }
    });
    row.append(button, told);
    panel.prepend(row);
  };

  const chip = (severity, count) => element("span", labels[severity] + (count ? " " + count : ""), "chip " + severity);

  const chips = (problems) => severities
    .map((severity) => [severity, problems.filter((problem) => problem.severity === severity).length])
    .filter(([, count]) => count)
    .map(([severity, count]) => chip(severity, count));

  const row = (problem) => {
    const item = element("li", "", problem.severity);
    const place = element("p");
    place.append(chip(problem.severity), " ", element("code", problem.place));
    const said = [problem.what, problem.why, problem.effect].filter(Boolean).join(labels.sentences);
    item.append(place, element("p", said), element("p", "→ " + problem.how, "how"));
    return item;
  };

  const rows = (problems) => {
    const made = element("ol");
    const rank = (problem) => severities.indexOf(problem.severity);
    made.append(...[...problems].sort((one, other) => rank(one) - rank(other)).map(row));
    return made;
  };

  const others = (problems, names) => {
    const made = element("details", "", "others");
    const title = element("summary", labels.elsewhere + " ");
    title.append(...chips(problems));
    made.append(title);
    // Written out when somebody looks: of a thousand branches there may be many.
    made.addEventListener("toggle", () => {
      if (made.children.length > 1) return;
      for (const branch of new Set(problems.map((problem) => problem.branch))) {
        made.append(element("h2", names[branch] || branch), rows(problems.filter((each) => each.branch === branch)));
      }
    });
    return made;
  };

  const key = (problem) => [problem.severity, problem.code, problem.path, problem.what].join("\n");

  const show = (state) => {
    labels = state.labels;
    panel.hidden = false;
    offerCopy();
    panel.setAttribute("aria-label", labels.title);
    const here = first in state.names ? first : "";
    // What stops everything concerns whoever looks.
    const isMine = (problem) => problem.branch === here || (state.stopped && !problem.branch);
    const mine = state.problems.filter(isMine), rest = state.problems.filter((problem) => !isMine(problem));

    const told = [element("span", state.names[here] || labels.title, "whose"), " "];
    if (state.stopped) told.push(element("span", labels.stopped, "chip error"));
    told.push(...(mine.length ? chips(mine) : state.stopped ? [] : [element("span", labels.none)]));
    if (state.building) told.push(element("span", labels.building, "busy"));
    const spoken = told.map((part) => part.textContent || part).join("|");
    if (head.dataset.spoken !== spoken) {
      head.dataset.spoken = spoken;
      head.replaceChildren(...told);
    }
    const worst = severities.find((severity) => mine.some((problem) => problem.severity === severity));
    panel.dataset.worst = state.stopped ? "error" : worst || "";

    const drawn = JSON.stringify([mine, rest, state.stopped]);
    if (drawn === shown) return;
    shown = drawn;
    list.textContent = "";
    if (state.stopped) list.append(element("p", state.stopped, "stopped"));
    if (mine.length) list.append(rows(mine));
    if (rest.length) list.append(others(rest, state.names));

    // Closed until the site that is looked at has something new that is wrong; advice never comes forward.
    const seen = remembered("seen");
    const known = new Set(seen || []);
    const fresh = mine.some((problem) => problem.severity !== "note" && !known.has(key(problem)));
    const halted = state.stopped && !known.has(state.stopped);
    if (seen && (fresh || halted)) remember("open", first);
    if (!mine.length && !state.stopped) remember("open", null);
    fold.open = remembered("open") === first && list.children.length > 0;
    remember("seen", [...state.problems.map(key), state.stopped]);
  };

  const wait = (state) => {
    const bar = waiting.querySelector("progress"), line = document.getElementById("branchpress-waiting");
    if (state.progress) {
      bar.max = Math.max(1, state.progress.total);
      bar.value = state.progress.done;
      line.textContent = state.progress.line;
    }
    if (state.stopped) {
      bar.hidden = true;
      line.textContent = state.stopped;
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
    if (waiting) wait(state);
    if (!waiting || state.stopped) show(state);
    if (state.version !== version) {
      version = state.version;
      look();
    }
  };
  events.onerror = () => { if (labels.ended) head.textContent = labels.ended; };
})();
