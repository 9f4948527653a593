// Search in the index that lies beside the page. How texts are folded, cut and numbered is said in builder/search.

const CJK = /[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\u{20000}-\u{3ffff}]/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const BLANK = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const known = new Map(), variants = new Map();

// The table of simplified characters: each character, followed by the form in which it is compared.
export function learn(table) {
  const chars = [...table];
  for (let at = 0; at + 1 < chars.length; at += 2) variants.set(chars[at], chars[at + 1]);
  known.clear();
}

// What a character folds to: pairs of the folded character and its kind (0 blank, 1 other gap, 2 alphabet, 3 CJK).
function folded(char) {
  let pairs = known.get(char);
  if (!pairs) {
    let form = char.normalize("NFKD");
    form = form.codePointAt(0) < 0x530 ? form.replace(/\p{Mn}/gu, "").normalize("NFC") : char.normalize("NFKC");
    pairs = [];
    for (const char of form.toLowerCase()) {
      const each = variants.get(char) || char;
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
      if (out && (gap === 1 || (gap === 0 && kind !== 3 && last !== 3))) {
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
export function grams(phrase, han = 2) {
  const found = [];
  let run = [], kind = 0;
  const end = () => {
    const size = Math.min(run.length, kind === 3 ? han : 3);
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

const GRAMS = 4, PIECES = 16, DAY = 86400000, LAST_DAY = Date.UTC(2400, 0, 1);
// Days that are none: below the first are branches, then dates, then what has no date, then what holds no more.
const DATED = 2 ** 11, UNDATED = 2 ** 20, REPEALED = UNDATED + DATED;

// An index by the address of its folder, which ends with a slash. What was fetched is kept.
export class Index {
  constructor(base) {
    this.base = base;
    this.fetched = new Map();
  }

  get(path, read) {
    if (!this.fetched.has(path)) {
      const answer = fetch(new URL(path, this.base)).then((response) => {
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

  // Every document of a collection that is read whole, by number.
  async all() {
    const { starts } = await this.head();
    return new Map((await Promise.all(starts.map((start) => this.block(start)))).flatMap((block) => [...block]));
  }

  // What may match, best first: [number, rank], and whether all of it does.
  async candidates(query) {
    const { phrases, year } = query;
    const head = await this.head();
    if (!head.shards) {
      const found = [];
      for (const [number, document] of await this.all()) {
        const rank = ranked(document, query);
        if (rank >= 0) found.push([number, rank]);
      }
      return { found: this.order(head, found, phrases), exact: true };
    }
    let exact = true;
    const sets = phrases.map(async (phrase) => {
      const all = grams(phrase);
      const step = all.length > GRAMS ? (all.length - 1) / (GRAMS - 1) : 1;
      const asked = all.filter((_, place) => Math.floor(place % step) === 0 || place === all.length - 1).slice(-GRAMS - 1);
      exact = exact && all.length === 1;
      return join(await Promise.all(asked.map((gram) => this.holding(hashed(gram)))));
    });
    const filters = this.filters(query);
    if (!sets.length && !filters.length) return { found: [], exact: true };
    const [ranks, ...others] = [...(await Promise.all(sets)), ...(await Promise.all(filters))];
    const found = [];
    for (const [number, first] of ranks) {
      const rest = others.map((other) => other.get(number));
      if (rest.includes(undefined) || !(year === "" || this.inYear(head, number, year))) continue;
      found.push([number, rest.reduce((sum, rank) => sum + rank, first)]);
    }
    return { found: this.order(head, found, phrases), exact };
  }

  // What is nearest to a query that nothing matches: the documents with most of its pieces, rare pieces counting more; where
  // no pieces are together, those that have every character somewhere.
  async nearest(query) {
    const cut = (size) => [...new Set(query.phrases.flatMap((phrase) => grams(phrase, size)))].slice(0, PIECES);
    const pairs = cut(2), near = await this.sharing(pairs, Math.min(2, pairs.length), query);
    if (near.found.length) return near;
    const singles = cut(1);
    return this.sharing(singles, singles.length, query);
  }

  async sharing(pieces, least, query) {
    const head = await this.head(), alone = head.shards ? null : await this.all();
    const holding = async (piece) => {
      if (!alone) return this.holding(hashed(piece));
      const fields = [...alone].map(([number, document]) => [number, foldedTexts(document).findIndex((text) => text.includes(piece))]);
      return new Map(fields.filter(([, field]) => field >= 0));
    };
    const [sets, filters] = await Promise.all([Promise.all(pieces.map(holding)), Promise.all(this.filters(query))]);
    const scores = new Map();
    for (const set of sets) {
      for (const [number, field] of set) {
        const score = scores.get(number) || [0, 0];
        scores.set(number, [score[0] + (1 - field / 8) / (1 + Math.log2(1 + set.size)), score[1] + 1]);
      }
    }
    const found = [];
    for (const [number, [score, count]] of scores) {
      if (count < least || (query.year && !this.inYear(head, number, query.year))) continue;
      if (alone ? chosen(alone.get(number), query) : filters.every((each) => each.has(number))) found.push([number, -score]);
    }
    found.sort(inOrder);
    const enough = found.length ? found[0][1] * 0.6 : 0;
    return { found: found.filter(([, rank]) => rank <= enough), exact: false, pieces };
  }

  // The documents that each filter leaves.
  filters({ branch, below, section }) {
    const marked = (kind, name) => this.holding((hashed(`\0${kind}\0${name}`) | 1) >>> 0, 1);
    const filters = [["branch", branch], ["section", section]].filter(([, name]) => name).map(([kind, name]) => marked(kind, name));
    if (below) {
      const both = [marked("branch", below.slug), marked("above", below.slug)];
      filters.push(Promise.all(both).then(([own, more]) => new Map([...own, ...more])));
    }
    return filters;
  }

  // Branches whose names, people or rooms match come first, what holds no more last.
  order(head, found, phrases) {
    const kind = ([number, rank]) => {
      const day = Math.floor(number / 2 ** head.slots);
      return day >= REPEALED ? 1000 : day < DATED && rank <= phrases.length ? -1000 : 0;
    };
    return found.map((row) => [row[0], row[1] + kind(row)]).sort(inOrder);
  }

  inYear(head, number, year) {
    let day = Math.floor(number / 2 ** head.slots);
    if (day >= REPEALED) day -= REPEALED;
    return day >= DATED && day < UNDATED && new Date(LAST_DAY - day * DAY).getUTCFullYear() === Number(year);
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

function foldedTexts(document) {
  document.folded = document.folded || texts(document).map((text) => fold(text.normalize("NFC")).text);
  return document.folded;
}

// Whether the filters leave a document.
function chosen([, date, owner, place], { branch, below, section, year }) {
  return !((branch && owner !== branch) || (below && !below.all.has(owner)) || (section && place !== section) || (year && !date.startsWith(`${year}-`)));
}

// The sum of the fields in which each phrase is found first; -1 if one is in none, or a filter leaves it out.
function ranked(document, query) {
  if (!chosen(document, query)) return -1;
  let sum = 0;
  for (const phrase of query.phrases) {
    const field = foldedTexts(document).findIndex((text) => find(text, phrase) >= 0);
    if (field < 0) return -1;
    sum += field;
  }
  return sum;
}

// A date in another spelling becomes the one that events have: 十一月 and 03月05号.
const HAN_NUMBERS = "一二三四五六七八九";
function dateSpelling(phrase) {
  const number = (text) => {
    if (/^\d+$/.test(text)) return Number(text);
    const [tens, ones] = text.includes("十") ? text.split("十") : ["", text];
    return (text.includes("十") ? 10 * (HAN_NUMBERS.indexOf(tens) + 1 || 1) : 0) + HAN_NUMBERS.indexOf(ones) + 1;
  };
  const form = /^(\d{4}年)?([\d一二三四五六七八九十]{1,3})月(?:([\d一二三四五六七八九十]{1,3})[日号]?)?$/.exec(phrase);
  return form ? `${form[1] || ""}${number(form[2])}月${form[3] ? `${number(form[3])}日` : ""}` : phrase;
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
  for (let at = spans.length - 1; at > 0; at--) {
    if (spans[at][0] > spans[at - 1][1]) continue;
    spans[at - 1][1] = Math.max(spans[at - 1][1], spans[at][1]);
    spans.splice(at, 1);
  }
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
  const whole = document.getElementById("bp-whole");
  const table = () => index.get(new URL(said.variants, document.baseURI).href, async (response) => learn(await response.text()));
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

  // The branch and the section of a result, by name.
  const named = (branch, section) => [titled("branch", branch), titled("section", section)];

  // The whole texts of the branches that results name lie in their own searches.
  function offer(branch, query) {
    if (!whole || !branch || !query.q || whole.children.length > 2 || whole.querySelector(`[data-branch="${branch}"]`)) return;
    const option = field("branch") && [...field("branch").options].find((each) => each.value === branch);
    if (!option) return;
    const link = element("a", element("li", whole), said.textWhole.replace("{name}", option.text.trim()));
    link.dataset.branch = branch;
    link.href = `${option.dataset.url || `${root}/${branch}/search/`}?${new URLSearchParams({ q: query.q })}`;
  }

  function show([url, date, branch, section, title, keywords = [], summary = "", text = "", , above = [], standing = ""], phrases) {
    const row = element("li", list);
    row.className = "row";
    const link = element("a", element("h3", row), marked(title, phrases).out);
    link.href = url.startsWith("/") ? root + url : url;
    const hits = [summary, text].filter(Boolean).map((each) => marked(each, phrases, SIZE));
    const shown = hits.find((each) => each.hit) || hits[0];
    if (shown) element("p", row, shown.out).className = "summary";
    const line = element("p", row);
    line.className = "byline";
    const state = { branch: said.textBranch, repealed: said.textRepealed }[standing];
    if (state) element("span", line, state).className = standing === "repealed" ? "state state-off" : "state";
    if (date) element("time", line, dates.format(new Date(date))).dateTime = date;
    const names = standing === "branch" ? [titled("branch", above[above.length - 1])] : named(branch, section);
    for (const each of names) if (each) element("span", line, each);
    // Days by which an event is found are shown as its date.
    const words = keywords.filter((word) => !/^\d{4}-\d\d-\d\d /.test(word));
    for (const each of words.map((word) => marked(word, phrases))) if (each.hit) element("span", line, each.out);
    return link;
  }

  async function search() {
    const mine = ++turn;
    const asked = Object.fromEntries(names.map((name) => [name, field(name) ? field(name).value.trim() : ""]));
    const query = { ...asked, phrases: [] };
    if (asked.branch.endsWith("/")) Object.assign(query, { branch: "", below: subtree(asked.branch) });
    const address = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    history.replaceState(null, "", `${address}` ? `?${address}` : location.pathname);
    if (everywhere) everywhere.search = asked.q ? `?${new URLSearchParams({ q: asked.q })}` : "";
    const clear = () => {
      list.replaceChildren();
      more.hidden = true;
      if (whole) whole.replaceChildren();
    };
    if (asked.q) await table().catch(() => {});
    if (mine !== turn) return;
    const words = asked.q.normalize("NFC").split(/\s+/).map((word) => fold(word).text);
    query.phrases = [...new Set(words.filter(Boolean))].slice(0, 8);
    if (!query.phrases.length && !query.branch && !query.below && !query.section) {
      clear();
      status.textContent = asked.q || query.year ? said.textType : "";
      return;
    }
    status.textContent = said.textBusy;
    try {
      const spelled = { ...query, phrases: query.phrases.map(dateSpelling) };
      let asking = spelled, answer = await index.candidates(spelled), near = false;
      if (!answer.found.length && `${spelled.phrases}` !== `${query.phrases}`) answer = await index.candidates((asking = query));
      const nearest = async () => {
        near = true;
        answer = await index.nearest(query);
        asking = { ...query, phrases: answer.pieces };
        place = 0;
      };
      let place = 0, shown = 0;
      if (!answer.found.length && query.phrases.length) await nearest();
      next = async () => {
        const links = [];
        while (place < answer.found.length && links.length < PAGE) {
          const part = answer.found.slice(place, place + PAGE - links.length);
          const documents = await Promise.all(part.map(([number]) => index.document(number)));
          if (mine !== turn) return links;
          if (!shown) clear();
          place += part.length;
          for (const each of documents) {
            if (!each || !chosen(each, query) || (!near && ranked(each, asking) < 0)) continue;
            links.push(show(each, asking.phrases));
            if (shown < PAGE) offer(each[2], query);
            shown++;
          }
          // Pieces that stand apart were taken for the whole.
          if (!shown && !near && place >= answer.found.length && query.phrases.length) await nearest();
        }
        if (mine !== turn) return links;
        if (!shown) clear();
        offer(query.branch, query);
        more.hidden = place >= answer.found.length;
        const [text, count] = more.hidden ? [said.textFound, shown] : [answer.exact ? said.textFound : said.textAbout, answer.found.length];
        const found = near ? said.textNear.replace("{q}", asked.q) : (count === 1 ? said.textOne : text).replace("{n}", count);
        status.textContent = shown ? found : said.textNone;
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
  if (!`${given}`) field("q").focus({ preventScroll: true });
  if (`${given}`) search().finally(() => document.documentElement.classList.remove("asked"));
  else field("q").addEventListener("focus", () => index.head().catch(() => {}), { once: true });
}

const form = document.getElementById("bp-search");
if (form) start(form);
