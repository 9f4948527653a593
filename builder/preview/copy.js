// The text as the editor of WeChat takes it, with its look: https://www.w3.org/TR/clipboard-apis/
export const copy = async (html) => {
  const plain = new DOMParser().parseFromString(html, "text/html").body.innerText;
  if (navigator.clipboard && window.ClipboardItem) {
    const kinds = { "text/html": html, "text/plain": plain };
    const blobs = Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], { type: kind })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return;
  }
  // Without https, and on another machine than this, there is only the older way.
  const put = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", plain);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  if (!document.execCommand("copy")) throw new Error();
};
