// Search in the index that lies beside the page. How texts are folded, cut and numbered is said in builder/search.

const CJK = /[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\u{20000}-\u{3ffff}]/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const BLANK = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const known = new Map();

// What a character folds to: pairs of the folded character and its kind (0 blank, 1 other gap, 2 alphabet, 3 CJK).
function folded(char) {
  let pairs = known.get(char);
  if (!pairs) {
    let form = char.normalize("NFKD");
    form = form.codePointAt(0) < 0x530 ? form.replace(/\p{Mn}/gu, "").normalize("NFC") : char.normalize("NFKC");
    pairs = [];
    for (const each of form.toLowerCase()) {
      if (CJK.test(each)) pairs.push([each, 3]);
      else if (WORD.test(each)) pairs.push([each, 2]);
      else if (!/\p{Cf}/u.test(each)) pairs.push([" ", BLANK.test(each) ? 0 : 1]);
    }
    known.set(char, pairs);
  }
  return pairs;
}

// The folded text, and for each of its code units the place in the (NFC) text that it comes from.
export function fold(text) {
  const places = [];
  let out = "", gap = -1, last = 0, place = 0;
  for (const char of text) {
    for (const [each, kind] of folded(char)) {
      if (kind < 2) {
        gap = Math.max(gap, kind);
        continue;
      }
      if (out && (gap === 1 || (gap === 0 && !(kind === 3 && last === 3)))) {
        out += " ";
        places.push(place);
      }
      gap = -1;
      last = kind;
      out += each;
      for (let unit = 0; unit < each.length; unit++) places.push(place);
    }
    place += char.length;
  }
  return { text: out, places };
}

// The pieces to ask the index for: of every run of one script the longest ones there are.
export function grams(phrase) {
  const found = [];
  let run = [], kind = 0;
  const end = () => {
    const size = Math.min(run.length, kind === 3 ? 2 : 3);
    for (let at = 0; size && at + size <= run.length; at++) found.push(run.slice(at, at + size).join(""));
    run = [];
  };
  for (const char of phrase) {
    const next = char === " " ? 0 : CJK.test(char) ? 3 : 2;
    if (next !== kind) end();
    kind = next;
    if (kind) run.push(char);
  }
  end();
  return [...new Set(found)];
}

export function hashed(gram) {
  let value = 0x811c9dc5, length = 0;
  for (const char of gram) {
    value = Math.imul(value ^ char.codePointAt(0), 0x01000193);
    length++;
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39);
  return ((value ^ (value >>> 15)) & ~1 | (length === 1 ? 1 : 0)) >>> 0;
}

// Where a folded phrase stands in a folded text, from a place on; a letter alone is no part of a longer word.
function find(text, phrase, from = 0) {
  const free = (char) => !char || char === " " || CJK.test(char);
  const units = [...phrase];
  const head = !free(units[0]) && free(units[1]), tail = !free(units[units.length - 1]) && free(units[units.length - 2]);
  for (let at = text.indexOf(phrase, from); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const before = [...text.slice(Math.max(0, at - 2), at)].pop();
    const after = [...text.slice(at + phrase.length, at + phrase.length + 2)][0];
    if ((!head || free(before)) && (!tail || free(after))) return at;
  }
  return -1;
}

// Numbers written as LEB128, from a place in some bytes to another.
function* numbers(bytes, from, end) {
  for (let at = from, number = 0, unit = 1; at < end; at++) {
    number += (bytes[at] & 127) * unit;
    unit *= 128;
    if (bytes[at] < 128) {
      yield [number, at + 1];
      number = 0;
      unit = 1;
    }
  }
}

class Shard {
  constructor(bytes) {
    let [count, at] = bytes.length ? numbers(bytes, 0, bytes.length).next().value : [0, 0];
    this.bytes = bytes;
    this.keys = at;
    this.count = count;
    this.ends = [];
    at += 3 * count;
    const lengths = [];
    for (const [length, next] of count ? numbers(bytes, at, bytes.length) : []) {
      lengths.push(length);
      at = next;
      if (lengths.length === count) break;
    }
    this.ends = [at, ...lengths.map((length) => (at += length))];
  }

  row(key) {
    let low = 0, high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.key(middle) < key) low = middle + 1;
      else high = middle;
    }
    const found = [];
    if (low === this.count || this.key(low) !== key) return found;
    let last = 0;
    for (const [gap] of numbers(this.bytes, this.ends[low], this.ends[low + 1])) found.push((last += gap));
    return found;
  }

  key(row) {
    const at = this.keys + 3 * row;
    return (this.bytes[at] << 16) | (this.bytes[at + 1] << 8) | this.bytes[at + 2];
  }
}

const GRAMS = 4, DAY = 86400000, LAST_DAY = Date.UTC(2400, 0, 1), UNDATED = 2 ** 20;

// An index by the address of its folder, which ends with a slash. What was fetched is kept.
export class Index {
  constructor(base) {
    this.base = base;
    this.fetched = new Map();
  }

  get(path, read) {
    if (!this.fetched.has(path)) {
      const answer = fetch(this.base + path).then((response) => {
        if (response.ok) return read(response);
        if (response.status === 404 && path.endsWith(".bin")) return null;
        throw new Error(`${path}: ${response.status}`);
      });
      answer.catch(() => this.fetched.delete(path));
      this.fetched.set(path, answer);
    }
    return this.fetched.get(path);
  }

  async head() {
    const head = await this.get("index.json", (response) => response.json());
    if (!head.starts) {
      let start = 0;
      head.starts = head.blocks.map((more) => (start += more));
    }
    return head;
  }

  block(start) {
    return this.get(`blocks/${start.toString(36)}.json`, async (response) => new Map(await response.json()));
  }

  // The documents that hold a piece: number to field (0 title, 1 keywords, 2 summary, 3 text).
  async holding(piece, fields = 4) {
    const { shards } = await this.head();
    const single = piece & 1, files = single ? Math.max(1, shards >> 2) : shards;
    const path = `${single ? "marks" : "grams"}/${(piece >>> 1) % files}.bin`;
    const shard = await this.get(path, async (response) => new Shard(new Uint8Array(await response.arrayBuffer())));
    const found = new Map();
    for (let field = fields - 1; shard && field >= 0; field--) {
      for (const number of shard.row((piece >>> 10) * 4 + field)) found.set(number, field);
    }
    return found;
  }

  // What may match, best first: [number, rank], and whether all of it does.
  async candidates(query) {
    const { phrases, branch, below, section, year } = query;
    const head = await this.head();
    if (!head.shards) {
      const blocks = await Promise.all(head.starts.map((start) => this.block(start)));
      const found = [];
      for (const block of blocks) {
        for (const [number, document] of block) {
          const rank = ranked(document, query);
          if (rank >= 0) found.push([number, rank]);
        }
      }
      return { found: found.sort(inOrder), exact: true };
    }
    let exact = true;
    const sets = phrases.map(async (phrase) => {
      const all = grams(phrase);
      const step = all.length > GRAMS ? (all.length - 1) / (GRAMS - 1) : 1;
      const asked = all.filter((_, place) => Math.floor(place % step) === 0 || place === all.length - 1).slice(-GRAMS - 1);
      exact = exact && all.length === 1;
      return join(await Promise.all(asked.map((gram) => this.holding(hashed(gram)))));
    });
    const marks = [["branch", branch], ["section", section]].filter(([, name]) => name);
    const marked = (kind, name) => this.holding((hashed(`\0${kind}\0${name}`) | 1) >>> 0, 1);
    const filters = marks.map(([kind, name]) => marked(kind, name));
    if (below) {
      const both = [marked("branch", below.slug), marked("above", below.slug)];
      filters.push(Promise.all(both).then(([own, more]) => new Map([...own, ...more])));
    }
    if (!sets.length && !filters.length) return { found: [], exact: true };
    const [ranks, ...others] = [...(await Promise.all(sets)), ...(await Promise.all(filters))];
    const found = [];
    for (const [number, first] of ranks) {
      const rest = others.map((other) => other.get(number));
      if (rest.includes(undefined) || !(year === "" || this.inYear(head, number, year))) continue;
      found.push([number, rest.reduce((sum, rank) => sum + rank, first)]);
    }
    return { found: found.sort(inOrder), exact };
  }

  inYear(head, number, year) {
    const day = Math.floor(number / 2 ** head.slots);
    return day < UNDATED && new Date(LAST_DAY - day * DAY).getUTCFullYear() === Number(year);
  }

  async document(number) {
    const { starts } = await this.head();
    let low = 0, high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= number) low = middle + 1;
      else high = middle;
    }
    return low ? (await this.block(starts[low - 1])).get(number) : undefined;
  }
}

const inOrder = (one, other) => one[1] - other[1] || one[0] - other[0];

// What all have, each with its worst field.
function join([first, ...others]) {
  const found = new Map();
  for (const [number, field] of first || []) {
    const fields = others.map((other) => other.get(number));
    if (!fields.includes(undefined)) found.set(number, Math.max(field, ...fields));
  }
  return found;
}

const texts = ([, , , , title, keywords = [], summary = "", text = ""]) => [title, keywords.join("\n·\n"), summary, text];

// The sum of the fields in which each phrase is found first; -1 if one is in none, or a filter leaves it out.
function ranked(document, { phrases, branch, below, section, year }) {
  const [, date, owner, place] = document;
  if ((branch && owner !== branch) || (below && !below.all.has(owner)) || (section && place !== section) || (year && !date.startsWith(`${year}-`))) return -1;
  document.folded = document.folded || texts(document).map((text) => fold(text.normalize("NFC")).text);
  let sum = 0;
  for (const phrase of phrases) {
    const field = document.folded.findIndex((text) => find(text, phrase) >= 0);
    if (field < 0) return -1;
    sum += field;
  }
  return sum;
}

// A text with what was looked for marked: all of it, or with a size the part around the first place.
function marked(text, phrases, size = 0) {
  const plain = text.normalize("NFC"), form = fold(plain);
  const spans = [];
  for (const phrase of phrases) {
    for (let at = find(form.text, phrase); at >= 0; at = find(form.text, phrase, at + phrase.length)) {
      const last = form.places[at + phrase.length - 1];
      spans.push([form.places[at], last + String.fromCodePoint(plain.codePointAt(last)).length]);
    }
  }
  spans.sort((one, other) => one[0] - other[0]);
  let from = 0, end = plain.length;
  if (size && plain.length > size) {
    from = Math.max(0, Math.min((spans[0] || [0])[0] - size / 4, plain.length - size));
    from = from && plain.slice(0, from).length;
    end = from + size;
  }
  const out = document.createDocumentFragment();
  const add = (upto) => out.append([...plain.slice(at, upto)].join("").replace(/\n/g, " "));
  let at = Math.floor(from);
  end = Math.floor(end);
  if (at) out.append("…");
  for (const [start, stop] of spans) {
    if (start < at || stop > end) continue;
    add(start);
    const mark = out.appendChild(document.createElement("mark"));
    mark.textContent = plain.slice(start, stop);
    at = stop;
  }
  add(end);
  if (end < plain.length) out.append("…");
  return { out, hit: spans.length > 0 };
}

function start(form) {
  const said = form.dataset, root = said.root, PAGE = 10, SIZE = 140;
  const index = new Index(new URL(said.index, document.baseURI).href);
  const list = document.getElementById("bp-results"), status = document.getElementById("bp-status");
  const more = document.getElementById("bp-more"), everywhere = document.getElementById("bp-everywhere");
  const names = ["q", "branch", "section", "year"];
  const field = (name) => form.elements[name];
  const dates = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
  let turn = 0, next = () => {};

  const element = (name, parent, ...content) => {
    const made = parent.appendChild(document.createElement(name));
    made.append(...content);
    return made;
  };
  const titled = (name, value) => {
    const option = field(name) && [...field(name).options].find((each) => each.value === value);
    return option ? option.text.trim() : "";
  };

  // A branch with all below it: the choices behind it that are deeper.
  const subtree = (value) => {
    const choices = [...field("branch").options], place = choices.findIndex((each) => each.value === value);
    const depth = (each) => Number(each.dataset.depth || 0);
    const rest = choices.slice(place + 1), end = rest.findIndex((each) => depth(each) <= depth(choices[place]));
    return { slug: value.slice(0, -1), all: new Set(rest.slice(0, end < 0 ? rest.length : end).map((each) => each.value)) };
  };

  function show([url, date, branch, section, title, keywords = [], summary = "", text = ""], phrases) {
    const row = element("li", list);
    row.className = "row";
    const link = element("a", element("h3", row), marked(title, phrases).out);
    link.href = url.startsWith("/") ? root + url : url;
    const hits = [summary, text].filter(Boolean).map((each) => marked(each, phrases, SIZE));
    const shown = hits.find((each) => each.hit) || hits[0];
    if (shown) element("p", row, shown.out).className = "summary";
    const line = element("p", row);
    line.className = "byline";
    if (date) element("time", line, dates.format(new Date(date))).dateTime = date;
    for (const each of [titled("branch", branch), titled("section", section)]) if (each) element("span", line, each);
    for (const each of keywords.map((word) => marked(word, phrases))) if (each.hit) element("span", line, each.out);
    return link;
  }

  async function search() {
    const mine = ++turn;
    const asked = Object.fromEntries(names.map((name) => [name, field(name) ? field(name).value.trim() : ""]));
    const words = asked.q.normalize("NFC").split(/\s+/).map((word) => fold(word).text);
    const query = { ...asked, phrases: [...new Set(words.filter(Boolean))].slice(0, 8) };
    if (asked.branch.endsWith("/")) Object.assign(query, { branch: "", below: subtree(asked.branch) });
    const address = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    history.replaceState(null, "", `${address}` ? `?${address}` : location.pathname);
    if (everywhere) everywhere.search = asked.q ? `?${new URLSearchParams({ q: asked.q })}` : "";
    const clear = () => { list.replaceChildren(); more.hidden = true; };
    if (!query.phrases.length && !query.branch && !query.below && !query.section) {
      clear();
      status.textContent = asked.q || query.year ? said.textType : "";
      return;
    }
    status.textContent = said.textBusy;
    try {
      const { found, exact } = await index.candidates(query);
      let place = 0, shown = 0;
      next = async () => {
        const links = [];
        while (place < found.length && links.length < PAGE) {
          const part = found.slice(place, place + PAGE - links.length);
          const documents = await Promise.all(part.map(([number]) => index.document(number)));
          if (mine !== turn) return links;
          if (!shown) clear();
          place += part.length;
          for (const each of documents) {
            if (!each || ranked(each, query) < 0) continue;
            links.push(show(each, query.phrases));
            shown++;
          }
        }
        if (mine !== turn) return links;
        if (!shown) clear();
        more.hidden = place >= found.length;
        const [text, count] = more.hidden ? [said.textFound, shown] : [exact ? said.textFound : said.textAbout, found.length];
        status.textContent = shown ? (count === 1 ? said.textOne : text).replace("{n}", count) : said.textNone;
        return links;
      };
      if (mine === turn) await next();
    } catch {
      if (mine === turn) status.textContent = said.textFailed;
    }
  }

  let timer = 0;
  const soon = (event) => {
    if (event.type === "change" && event.target === field("q")) return;
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(search, event.type === "change" ? 0 : 250);
  };
  for (const type of ["input", "change", "compositionend"]) form.addEventListener(type, soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  more.addEventListener("click", async () => {
    const [first] = await next();
    if (first) first.focus();
  });
  // Down and up lead through the field and the results, a slash to the field.
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = field("q"), here = document.activeElement;
    const stops = [box, ...list.querySelectorAll("h3 a")], at = stops.indexOf(here);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    let to;
    if (step && at >= 0) to = stops[at + step];
    else if (event.key === "Escape" && at > 0) to = box;
    else if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(here.tagName)) to = box;
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  const given = new URLSearchParams(location.search);
  for (const name of names) if (field(name) && given.has(name)) field(name).value = given.get(name);
  form.hidden = false;
  if (`${given}`) search().finally(() => document.documentElement.classList.remove("asked"));
  else field("q").addEventListener("focus", () => index.head().catch(() => {}), { once: true });
}

const form = document.getElementById("bp-search");
if (form) start(form);
