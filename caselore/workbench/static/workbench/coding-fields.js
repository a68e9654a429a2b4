// The cursor among fields and proposals: where it is, what it shows in the text, the definition at hand.
"use strict";
{
  const page = document.getElementById("coding"), fields = document.getElementById("fields"), rows = document.getElementById("rows");
  const definition = document.getElementById("definition");
  const begun = document.getElementById("pass");
  let now = "", piece = 0, marks = "all", book = null;

  const shown = (each) => each.offsetParent !== null;
  Coding.items = () => [...rows.querySelectorAll(".item")].filter(shown);
  Coding.item = () => document.getElementById(now);
  Coding.toItems = () => Coding.to(Coding.item() || Coding.items()[0]);
  function reveal(item) {
    const box = rows.getBoundingClientRect(), at = item.getBoundingClientRect();
    if (at.top < box.top + 40) rows.scrollTop += at.top - box.top - 60;
    else if (at.bottom > box.bottom - 10) rows.scrollTop += at.bottom - box.bottom + 60;
  }
  Coding.to = (item, { focus = true, scroll = true } = {}) => {
    if (!item) return;
    const before = document.getElementById(now);
    if (before) before.classList.remove("now"), (before.tabIndex = -1);
    if (now !== item.id) piece = 0;
    now = item.id;
    item.classList.add("now");
    item.tabIndex = 0;
    const group = item.closest("details");
    if (group) group.open = true;
    if (focus) {
      page.classList.replace("show-text", "show-fields");
      item.focus({ preventScroll: true });
    }
    if (scroll) reveal(item);
    define(item);
    if (focus && scroll) follow(item);
    Coding.markNow();
    Coding.moved();
  };
  Coding.move = (step) => {
    const items = Coding.items(), at = items.findIndex((each) => each.id === now);
    Coding.to(items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + step))]);
  };
  Coding.moveField = (step) => {
    const heads = Coding.items().filter((each) => each.classList.contains("head"));
    const row = Coding.item() && Coding.item().closest(".row");
    const at = heads.findIndex((each) => each.closest(".row") === row);
    Coding.to(heads[at < 0 ? 0 : Math.max(0, Math.min(heads.length - 1, at + step))]);
  };
  const open = (each) => ["proposal", "proposed-step", "recommendation"].includes(each.dataset.what) && !each.dataset.decided;
  Coding.nextTodo = ({ quiet = false } = {}) => {
    const every = [...rows.querySelectorAll(".item")];
    const at = every.findIndex((each) => each.id === now);
    const next = [...every.slice(at + 1), ...every.slice(0, Math.max(at, 0))].find((each) => open(each) && (shown(each) || !each.closest("details").open));
    if (next) Coding.to(next);
    else if (!quiet) Coding.say(every.some((each) => each.dataset.what === "proposal") ? "Every proposal has its decision." : "Nothing is proposed here.", "done");
    return Boolean(next);
  };

  // The text follows the line one is on.
  let following = 0;
  function follow(item) {
    clearTimeout(following);
    const quote = item.querySelector(".quote"), text = document.getElementById("text");
    if (!quote || text.offsetParent === null || page.dataset.ready !== "1") return;
    following = setTimeout(async () => {
      for (let n = 0; n < 20 && !Coding.idle(); n++) await new Promise((go) => setTimeout(go, 15)); // writing comes first
      if (now !== item.id) return;
      const p = await Coding.passageAt(Number(quote.dataset.start));
      if (p && now === item.id && Coding.endOf(p) >= Number(quote.dataset.start)) Coding.bring(p);
    }, 60);
  }

  // The piece of evidence in the text; pressed again, the next piece.
  Coding.evidence = async () => {
    const item = Coding.item(), quotes = item ? [...item.querySelectorAll(".quote")] : [];
    if (!quotes.length) return Coding.say("There are no words to show for this line.");
    const quote = quotes[piece % quotes.length];
    piece += 1;
    await Coding.showQuote(quote);
  };
  Coding.showQuote = async (quote) => {
    const from = Number(quote.dataset.start), to = Number(quote.dataset.end);
    const p = await Coding.passageAt(from);
    if (!p) return;
    if (Number(p.dataset.start) > from || Coding.endOf(p) < from)
      return Coding.say("These words stand outside this case; open the whole document to see them.");
    Coding.bring(p);
    page.classList.add("peek");
    Coding.draw("evidence", [[from, to]]);
  };
  rows.addEventListener("click", (event) => {
    const item = event.target.closest(".item");
    if (item && !event.target.closest("button:not(.quote)")) Coding.to(item, { scroll: false });
    const quote = event.target.closest(".quote");
    if (quote) {
      page.classList.replace("show-fields", "show-text");
      Coding.showQuote(quote);
    }
  });

  // Which highlights: all, the current field's, none; the current line's stand out.
  const names = { all: "All highlights are shown.", field: "Only the current field's highlights are shown.", none: "No highlights are shown." };
  Coding.marks = () => {
    marks = { all: "field", field: "none", none: "all" }[marks];
    page.dataset.marks = marks;
    Coding.say(names[marks], "done");
    Coding.markNow();
  };
  Coding.markNow = () => {
    const item = Coding.item(), ids = item ? (item.dataset.ids || "").split(" ").filter(Boolean) : [];
    const field = item && item.dataset.field;
    for (const mark of document.querySelectorAll("#text mark.now, #text mark.here")) mark.classList.remove("now", "here");
    if (!item) return;
    for (const id of ids) for (const mark of document.querySelectorAll(`#text mark[data-ids~="${id}"]`)) mark.classList.add("now");
    if (marks === "field" && field) for (const mark of document.querySelectorAll(`#text mark[data-fields~="${field}"]`)) mark.classList.add("here");
  };
  // From a highlight to its line; pressed again, to the next code on the same words.
  Coding.toCodeOf = (mark, { focus = false } = {}) => {
    const ids = mark.dataset.ids.split(" ");
    const items = ids.map((id) => rows.querySelector(`.item[data-ids~="${id}"]`)).filter(Boolean);
    const unique = [...new Set(items)];
    if (unique.length) Coding.to(unique[(unique.findIndex((each) => each.id === now) + 1) % unique.length], { focus });
  };
  Coding.passageCode = () => {
    const p = Coding.cursor(), found = p ? [...p.querySelectorAll("mark")] : [];
    if (!found.length) return Coding.say("No code stands on this passage.");
    const items = [...new Set(found.flatMap((mark) => mark.dataset.ids.split(" ")).map((id) => rows.querySelector(`.item[data-ids~="${id}"]`)).filter(Boolean))];
    if (items.length) Coding.to(items[(items.findIndex((each) => each.id === now) + 1) % items.length], { focus: false });
  };

  // Which fields: all, with something to decide, decided.
  const order = ["all", "todo", "done"];
  Coding.show = (which) => {
    page.dataset.show = which;
    for (const button of fields.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === which));
    if (Coding.item() && !shown(Coding.item())) Coding.to(Coding.items()[0], { focus: false });
  };
  Coding.cycleShow = () => Coding.show(order[(order.indexOf(page.dataset.show || "all") + 1) % order.length]);
  fields.querySelector(".fields-top").addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) Coding.show(button.dataset.show);
  });

  // As `counting` of the store has it: decided is each answer of one's own that stands and each own step; to decide is
  // each proposal and proposed step without an answer.
  Coding.tally = () => {
    let left = 0;
    for (const row of rows.querySelectorAll(".row")) left += Number(row.dataset.left);
    const answers = [...rows.querySelectorAll('.item[data-own]')].map((each) => each.dataset.own).filter(Boolean);
    const done = new Set(answers).size + rows.querySelectorAll(".item.step.own").length;
    left += [...rows.querySelectorAll('.item[data-what="proposed-step"]')].filter(open).length;
    const words = left || done ? `${done} decided, ${left} to decide` : "nothing decided";
    const count = document.getElementById("count");
    if (count.textContent !== words) count.textContent = words;
    for (const group of rows.querySelectorAll(".group")) {
      const tally = group.querySelector(".tally");
      if (!tally) continue;
      const every = group.querySelectorAll(".row").length, some = group.querySelectorAll(".row:not(.bare)").length;
      const told = `${some} of ${every} fields`;
      if (tally.textContent !== told) tally.textContent = told;
      group.classList.toggle("nothing-todo", !group.querySelector(".row.is-todo"));
      group.classList.toggle("nothing-done", !group.querySelector(".said, .own"));
    }
    const submit = document.getElementById("submit");
    if (submit && done && submit.ariaDisabled === "true") {
      submit.ariaDisabled = null;
      document.getElementById("submit-why").textContent = "";
    }
    return left;
  };

  // The codebook, fetched once and kept by the browser.
  let asked = null;
  Coding.book = () => {
    asked = asked || fetch(page.dataset.codes).then((answer) => answer.json()).then((told) => {
      book = told;
      book.byId = Object.fromEntries(told.fields.map((field) => [field.id, field]));
      return book;
    });
    return asked.catch((error) => { asked = null; throw error; });
  };
  Coding.bookNow = () => book;
  const line = (name, words) => {
    const p = document.createElement("p"), strong = document.createElement("strong");
    if (name) strong.textContent = `${name} `;
    p.append(...(name ? [strong] : []), words);
    return p;
  };
  Coding.definitionOf = (field, code) => {
    const parts = [], [category, level] = String(code || "").split(".");
    const known = field && (field.codes.find((each) => each.id === code) || (field.kind === "scale" && field.codes.find((each) => each.id === category)));
    const title = document.createElement("h3");
    title.textContent = known ? `${field.label}: ${known.label}` : field ? field.label : "";
    parts.push(title);
    if (field && !known && field.question) parts.push(line("", field.question));
    if (known) {
      parts.push(line("", known.definition));
      if (known.include) parts.push(line("Include", known.include));
      if (known.exclude) parts.push(line("Exclude", known.exclude));
      const step = known.levels.find((each) => each.id === level);
      if (step && step.definition) parts.push(line(step.label, step.definition));
      if (known.example) parts.push(line("Example", known.example));
    } else if (field && field.codes.length) parts.push(line("Codes", field.codes.map((each) => each.label).join(", ")));
    else if (field && field.unit) parts.push(line("Unit", field.unit));
    return parts;
  };
  async function define(item) {
    const id = item.dataset.field;
    if (!id) return definition.replaceChildren();
    const told = await Coding.book().catch(() => null);
    if (!told || now !== item.id) return;
    const inSight = item.getBoundingClientRect().top < rows.getBoundingClientRect().bottom;
    definition.replaceChildren(...Coding.definitionOf(told.byId[id], item.dataset.code));
    definition.scrollTop = 0;
    if (inSight) reveal(item); // a longer definition leaves less room for the lines
  }

  // An act that was refused outright (not for this role, gone): what was shown ahead of it is taken back.
  Coding.refused = (act) => {
    const item = act.item && document.getElementById(act.item);
    if (!item || !item.classList.contains("pending")) return;
    item.classList.remove("said", "accepted", "rejected", "pending");
    item.dataset.decided = "";
    item.querySelector(".chip.verdict").remove();
  };
  // After an act: the cursor stays, or goes to what was undone, or on to the next proposal.
  Coding.painted = (act, status, touched) => {
    Coding.tally();
    if (status < 300 && !begun.textContent.includes("pass") && !begun.textContent.includes("look")) begun.textContent = "your pass";
    Coding.redraw();
    Coding.cared(rows);
    const inText = document.getElementById("text").contains(document.activeElement);
    const stayed = !act.at || act.at === now;  // who went on meanwhile is not fetched back
    const find = () => touched.map((id) => rows.querySelector(`.item[data-ids~="${id}"]`)).find(Boolean);
    const focus = !inText;
    if (status >= 300) Coding.to(Coding.item() || document.getElementById(`h-${act.field}`), { focus });
    else if (stayed && ["undo", "redo", "add", "amend", "sequence", "answer"].includes(act.verb) && find()) Coding.to(find(), { focus });
    else if (Coding.item()) Coding.to(Coding.item(), { focus: focus && document.activeElement === document.body, scroll: false });
    else Coding.to(document.getElementById(act.field ? `h-${act.field}` : "") || Coding.items()[0], { focus });
  };
}
