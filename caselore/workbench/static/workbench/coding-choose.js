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
    form.replaceChildren(make("h2", { id: "choose-title", textContent: title }), ...parts);
    dialog.showModal();
    const first = form.querySelector("input, textarea, select");
    if (first) first.focus();
  }
  dialog.addEventListener("close", () => { if (back && back.isConnected) back.focus({ preventScroll: true }); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
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
  function list(options, { free = () => [], start = 0, describe = () => [] }) {
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
      at = Math.max(0, Math.min(now.length - 1, n));
      [...box.children].forEach((each, m) => each.setAttribute("aria-selected", String(m === at)));
      const one = box.children[at];
      if (one) one.scrollIntoView({ block: "nearest" }), input.setAttribute("aria-activedescendant", one.id);
      else input.removeAttribute("aria-activedescendant");
      about.replaceChildren(...(now[at] ? describe(now[at]) : []));
    };
    const fill = (n = 0) => {
      now = [...free(input.value.trim()), ...ranked(options, input.value)];
      box.replaceChildren(...now.map((option, m) => {
        const line = make("li", { id: `option-${m}` }, make("span", { textContent: option.label }), make("span", { className: "quiet", textContent: option.group || "" }));
        line.setAttribute("role", "option");
        line.addEventListener("click", () => { point(m); form.requestSubmit(); });
        return line;
      }));
      if (!now.length) box.append(make("li", { className: "quiet", textContent: "Nothing of that name" }));
      if (!now.length) box.firstChild.setAttribute("role", "option");
      point(n);
    };
    input.addEventListener("input", () => fill());
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
      if (step) event.preventDefault(), point(at + step);
    });
    fill(start);
    return { parts: [input, box, about], picked: () => now[at] };
  }

  const codesOf = (field, near) => field.codes.flatMap((code) => (field.kind === "scale" ? code.levels.map((level) => ({
    label: `${code.label}: ${level.label}`, group: field.label, find: code.id, field: field.id, code: `${code.id}.${level.id}`, near,
  })) : [{ label: code.label, group: field.label, find: code.id.replace(/_/g, " "), field: field.id, code: code.id, near }]));
  // Numbers and words of one's own are offered as they are typed.
  const typedFor = (fields) => (typed) => fields.flatMap((field) => {
    if (field.kind === "text" && typed) return [{ label: typed, group: field.label, field: field.id, code: typed }];
    const fits = field.kind === "number" && typed && !Number.isNaN(Number(typed)) && (field.least === null || Number(typed) >= field.least) && (field.most === null || Number(typed) <= field.most);
    return fits ? [{ label: `${typed} ${field.unit || ""}`.trim(), group: field.label, field: field.id, code: String(Number(typed)) }] : [];
  });
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
    const options = [...own.flatMap((field) => codesOf(field, true)), ...others.flatMap((field) => codesOf(field, false))];
    const numbers = [...own, ...others.filter((field) => field.kind === "number")];
    const from = list(options, { free: typedFor(numbers), describe: describer(book) }), why = reason(!Coding.spans().length);
    take = () => {
      const option = from.picked();
      if (!option) return false;
      if (!Coding.spans().length && !why.box.value.trim()) return why.box.focus(), Coding.say("Select words first, or state a reason."), false;
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
    const field = book.byId[item.dataset.field], options = codesOf(field, true), code = item.dataset.code;
    const at = Math.max(0, options.findIndex((option) => option.code === code));
    const from = list(options, { free: typedFor([field]), start: Math.min(at, MOST - 1), describe: describer(book) }), why = reason(false);
    take = () => {
      const option = from.picked();
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
      if (!Coding.spans().length && !why.box.value.trim()) return why.box.focus(), Coding.say("Select words first, or state a reason."), false;
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
      Coding.act("sequence", { change: "set", at: item.dataset.at, code: option ? option.code : "", agency: who.box.value, ...Coding.spansField() }, { field: "decision_type" });
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
    const options = book.states.filter((state) => field.states.includes(state.id)).map((state, n) => ({ label: state.label, group: `key ${n + 1}`, state: state.id }));
    const from = list(options, {});
    take = () => {
      const option = from.picked();
      if (!option) return false;
      setTimeout(() => Coding.answerField(option.state, field.id));
      return true;
    };
    open(`Answer: ${field.label}`, ...from.parts, buttons("Answer"));
  };
  const drafts = new Map();  // words of a note that was closed before it was kept
  Coding.writeNote = () => {
    const item = Coding.item(), field = (item && item.dataset.field) || "", head = field && document.querySelector(`#h-${field} h3`);
    const box = make("textarea", { id: "note-words", rows: 5, maxLength: 50000 }), all = make("input", { type: "checkbox", id: "note-all" });
    box.value = drafts.get(field) || "";
    box.addEventListener("input", () => drafts.set(field, box.value));
    take = () => {
      if (!box.value.trim()) return false;
      drafts.delete(field);
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
