// Starts the form for one branch, signed in as whoever opened the page, and says what became of each saving.
import CMS from "@sveltia/cms";
import { copy } from "../../../preview/copy.js";
import { cleanPasted } from "./paste.js";
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

const say = ({ notes, address, proposed, made }) => {
  panel.replaceChildren(element("p", made || (proposed ? page.proposed : page.saved), { class: "what" }));
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

// The ways around the form: a new text from elsewhere, review, the preview, and the entry that is open for WeChat.
const bar = element("nav", "", { id: "branchpress-bar", "aria-label": page.ways });
const copied = element("span", "", { role: "status" });
const copyButton = element("button", page.copy, { type: "button", hidden: "" });
const openEntry = () => {
  const match = /^#\/collections\/([^/]+)\/entries\/(.+)\/index$/.exec(location.hash);
  return match && !match[1].startsWith("_") ? `${page.site}${match[1]}/${match[2]}/` : "";
};
const follow = () => {
  copyButton.hidden = !openEntry();
  copied.textContent = "";
};
copyButton.addEventListener("click", async () => {
  copied.textContent = "";
  try {
    const answer = await ask(`/-/wechat${openEntry()}`, { cache: "no-store" });
    if (!answer.ok) throw new Error();
    await copy(await answer.text());
    copied.textContent = page.copied;
  } catch { copied.textContent = page.notcopied; }
});
addEventListener("hashchange", follow);
// What is not saved yet stays open beside them; the form would open them so, too.
for (const [words, href] of [[page.import, page.importing], [page.review, "/admin/review/"], [page.preview, page.site]]) {
  if (href) bar.append(element("a", words, { href, target: "_blank", rel: "noopener" }));
}
bar.append(copyButton, copied);

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

const clean = async (html, signal) => {
  const answer = await ask(`/admin/paste/${encodeURIComponent(page.branch)}`, {
    method: "POST",
    headers: { Authorization: `token ${page.form}`, "Content-Type": "text/html; charset=utf-8" },
    body: html,
    signal,
  });
  const said = await answer.json();
  // It has nothing that could be pasted.
  if (answer.status === 422) return { notes: [said.message] };
  if (!answer.ok) throw new Error();
  return said;
};
const counted = (words, count) => (count ? [words.replace("{count}", count)] : []);
cleanPasted(
  clean,
  (notes, added, left) => {
    say({ made: page.pasted, notes: [...notes, ...counted(page.behind, added), ...counted(page.unread, left)] });
  },
  () => say({ made: page.unclean, notes: [] }),
);

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
  document.body.append(bar, panel);
  follow();
  const made = sessionStorage.getItem("branchpress-made");
  sessionStorage.removeItem("branchpress-made");
  if (made) say(JSON.parse(made));
  CMS.init({ config: { ...settings, load_config_file: false } });
};

start();
