// Starts the form for one branch, signed in as whoever opened the page, and says what became of each saving.
import CMS from "@sveltia/cms";
import "./main.css";

const page = document.getElementById("branchpress-form").dataset;
const api = new URL("/admin/api/v1", location.href).href;

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const panel = element("section", "", { id: "branchpress-said", role: "status", "aria-live": "polite", hidden: "" });

const say = ({ notes, address, proposed }) => {
  panel.replaceChildren(element("p", proposed ? page.proposed : page.saved, { class: "what" }));
  for (const note of notes) panel.append(element("p", note));
  const row = element("p", "", { class: "ways" });
  if (address) row.append(element("a", page.look, { href: address, target: "_blank" }));
  if (proposed) row.append(element("a", page.review, { href: "/admin/review/" }));
  const close = element("button", page.close, { type: "button" });
  close.addEventListener("click", () => { panel.hidden = true; });
  row.append(close);
  panel.append(row);
  panel.hidden = false;
};

// The form knows nothing of previews and reviews: what the server says beside Gitea's answer is shown here.
const ask = window.fetch.bind(window);
window.fetch = async (target, options) => {
  const answer = await ask(target, options);
  const url = String(target instanceof Request ? target.url : target);
  if (options?.method === "POST" && url.endsWith("/contents") && answer.ok) {
    answer.clone().json().then((said) => { if (said.branchpress) say(said.branchpress); });
  }
  return answer;
};

// On a telephone the form names parts that are not on the screen; assistive software follows such names to nowhere.
const named = new Map();
const mendNames = () => {
  for (const each of document.querySelectorAll("[aria-controls]")) {
    const id = each.getAttribute("aria-controls");
    if (!document.getElementById(id)) {
      named.set(each, id);
      each.removeAttribute("aria-controls");
    }
  }
  for (const [each, id] of named) {
    if (each.isConnected && !document.getElementById(id)) continue;
    if (each.isConnected) each.setAttribute("aria-controls", id);
    named.delete(each);
  }
};
let mending = 0;
new MutationObserver(() => {
  cancelAnimationFrame(mending);
  mending = requestAnimationFrame(mendNames);
}).observe(document.documentElement, { childList: true, subtree: true });

const start = async () => {
  const settings = await (await ask("settings.json", { cache: "no-store" })).json();
  settings.backend.api_root = api;
  settings.backend.base_url = location.origin;
  settings.site_url = location.origin;
  settings.display_url = new URL(page.site, location.href).href;
  localStorage.setItem("sveltia-cms.user", JSON.stringify({ backendName: "gitea", token: page.form }));
  const preferences = JSON.parse(localStorage.getItem("sveltia-cms.prefs") || "{}");
  if (!preferences.locale) {
    localStorage.setItem("sveltia-cms.prefs", JSON.stringify({ ...preferences, locale: page.locale }));
  }
  document.body.append(panel);
  CMS.init({ config: { ...settings, load_config_file: false } });
};

start();
