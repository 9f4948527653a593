// A file, or what somebody copied elsewhere, becomes a draft; the form opens with it and shows what the import tells.
import { withPictures } from "./clipboard.js";

const page = document.getElementById("new");
const [section, file, title, zone, told] = ["section", "file", "title", "paste", "told"].map((id) => document.getElementById(id));
const buttons = [...page.querySelectorAll("button")];
const parts = [];

const tell = (words) => {
  told.hidden = !words;
  told.textContent = words;
};

const send = async (name, content) => {
  buttons.forEach((button) => { button.disabled = true; });
  tell(page.dataset.working);
  try {
    const place = [page.dataset.branch, section.value].map(encodeURIComponent).join("/");
    const answer = await fetch(`/admin/new/${place}?name=${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { Authorization: `token ${page.dataset.form}`, "Content-Type": "application/octet-stream" },
      body: content,
    });
    const said = await answer.json();
    if (!answer.ok) {
      tell(said.message);
      return;
    }
    sessionStorage.setItem("branchpress-made", JSON.stringify(said));
    location.assign(said.form);
  } catch {
    tell(page.dataset.failed);
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
};

document.getElementById("upload").addEventListener("click", () => {
  if (file.files.length) send(file.files[0].name, file.files[0]);
  else tell(page.dataset.nofile);
});

const put = (html, words) => {
  const shown = document.createElement("div");
  shown.contentEditable = "false";
  shown.dataset.part = parts.push(html) - 1;
  shown.textContent = words;
  zone.append(shown);
};

const escaped = (words) => words.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);

// Nothing that was copied becomes a part of this page: it goes to the server as it is, and only its words are shown.
zone.addEventListener("paste", (event) => {
  const copied = event.clipboardData;
  const html = copied.getData("text/html");
  if (html) {
    event.preventDefault();
    const read = new DOMParser().parseFromString(html, "text/html");
    read.querySelectorAll("style, script").forEach((each) => each.remove());
    put(withPictures(html, copied.getData("text/rtf")), read.body.textContent.replace(/\s*\n\s*/g, "\n").trim());
  } else if (copied.files.length) {
    event.preventDefault();
    for (const each of copied.files) {
      if (!each.type.startsWith("image/")) {
        file.files = copied.files;
        continue;
      }
      const reader = new FileReader();
      reader.addEventListener("load", () => put(`<p><img src="${reader.result}"></p>`, `[${page.dataset.picture}]`));
      reader.readAsDataURL(each);
    }
  }
});

document.getElementById("take").addEventListener("click", () => {
  const texts = [...zone.childNodes].flatMap((node) => {
    if (node.dataset?.part) return [parts[node.dataset.part]];
    return (node.innerText ?? node.textContent).split("\n").filter((line) => line.trim()).map((line) => `<p>${escaped(line)}</p>`);
  });
  if (!texts.length) {
    tell(page.dataset.nothing);
    return;
  }
  const first = zone.innerText.split("\n").map((line) => line.trim()).find(Boolean) || "";
  const named = title.value.trim() || (first.length <= 60 ? first : "");
  const head = named ? `<title>${escaped(named)}</title>` : "";
  send(`${page.dataset.pasted}.html`, new Blob([`<meta charset="utf-8">${head}`, ...texts], { type: "text/html" }));
});

buttons.forEach((button) => { button.disabled = false; });
zone.removeAttribute("aria-disabled");
zone.contentEditable = "true";
