// The text: leaves are fetched as they come near and dropped when far, places are kept, words are found.
"use strict";
{
  const page = document.getElementById("coding"), text = document.getElementById("text");
  const size = Number(page.dataset.leaf), first = Number(page.dataset.first), whole = page.dataset.whole ? "?whole=1" : "";
  const leaves = [...text.querySelectorAll(".leaf")].map(() => null);
  const fetching = new Map();
  const MOST_FULL = 24, NEAR = 1500;
  const element = (n) => document.getElementById(`leaf-${n}`);

  const length = (words) => { let n = 0; for (const _ of words) n++; return n; };
  const plain = (words) => !/[\ud800-\udfff]/.test(words);
  // Code points before a place in a node's text: offsets of documents count characters, a browser counts units.
  Coding.count = (words) => (plain(words) ? words.length : length(words));
  const units = (words, points) => (plain(words) ? points : [...words].slice(0, points).join("").length);

  // Places for leaves that are not here yet are as high as their words will roughly be.
  const guess = (empty) => {
    const LINE = 27, LETTER = 8.2, letters = Math.min(Math.max(text.clientWidth - 80, 200), 704) / LETTER;
    for (const leaf of empty) leaf.style.height = `${Math.ceil((Number(leaf.dataset.characters) / letters) * LINE * 1.25)}px`;
  };
  const full = (leaf) => leaf.dataset.full === "1";

  // What one reads stays where it is while something above it changes height.
  function steady(change) {
    const top = text.getBoundingClientRect().top;
    const anchor = [...text.querySelectorAll(".leaf[data-full] .p")].find((p) => p.getBoundingClientRect().bottom > top);
    const before = anchor && anchor.getBoundingClientRect().top;
    change();
    if (anchor && anchor.isConnected) text.scrollTop += anchor.getBoundingClientRect().top - before;
  }
  const watch = new IntersectionObserver(
    (seen) => { for (const each of seen) if (each.isIntersecting && !full(each.target)) load(Number(each.target.dataset.leaf)); },
    { root: text, rootMargin: `${NEAR}px 0px` },
  );
  function load(n) {
    const leaf = element(n);
    if (!leaf || full(leaf)) return Promise.resolve(leaf);
    if (!fetching.has(n)) fetching.set(n, fetched(n).finally(() => fetching.delete(n)));
    return fetching.get(n);
  }
  async function fetched(n) {
    const answer = await fetch(`${page.dataset.url}leaf/${n}/${whole}`, { headers: { "HX-Request": "true" }, redirect: "manual" }).catch(() => null);
    if (!answer || !answer.ok) {
      Coding.say("This part of the text cannot be fetched just now; scroll there again in a moment.");
      return element(n);
    }
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const fresh = box.content.firstElementChild;
    steady(() => element(n).replaceWith(fresh));
    watch.observe(fresh);
    thin(n);
    Coding.leafCame(fresh);
    return fresh;
  }
  function thin(near) {
    const filled = [...text.querySelectorAll(".leaf[data-full]")];
    if (filled.length <= MOST_FULL) return;
    const far = filled.sort((a, b) => Math.abs(b.dataset.leaf - near) - Math.abs(a.dataset.leaf - near))[0];
    if (far.contains(document.activeElement)) return;
    steady(() => {
      far.style.height = `${far.offsetHeight}px`;
      delete far.dataset.full;
      far.replaceChildren();
    });
  }

  const start = (p) => Number(p.dataset.start);
  Coding.startOf = start;
  Coding.endOf = (p) => start(p) + Coding.count(p.textContent);
  Coding.passage = async (number) => {
    const leaf = await load(Math.max(0, Math.min(leaves.length - 1, Math.floor((number - first) / size))));
    return document.getElementById(`p-${number}`) || (leaf && leaf.querySelector(".p"));
  };
  // The passage that holds a character of the document.
  Coding.passageAt = async (offset) => {
    let n = leaves.length - 1;
    while (n > 0 && Number(element(n).dataset.start) > offset) n--;
    const leaf = n >= 0 && (await load(n));
    if (!leaf) return null;
    return [...leaf.querySelectorAll(".p")].filter((p) => start(p) <= offset).pop() || leaf.querySelector(".p");
  };
  Coding.numberOf = (p) => Number(p.id.slice(2));
  Coding.bring = (p, share = 0.3) => {
    if (!p) return;
    const box = text.getBoundingClientRect(), at = p.getBoundingClientRect();
    if (at.top < box.top + 40 || at.bottom > box.bottom - 40) text.scrollTop += at.top - box.top - box.height * share;
  };
  Coding.visiblePassages = () => {
    const box = text.getBoundingClientRect();
    return [...text.querySelectorAll(".leaf[data-full] .p")].filter((p) => {
      const at = p.getBoundingClientRect();
      return at.bottom > box.top && at.top < box.bottom;
    });
  };

  // A browser's ranges over [from, to), as far as it is on the page: one for each passage, as what stands between
  // passages there, such as the number of a page, is not of the document.
  function point(p, offset) {
    let left = offset - start(p), last = null;
    const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const points = Coding.count(node.data);
      if (left <= points) return [node, units(node.data, left)];
      left -= points;
      last = node;
    }
    return last ? [last, last.data.length] : [p, 0];
  }
  const rangesOf = (from, to) => {
    const here = [...text.querySelectorAll(".leaf[data-full] .p")].filter((p) => start(p) < to && Coding.endOf(p) > from);
    return here.map((p) => {
      const range = document.createRange();
      range.setStart(...point(p, Math.max(from, start(p))));
      range.setEnd(...point(p, Math.min(to, Coding.endOf(p))));
      return range;
    });
  };
  Coding.drawn = {};
  Coding.draw = (name, spans) => {
    Coding.drawn[name] = spans;
    if (!window.CSS || !CSS.highlights) return;
    const ranges = spans.flatMap(([from, to]) => rangesOf(from, to));
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  };
  Coding.redraw = () => { for (const name of Object.keys(Coding.drawn)) Coding.draw(name, Coding.drawn[name]); };
  Coding.leafCame = (leaf) => { Coding.redraw(); Coding.markNow(); Coding.cared(leaf); };

  // Find: the server looks through the whole text; the page goes from hit to hit.
  const box = document.getElementById("find-words"), said = document.getElementById("found");
  let hits = [], at = -1, asked = "", more = false, typing = 0, failed = false;
  const tell = () => {
    said.textContent = failed ? "The server does not answer; Enter tries again" : !asked ? "" : hits.length ? `${at + 1} of ${hits.length}${more ? " or more" : ""}` : "Not found";
  };
  async function look() {
    const words = box.value.trim();
    if (words === asked) return;
    asked = words;
    const address = `${page.dataset.url}find/?q=${encodeURIComponent(words)}${whole.replace("?", "&")}`;
    const answer = words ? await fetch(address, { redirect: "manual" }).catch(() => null) : null;
    if (words !== box.value.trim()) return;
    failed = Boolean(words) && !(answer && answer.ok);
    if (failed) asked = "";
    const told = words && !failed ? await answer.json() : { hits: [], more: false };
    hits = told.hits;
    more = told.more;
    at = -1;
    const here = Coding.visiblePassages()[0];
    const from = hits.findIndex(([from]) => here && from >= start(here));
    if (hits.length) await go(from < 0 ? 0 : from);
    else Coding.draw("found", []), Coding.draw("found-now", []), tell();
  }
  async function go(n) {
    at = (n + hits.length) % hits.length;
    const p = await Coding.passage(hits[at][2]);
    Coding.bring(p);
    Coding.draw("found", hits.slice(Math.max(0, at - 200), at + 200));
    Coding.draw("found-now", [hits[at]]);
    tell();
  }
  box.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(look, 180); });
  document.getElementById("find").addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("keydown", async (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (box.value.trim() !== asked) await look();
      else if (hits.length) await go(at + (event.shiftKey ? -1 : 1));
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (hits.length) Coding.toPassage(await Coding.passage(hits[at][2]));
      else Coding.toItems();
      page.classList.remove("show-outline");
      box.value = asked = "";
      hits = [];
      Coding.draw("found", []);
      Coding.draw("found-now", []);
      tell();
    }
  });
  document.getElementById("outline").addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-at]");
    if (!link) return;
    event.preventDefault();
    const p = await Coding.passageAt(Number(link.dataset.at));
    page.classList.remove("show-outline");
    text.scrollTop += p.getBoundingClientRect().top - text.getBoundingClientRect().top - 12;
    Coding.toPassage(p);
  });

  // The exact place: the passage at the top and how far it is scrolled.
  Coding.placeNow = () => {
    const p = Coding.visiblePassages()[0];
    if (!p) return null;
    return { passage: Coding.numberOf(p), scroll: (text.getBoundingClientRect().top - p.getBoundingClientRect().top).toFixed(1) };
  };
  Coding.openPlace = async () => {
    guess(text.querySelectorAll(".leaf:not([data-full])"));
    const p = await Coding.passage(Number(page.dataset.passage));
    const down = Number(page.dataset.scroll), begin = down === 0 && Number(page.dataset.passage) <= first;
    if (p && !begin) text.scrollTop += p.getBoundingClientRect().top - text.getBoundingClientRect().top + (down || -60);
    for (const leaf of text.querySelectorAll(".leaf")) watch.observe(leaf);
  };
}
