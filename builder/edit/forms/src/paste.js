// What is pasted into the editor of a text comes from the server as our Markdown, or as the HTML that this is: hidden nodes, styles
// and addresses of pictures elsewhere never reach the editor. Where that fails, it is pasted as it was copied.
import { withPictures } from "../../clipboard.js";

const OWN = "application/x-lexical-editor";
const PATIENCE = 15_000, LOOKS = 50;
const given = new WeakSet();

const IN_CLIPBOARD = /<img\b[^>]*?\bsrc=(["'])(data:image\/(?:png|jpeg|gif|webp);base64,[^"']+)\1[^>]*>/gi;
// What lies in the address of another picture may be large.
const light = (html) => html.replace(/\bdata:image\/[^"'\s>)]{200,}/gi, "data:,");

const seen = (html) => {
  const read = new DOMParser().parseFromString(html, "text/html");
  read.querySelectorAll("style, script").forEach((each) => each.remove());
  return read.body.textContent.trim();
};

const transfer = (kinds, files = []) => {
  const made = new DataTransfer();
  for (const [kind, text] of Object.entries(kinds)) made.setData(kind, text);
  for (const file of files) made.items.add(file);
  return made;
};

const picturesOf = async (html) => {
  const files = [], when = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  for (const [, , address] of html.matchAll(IN_CLIPBOARD)) {
    const blob = await (await fetch(address)).blob();
    const name = `${when}-${files.length + 1}.${blob.type.slice(6).replace("jpeg", "jpg")}`;
    files.push(new File([blob], name, { type: blob.type }));
  }
  return files;
};

const pasteRich = (target, clipboardData) => {
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true });
  given.add(event);
  target.dispatchEvent(event);
};

// A block begins on a line of its own, with an empty one before it.
const pasteRaw = (area, text, isMarkdown) => {
  const before = area.value.slice(0, area.selectionStart), after = area.value.slice(area.selectionEnd);
  const words = isMarkdown ? text.trimEnd() : text;
  const isBlock = isMarkdown && /\n|^(?:#|[-+*>|] |\d+[.)] )/.test(words);
  const start = !isBlock || !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const end = !isBlock || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  area.focus();
  if (document.execCommand("insertText", false, start + words + end)) return;
  area.setRangeText(start + words + end, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
};

// The form makes a file of the entry of each picture that it can read; returns how many that are.
const pastePictures = async (target, pictures) => {
  const count = () => target.querySelectorAll("[data-lexical-decorator]").length;
  const before = count();
  pasteRich(target, transfer({}, pictures));
  for (let look = 0; look < LOOKS && count() < before + pictures.length; look += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return Math.max(0, count() - before);
};

// The fields of a picture stand in the editor, too.
const isField = (target) => target.matches("input") || Boolean(target.matches("textarea") && target.closest(".lexical-root"));

const isCode = (target) => {
  const node = target instanceof HTMLTextAreaElement ? target : getSelection()?.anchorNode;
  const element = node instanceof Element ? node : node?.parentElement;
  return Boolean(element?.closest(".lexical-root.code, code, pre"));
};

// `clean` sends the HTML to the server and gives what it says, with only `notes` if nothing can be pasted; `tell` shows what was left
// out, and how many pictures were added and how many were not, `fail` that nothing was cleaned.
export const cleanPasted = (clean, tell, fail) => {
  // Safari of old makes no event with something in it.
  if (!new ClipboardEvent("paste", { clipboardData: new DataTransfer() }).clipboardData) return;
  let last = Promise.resolve();
  addEventListener("paste", (event) => {
    const target = event.target, data = event.clipboardData;
    if (given.has(event) || !(target instanceof Element) || !target.closest(".sui.text-editor")) return;
    const area = target instanceof HTMLTextAreaElement ? target : null;
    const html = data?.getData("text/html");
    if (!html || data.types.includes(OWN) || isField(target) || isCode(target)) return;
    // A picture that was copied by itself is a file for the form.
    if (data.files.length && !seen(html)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // Nothing of the clipboard can be read after the event.
    const kinds = Object.fromEntries([...data.types].filter((kind) => kind !== "Files").map((kind) => [kind, data.getData(kind)]));
    const files = [...data.files];
    const whole = area ? html : withPictures(html, kinds["text/rtf"] || "");
    const asked = Promise.all([
      clean(light(area ? whole : whole.replace(IN_CLIPBOARD, "")), AbortSignal.timeout(PATIENCE)),
      area ? [] : picturesOf(whole),
    ]);
    asked.catch(() => {});
    last = last.then(async () => {
      let said = null, pictures = [];
      try { [said, pictures] = await asked; } catch { /* Then as it was copied. */ }
      if (!target.isConnected) return;
      if (!said) {
        if (area) pasteRaw(area, kinds["text/plain"] || seen(html), false);
        else pasteRich(target, transfer(kinds, files));
        fail();
        return;
      }
      if (area && said.markdown) pasteRaw(area, said.markdown, true);
      if (!area && said.html) {
        // A picture stands in a paragraph of its own.
        const shown = pictures.length ? `${said.html}<p><br></p>` : said.html;
        pasteRich(target, transfer({ "text/html": shown, "text/plain": seen(shown) }));
      }
      const added = pictures.length ? await pastePictures(target, pictures) : 0;
      if (said.notes.length || pictures.length) tell(said.notes, added, pictures.length - added);
    });
  }, true);
};
