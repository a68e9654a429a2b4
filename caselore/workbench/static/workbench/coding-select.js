// The passage cursor and the selected words, by mouse, finger or keys; kept pieces wait until a code takes them.
"use strict";
{
  const page = document.getElementById("coding"), text = document.getElementById("text"), basket = document.getElementById("basket");
  let chosen = null, anchor = null, now = null;
  const kept = [];
  const all = () => [...text.querySelectorAll(".leaf[data-full] .p")];

  Coding.toPassage = (p) => {
    if (!p) return;
    page.classList.replace("show-fields", "show-text");
    if (now) now.classList.remove("at");
    now = p;
    p.classList.add("at");
    p.focus({ preventScroll: true });
    Coding.bring(p);
  };
  const cursor = () => {
    if (now && now.isConnected) return now;
    now = (now && document.getElementById(now.id)) || Coding.visiblePassages()[0] || null;
    return now;
  };
  Coding.cursor = cursor;
  async function beside(p, step) {
    const near = document.getElementById(`p-${Coding.numberOf(p) + step}`);
    if (near) return near;
    const found = await Coding.passage(Coding.numberOf(p) + step);
    return found && found.id === `p-${Coding.numberOf(p) + step}` ? found : p;
  }
  Coding.passageMove = async (step) => {
    const p = cursor();
    anchor = null;
    if (p) Coding.toPassage(await beside(p, step));
  };
  Coding.extend = async (step) => {
    const p = cursor();
    if (!p) return;
    if (!anchor || !chosen) {
      anchor = p;
      choose(Coding.startOf(p), Coding.endOf(p));
      return;
    }
    const next = await beside(p, step);
    Coding.toPassage(next);
    const [from, to] = Coding.startOf(anchor) <= Coding.startOf(next) ? [anchor, next] : [next, anchor];
    choose(Coding.startOf(from), Coding.endOf(to));
  };
  // Word by word: the beginning or the end of what is selected.
  Coding.nudge = (edge, step) => {
    if (!chosen) {
      const p = cursor();
      if (p) choose(Coding.startOf(p), Coding.endOf(p)), (anchor = p);
      return;
    }
    const bounds = [];
    for (const p of all()) {
      if (Coding.endOf(p) < chosen.start - 2000 || Coding.startOf(p) > chosen.end + 2000) continue;
      for (const word of p.textContent.matchAll(/\S+/g)) {
        const from = Coding.startOf(p) + Coding.count(p.textContent.slice(0, word.index));
        bounds.push([from, from + Coding.count(word[0])]);
      }
    }
    const side = edge === "start" ? 0 : 1, here = chosen[edge];
    const places = bounds.map((each) => each[side]);
    const next = step > 0 ? places.find((each) => each > here) : places.filter((each) => each < here).pop();
    if (next === undefined) return;
    const made = { ...chosen, [edge]: next };
    if (made.start < made.end) choose(made.start, made.end);
  };

  function choose(from, to) {
    chosen = { start: from, end: to };
    show();
  }
  // The words of [from, to), passage by passage: what stands between passages on the page is not of the document.
  function piecesOf(from, to) {
    const over = all().filter((p) => Coding.startOf(p) < to && Coding.endOf(p) > from);
    return over.map((p) => {
      const start = Math.max(from, Coding.startOf(p)), letters = [...p.textContent];
      return { start, words: letters.slice(start - Coding.startOf(p), to - Coding.startOf(p)).join("") };
    });
  }
  function trimmed(from, to) {
    const said = piecesOf(from, to).filter(({ words }) => words.trim());
    if (!said.length) return [from, from];
    const first = said[0], last = said[said.length - 1], before = first.words.length - first.words.trimStart().length;
    return [first.start + Coding.count(first.words.slice(0, before)), last.start + Coding.count(last.words.trimEnd())];
  }
  const wordsOf = (from, to) => piecesOf(from, to).map(({ words }) => words).join(" ");
  // Within one passage the words are sent along, and the server refuses them where the document reads otherwise.
  const told = ({ start, end }) => {
    const inside = all().find((p) => Coding.startOf(p) <= start && Coding.endOf(p) >= end);
    return { start, end, quote: inside ? wordsOf(start, end) : "" };
  };
  Coding.spans = () => [...kept, ...(chosen ? [chosen] : [])].map(told);
  Coding.spansField = () => { const spans = Coding.spans(); return spans.length ? { spans: JSON.stringify(spans) } : {}; };
  // For the page to show; what is blurred in the text stays so here.
  const blurred = (start, end) => !page.classList.contains("unblurred") &&
    all().some((p) => p.matches(".graphic:not(.lifted)") && Coding.startOf(p) < end && Coding.endOf(p) > start);
  Coding.selectedWords = () => [...kept, ...(chosen ? [chosen] : [])].map(({ start, end }) =>
    blurred(start, end) ? "words that are blurred; b shows them" : wordsOf(start, end).replace(/\s+/g, " "));
  Coding.keep = () => {
    if (!chosen) return Coding.say("Select some words first.");
    kept.push(chosen);
    chosen = anchor = null;
    getSelection().removeAllRanges();
    show();
  };
  Coding.clear = () => {
    const had = chosen || kept.length;
    chosen = anchor = null;
    kept.length = 0;
    getSelection().removeAllRanges();
    show();
    return Boolean(had);
  };
  // Pieces that an act took along which was refused: selected as before, unless others are by now.
  Coding.reselect = (spans) => {
    if (chosen || kept.length) return;
    kept.push(...spans.map(({ start, end }) => ({ start, end })));
    chosen = kept.pop() || null;
    show();
  };
  Coding.showChosen = () => show();
  function show() {
    Coding.draw("chosen", [...kept, ...(chosen ? [chosen] : [])].map(({ start, end }) => [start, end]));
    const words = Coding.selectedWords();
    basket.hidden = !words.length;
    if (!words.length) return;
    const line = document.createElement("p"), last = words[words.length - 1];
    line.textContent = `${words.length > 1 ? `${words.length} pieces, the last: ` : ""}“${last.length > 90 ? `${last.slice(0, 60)} … ${last.slice(-25)}` : last}”`;
    basket.replaceChildren(line, ...[["add", "Code", "c"], ["keep", "Keep, select more", "t"], ["clear", "Drop", "Esc"]].map(([act, label, key]) => {
      const button = document.createElement("button"), sign = document.createElement("kbd");
      button.type = "button";
      button.dataset.act = act;
      sign.textContent = key;
      button.append(`${label} `, sign);
      return button;
    }));
  }

  const inText = (node) => node && text.contains(node.nodeType === 1 ? node : node.parentNode);
  let waiting = 0;
  document.addEventListener("selectionchange", () => { clearTimeout(waiting); waiting = setTimeout(taken, 120); });
  function taken() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!inText(range.startContainer) || !inText(range.endContainer)) return;
    const over = all().filter((p) => range.intersectsNode(p));
    if (!over.length) return;
    const from = within(over[0], range.startContainer, range.startOffset, Coding.startOf(over[0]));
    const last = over[over.length - 1];
    const to = within(last, range.endContainer, range.endOffset, Coding.endOf(last));
    const [start, end] = trimmed(from, to);
    if (start < end) {
      now = over[0];
      anchor = null;
      choose(start, end);
    }
  }
  Coding.taken = taken;
  function within(p, node, offset, otherwise) {
    if (!p.contains(node)) return otherwise;
    const range = document.createRange();
    range.setStart(p, 0);
    range.setEnd(node, offset);
    return Coding.startOf(p) + Coding.count(range.toString());
  }
  text.addEventListener("click", (event) => {
    if (!getSelection().isCollapsed) return;
    const p = event.target.closest(".p");
    if (!p) return;
    if (chosen) Coding.clear();
    if (now) now.classList.remove("at");
    now = p;
    p.classList.add("at");
    const mark = event.target.closest("mark");
    if (mark) Coding.toCodeOf(mark);
  });
}
