// One dialog for what has to be chosen by typing or told in words: codes, states, fields, reasons, notes.
"use strict";
{
  const dialog = document.getElementById("choose"), form = dialog.querySelector("form");
  const make = (name, about = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), about);
    made.append(...inside);
    return made;
  };
  let back = null, take = null;
  function open(title, ...parts) {
    back = document.activeElement;
    refuse("");
    form.replaceChildren(make("h2", { id: "choose-title", textContent: title }), ...parts.slice(0, -1), refusal, ...parts.slice(-1));
    dialog.showModal();
    const first = form.querySelector("input, textarea, select");
    if (first) first.focus();
  }
  // Back to where one was; what an answer painted anew meanwhile is found by its id.
  dialog.addEventListener("close", () => {
    if (!back) return;
    const there = back.isConnected ? back : back.id && document.getElementById(back.id);
    if (there && there !== document.body) there.focus({ preventScroll: true });
    if (document.activeElement === document.body) Coding.toItems();
  });
  const refusal = make("p", { id: "choose-refusal", className: "warn", hidden: true });
  refusal.setAttribute("role", "alert");
  const refuse = (words) => {
    refusal.textContent = words;
    refusal.hidden = !words;
    return false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refuse("");
    if (take && take() !== false) dialog.close();
  });
  const buttons = (label) => make("p", { className: "buttons" }, make("button", { className: "main", textContent: label }),
    make("button", { type: "button", textContent: "Cancel", onclick: () => dialog.close() }));
  function words(title = "Evidence") {
    const quoted = Coding.selectedWords();
    if (!quoted.length) return [];
    return [make("div", { className: "quoted", tabIndex: 0 }, make("strong", { textContent: title }),
      ...quoted.map((each) => make("blockquote", { textContent: each.length > 220 ? `${each.slice(0, 150)} … ${each.slice(-60)}` : each })))];
  }
  function reason(needed) {
    const box = make("input", { id: "choose-reason", maxLength: 2000, autocomplete: "off" });
    const label = make("label", { htmlFor: "choose-reason", textContent: needed ? "Reason (no words are selected)" : "Reason, if there is more to say" });
    return { box, parts: [label, box] };
  }

  // Type-ahead over options {label, group, find, ...}: words may be begun, in any order.
  const MOST = 60;
  function ranked(options, typed) {
    const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
    if (!parts.length) return options.slice(0, MOST);
    const score = (option) => {
      const label = option.label.toLowerCase(), all = `${option.find || ""} ${label} ${option.group || ""}`.toLowerCase();
      let sum = option.near ? 3 : 0;
      for (const part of parts) {
        if (!all.includes(part)) return -1;
        sum += label.startsWith(part) ? 6 : ` ${label}`.includes(` ${part}`) ? 4 : label.includes(part) ? 2 : 1;
      }
      return sum - label.length / 100;
    };
    return options.map((option) => [score(option), option]).filter(([sum]) => sum >= 0)
      .sort((a, b) => b[0] - a[0]).slice(0, MOST).map(([, option]) => option);
  }
  // `free` makes choices of what is typed, before and after the others. A number that several fields could hold, none of
  // them the one at hand, is chosen for none beforehand.
  function list(options, { free = () => [[], []], start = 0, describe = () => [] }) {
    const input = make("input", { type: "text", autocomplete: "off", spellcheck: false });
    const box = make("ul", { id: "options" }), about = make("div", { className: "about", tabIndex: 0 });
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", "options");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-label", "Type to choose");
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", "Choices");
    let now = [], at = start;
    const point = (n) => {
      at = Math.min(now.length - 1, n);
      [...box.children].forEach((each, m) => each.setAttribute("aria-selected", String(m === at)));
      const one = box.children[at];
      if (one) one.scrollIntoView({ block: "nearest" }), input.setAttribute("aria-activedescendant", one.id);
      else input.removeAttribute("aria-activedescendant");
      about.replaceChildren(...(now[at] ? describe(now[at]) : []));
    };
    const fill = (n = 0) => {
      const [before, after] = free(input.value.trim()), named = ranked(options, input.value), same = (a) => (b) => a.field === b.field && a.code === b.code;
      now = [...before, ...named.filter((each) => !before.some(same(each))), ...after.filter((each) => !named.some(same(each)))];
      box.replaceChildren(...now.map((option, m) => {
        const line = make("li", { id: `option-${m}` }, make("span", { textContent: option.label }), make("span", { className: "quiet", textContent: option.group || "" }));
        line.setAttribute("role", "option");
        line.addEventListener("click", () => { point(m); form.requestSubmit(); });
        return line;
      }));
      if (!now.length) box.append(make("li", { className: "quiet", textContent: "Nothing of that name" }));
      if (!now.length) box.firstChild.setAttribute("role", "option");
      const first = now[n];
      point(first && first.number && !first.mine && now.filter((each) => each.number).length > 1 ? -1 : n);
    };
    input.addEventListener("input", () => { refuse(""); fill(); });
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
      if (step) event.preventDefault(), refuse(""), point(Math.max(0, at + step));
    });
    fill(start);
    const picked = () => {
      const option = now[at];
      if (option && option.refused) return refuse(option.refused), undefined;
      if (!option && now.length) refuse("Several fields take this number: choose one with the arrow keys, then Enter.");
      return option;
    };
    return { parts: [input, box, about], picked, typed: () => input.value.trim() };
  }

  const codesOf = (field, near) => field.codes.flatMap((code) => (field.kind === "scale" ? code.levels.map((level) => ({
    label: `${code.label}: ${level.label}`, group: field.label, find: code.id, field: field.id, code: `${code.id}.${level.id}`, near,
  })) : [{ label: code.label, group: field.label, find: code.id.replace(/_/g, " "), field: field.id, code: code.id, near }]));
  // A number is offered for each field that counts something, by the field's name; what a field cannot hold is said.
  const NUMBER = /(?<![\w.,])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w|,\d|\.\d)|(?<![\w.,])-?\d+(?:\.\d+)?(?!\w|,\d|\.\d)/g;
  const plainNumber = (words) => words.replace(/,(?=\d{3}(?!\d))/g, "");
  const unit = (field) => (field.unit && field.unit !== "year" ? ` ${field.unit}` : "");
  function outside(field, number) {
    const low = field.least !== null && number < field.least, high = field.most !== null && number > field.most;
    if (!low && !high) return "";
    const range = field.least === null ? `up to ${field.most}` : field.most === null ? `from ${field.least}` : `from ${field.least} to ${field.most}`;
    return `${field.label} takes a number ${range}${unit(field)}; ${number} is outside of that.`;
  }
  const numberFor = (field, number) => ({ label: `${field.label}: ${number}${unit(field)}`, group: outside(field, number) ? "out of range" : "number",
    field: field.id, code: String(number), number: true, mine: false, find: field.id.replace(/_/g, " "), refused: outside(field, number) });
  const isNumber = (words) => /^-?[\d.,]*\d[\d.,]*$/.test(words) && Number.isFinite(Number(plainNumber(words)));
  // What is typed: the field one is on first, whether it can hold it or not; other fields of numbers only if they can.
  const typedFor = (own, others = []) => (typed) => {
    if (own && own.kind === "text" && typed) return [[{ label: typed, group: own.label, field: own.id, code: typed }], []];
    if (!isNumber(typed)) return [[], []];
    const number = Number(plainNumber(typed)), here = own && own.kind === "number" ? [{ ...numberFor(own, number), mine: true }] : [];
    return [here, others.map((field) => numberFor(field, number)).filter((each) => !each.refused)];
  };
  const asItIs = (field, code) => (field.kind === "number" && isNumber(code) ? [{ ...numberFor(field, Number(code)), group: "as it is", mine: true }] : []);
  // What stands in the selected words: its numbers, the field one is on first, then every other that can hold them.
  function selectedFor(own, others) {
    const found = [...new Set(Coding.selectedWords().flatMap((quoted) => [...quoted.matchAll(NUMBER)].map(([words]) => Number(plainNumber(words)))))].slice(0, 3);
    const here = own && own.kind === "number" ? found.map((number) => ({ ...numberFor(own, number), near: true, mine: true })) : [];
    return [...here.filter((each) => !each.refused), ...here.filter((each) => each.refused),
      ...found.flatMap((number) => others.map((field) => numberFor(field, number))).filter((each) => !each.refused)];
  }
  const describer = (book) => (option) => Coding.definitionOf(book.byId[option.field], option.code);
  async function ready() {
    try { return await Coding.book(); } catch { Coding.say("The codebook cannot be fetched just now; try again in a moment."); return null; }
  }

  Coding.chooseCode = async () => {
    const book = await ready();
    if (!book) return;
    const item = Coding.item(), here = book.byId[item && item.dataset.field];
    const others = book.fields.filter((field) => field !== here && field.kind !== "sequence");
    const own = here && here.kind !== "sequence" ? [here] : [];
    const numbers = others.filter((field) => field.kind === "number");
    const options = [...own.flatMap((field) => codesOf(field, true)), ...selectedFor(own[0], numbers), ...others.flatMap((field) => codesOf(field, false))];
    const from = list(options, { free: typedFor(own[0], numbers), describe: describer(book) }), why = reason(!Coding.spans().length);
    take = () => {
      const option = from.picked();
      if (!option) return false;
      if (!Coding.spans().length && !why.box.value.trim()) return why.box.focus(), refuse("Select words first, or state a reason.");
      Coding.act("add", { field: option.field, code: option.code, reason: why.box.value.trim(), ...Coding.spansField() }, { field: option.field });
      Coding.clear();
      return true;
    };
    open(own.length ? `Code: ${here.label}, or any field` : "Code", ...words(), ...from.parts, ...why.parts, buttons("Add the code"));
  };
  Coding.amendItem = async (item) => {
    const book = await ready();
    if (!book) return;
    if (item.dataset.what === "step") return amendStep(book, item);
    const field = book.byId[item.dataset.field], code = item.dataset.code, options = [...codesOf(field, true), ...asItIs(field, code), ...selectedFor(field, [])];
    const at = Math.max(0, options.findIndex((option) => option.code === code));
    const from = list(options, { free: typedFor(field), start: Math.min(at, MOST - 1), describe: describer(book) }), why = reason(false);
    take = () => {
      const option = from.picked();
      if (!refusal.hidden) return false;
      if (!option && from.typed()) return refuse(`${field.label} cannot hold “${from.typed()}”; choose from the list or leave the line empty.`);
      const fields = { coding: item.dataset.what === "own" ? item.dataset.own : item.dataset.own && item.dataset.decided === "accepted" ? item.dataset.own : item.dataset.id, field: field.id, code: option ? option.code : "", reason: why.box.value.trim(), ...Coding.spansField() };
      Coding.act("amend", fields, { field: field.id });
      Coding.clear();
      return true;
    };
    open(`Amend: ${field.label}`, ...(words("New evidence").length ? words("New evidence") : [make("p", { className: "quiet", textContent: "The evidence stays as it is; select words first to replace it." })]), ...from.parts, ...why.parts, buttons("Amend"));
  };
  function agencies(book, value) {
    const box = make("select", { id: "choose-agency" }, make("option", { value: "", textContent: "not stated" }),
      ...(book.byId.agencies ? book.byId.agencies.codes : []).map((code) => make("option", { value: code.id, textContent: code.label })));
    box.value = value || "";
    return { box, parts: [make("label", { htmlFor: "choose-agency", textContent: "Whose decision" }), box] };
  }
  Coding.addStep = async () => {
    const book = await ready();
    if (!book) return;
    const from = list(codesOf(book.byId.decision_type, true), { describe: describer(book) }), who = agencies(book), why = reason(!Coding.spans().length);
    take = () => {
      const option = from.picked();
      if (!option) return false;
      if (!Coding.spans().length && !why.box.value.trim()) return why.box.focus(), refuse("Select words first, or state a reason.");
      Coding.act("sequence", { change: "add", code: option.code, agency: who.box.value, reason: why.box.value.trim(), ...Coding.spansField() }, { field: "decision_type" });
      Coding.clear();
      return true;
    };
    open("Add a decision to the sequence", ...words(), ...from.parts, ...who.parts, ...why.parts, buttons("Add"));
  };
  function amendStep(book, item) {
    const options = codesOf(book.byId.decision_type, true), at = options.findIndex((option) => option.code === item.dataset.code);
    const from = list(options, { start: Math.max(0, at), describe: describer(book) }), who = agencies(book, item.dataset.agency);
    take = () => {
      const option = from.picked();
      Coding.act("sequence", { change: "set", step: item.dataset.id, code: option ? option.code : "", agency: who.box.value, ...Coding.spansField() }, { field: "decision_type" });
      Coding.clear();
      return true;
    };
    open("Amend the decision", ...words("New evidence"), ...from.parts, ...who.parts, buttons("Amend"));
  }

  const SILENT = ["not_mentioned", "not_applicable", "withheld"];
  Coding.answerField = (state, id) => {
    const item = Coding.item(), field = id || (item && item.dataset.field);
    if (!field || field === "decision_type") return Coding.say("Go to a field first; then answer it.");
    const send = (why) => {
      Coding.act("answer", { field, state, reason: why, ...Coding.spansField() }, { field });
      Coding.clear();
    };
    if (Coding.spans().length || SILENT.includes(state)) return send("");
    const why = reason(true), name = state.replace("_", " ");
    take = () => (why.box.value.trim() ? (send(why.box.value.trim()), true) : false);
    return open(`Why is it ${name}?`, make("p", { className: "quiet", textContent: `“${name[0].toUpperCase()}${name.slice(1)}” needs words of the text (select them first) or a reason.` }), ...why.parts, buttons("Answer"));
  };
  Coding.states = async () => {
    const book = await ready(), item = Coding.item();
    if (!book || !item || !book.byId[item.dataset.field]) return;
    const field = book.byId[item.dataset.field];
    const options = book.states.filter((state) => field.states.includes(state.id)).map((state) => ({ label: state.label, group: `key ${book.states.indexOf(state) + 1}`, state: state.id }));
    const from = list(options, {});
    take = () => {
      const option = from.picked();
      if (!option) return false;
      setTimeout(() => Coding.answerField(option.state, field.id));
      return true;
    };
    open(`Answer: ${field.label}`, ...from.parts, buttons("Answer"));
  };
  // Words of a note that was closed before it was kept; they outlive a reload of the page, in this tab alone.
  const page = document.getElementById("coding"), DRAFT = `caselore note ${page.dataset.coder} ${page.dataset.case} `, memory = new Map();
  const draft = (field, words) => {
    try {
      if (words === undefined) return sessionStorage.getItem(DRAFT + field) || "";
      return words ? sessionStorage.setItem(DRAFT + field, words) : sessionStorage.removeItem(DRAFT + field);
    } catch { return words === undefined ? memory.get(field) || "" : memory.set(field, words); }
  };
  Coding.drafts = () => {
    try { return Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT)).map((key) => key.slice(DRAFT.length)); } catch { return []; }
  };
  // What an act took along that was refused: the words of a note and the selected words are there again.
  Coding.givenBack = (act) => {
    if (act.fields.spans) Coding.reselect(JSON.parse(act.fields.spans));
    if (act.verb !== "note") return "";
    draft(act.fields.field, act.fields.words);
    return "Your words are kept; the key m shows them again.";
  };
  Coding.writeNote = () => {
    const item = Coding.item(), field = (item && item.dataset.field) || "", head = field && document.querySelector(`#h-${field} h3`);
    const box = make("textarea", { id: "note-words", rows: 5, maxLength: 50000 }), all = make("input", { type: "checkbox", id: "note-all" });
    box.value = draft(field);
    box.addEventListener("input", () => draft(field, box.value));
    take = () => {
      if (!box.value.trim()) return false;
      draft(field, "");
      Coding.act("note", { words: box.value, field: all.checked ? "" : field }, { field: all.checked ? "" : field });
      return true;
    };
    box.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });
    open(head ? `Note on ${head.textContent}` : "Note on the case", make("label", { htmlFor: "note-words", textContent: "Your words (Ctrl Enter keeps them)" }), box,
      ...(head ? [make("label", { className: "switch" }, all, " About the whole case")] : []), buttons("Keep"));
  };
  Coding.goField = async () => {
    const heads = [...document.querySelectorAll("#rows .item.head")];
    const from = list(heads.map((head) => ({ label: head.querySelector("h3").textContent, group: head.closest(".group").querySelector("h2").textContent, find: head.dataset.field.replace(/_/g, " "), head: head.id })), {});
    take = () => {
      const option = from.picked();
      if (!option) return false;
      back = null;
      Coding.show("all");
      setTimeout(() => Coding.to(document.getElementById(option.head)));
      return true;
    };
    open("Go to a field", ...from.parts, buttons("Go"));
  };
}
