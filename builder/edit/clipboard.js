// The pictures of what was copied.
// Word names its pictures by files of its own and puts them beside the text, as RTF: https://learn.microsoft.com/openspecs/office_file_formats
const inRtf = (rtf) => rtf.split("{\\pict").slice(1).flatMap((part) => {
  const match = /\\(png|jpeg)blip[^]*?([0-9a-f\s]{100,})\}/i.exec(part);
  if (!match) return [];
  const bytes = match[2].replace(/\s+/g, "").match(/../g).map((pair) => parseInt(pair, 16));
  let binary = "";
  for (const each of bytes) binary += String.fromCharCode(each);
  return [`data:image/${match[1].toLowerCase()};base64,${btoa(binary)}`];
});

// Returns HTML in which the pictures that Word copied beside it stand themselves.
export const withPictures = (html, rtf) => {
  const named = /(<img\b[^>]*?\bsrc=")(file:[^"]*)(")/gi;
  const found = inRtf(rtf);
  const wanted = html.match(named) || [];
  if (!found.length || found.length !== wanted.length) return html;
  let number = 0;
  return html.replace(named, (all, before, old, after) => before + found[number++] + after);
};
