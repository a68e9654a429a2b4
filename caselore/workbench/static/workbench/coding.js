// Joins the parts: a key or a button means an act, the place is kept, the page opens where it was left.
"use strict";
{
  const page = document.getElementById("coding"), text = document.getElementById("text");
  const keys = JSON.parse(document.getElementById("keys").textContent);
  const can = page.dataset.can === "1";
  const sheet = document.getElementById("sheet"), submitting = document.getElementById("submitting"), on = document.getElementById("keys-on");
  const about = (item) => ({ field: item.dataset.field, item: item.id });

  // What a key says is shown at once and marked as not yet written; the server's answer then takes its place.
  function show(item, decided, words = decided) {
    const acts = item.querySelector(".acts"), chip = item.querySelector(".chip.verdict") || document.createElement("span");
    item.classList.remove("accepted", "rejected", "amended");
    item.classList.add("said", decided, "pending");
    item.dataset.decided = decided;
    chip.className = "chip verdict";
    chip.textContent = decided === "accepted" ? `✓ ${words}` : `✕ ${words}`;
    item.querySelector(".told").append(chip);
    for (const button of acts ? acts.children : []) button.setAttribute("aria-pressed", String(button.dataset.act === { accepted: "accept", rejected: "reject" }[decided]));
    Coding.nextTodo({ quiet: true });
  }
  function accept(item) {
    switch (item.dataset.what) {
      case "proposal": return Coding.act("accept", { coding: item.dataset.id, field: item.dataset.field, ...Coding.spansField() }, about(item)), Coding.clear(), show(item, "accepted");
      case "proposed-step": return Coding.act("sequence", { change: "take", step: item.dataset.id }, about(item)), show(item, "accepted", "taken");
      case "recommendation": return Coding.act("confirm", { recommendation: item.dataset.id }, { ...about(item), field: "" }), show(item, "accepted", "confirmed");
      default: return Coding.say("Nothing is proposed on this line.");
    }
  }
  function reject(item) {
    switch (item.dataset.what) {
      case "proposal": return Coding.act("reject", { coding: item.dataset.id, field: item.dataset.field }, about(item)), show(item, "rejected");
      case "own": return Coding.act("withdraw", { coding: item.dataset.own, field: item.dataset.field }, about(item));
      case "step": return Coding.act("sequence", { change: "remove", step: item.dataset.id }, about(item));
      case "recommendation": return Coding.act("dismiss", { recommendation: item.dataset.id }, { ...about(item), field: "" }), show(item, "rejected", "no recommendation");
      case "note": return Coding.act("remove-note", { note: item.dataset.id }, { field: "" });
      default: return Coding.say("Nothing on this line can be rejected.");
    }
  }
  function amend(item) {
    if (["proposal", "own", "step"].includes(item.dataset.what)) return Coding.amendItem(item);
    return Coding.say("Nothing on this line can be amended.");
  }
  const turn = (change) => (item) => {
    if (item.dataset.what === "step") Coding.act("sequence", { change, step: item.dataset.id }, about(item));
    else Coding.say("Go to a step of your sequence first.");
  };
  // Acts that write; each is given the current line.
  const writes = {
    accept, reject, amend, add: () => Coding.chooseCode(), step: () => Coding.addStep(), states: () => Coding.states(),
    undo: () => Coding.act("undo"), redo: () => Coding.act("redo"), note: () => Coding.writeNote(),
    step_up: turn("up"), step_down: turn("down"),
    state_absent: () => Coding.answerField("absent"), state_not_mentioned: () => Coding.answerField("not_mentioned"),
    state_unclear: () => Coding.answerField("unclear"), state_not_applicable: () => Coding.answerField("not_applicable"),
    state_withheld: () => Coding.answerField("withheld"), submit,
  };
  const moves = {
    sheet: () => sheet.showModal(),
    find: () => { page.classList.add("show-outline"); const box = document.getElementById("find-words"); box.focus(); box.select(); },
    field: () => Coding.goField(), panes, outline, marks: () => Coding.marks(), filter: () => Coding.cycleShow(),
    next_case: () => leave(page.dataset.next), list: () => leave(page.dataset.list),
    next: () => Coding.move(1), previous: () => Coding.move(-1), next_field: () => Coding.moveField(1), previous_field: () => Coding.moveField(-1),
    next_todo: () => Coding.nextTodo(), evidence: () => Coding.evidence(),
    passage_next: () => Coding.passageMove(1), passage_previous: () => Coding.passageMove(-1), passage_code: () => Coding.passageCode(),
    extend_down: () => Coding.extend(1), extend_up: () => Coding.extend(-1),
    end_later: () => Coding.nudge("end", 1), end_earlier: () => Coding.nudge("end", -1),
    start_later: () => Coding.nudge("start", 1), start_earlier: () => Coding.nudge("start", -1),
    keep: () => Coding.keep(), clear, lift: () => Coding.lift(), lift_all: () => Coding.liftAll(),
    rest: () => Coding.rest(), rest_later: () => Coding.restLater(), rest_over: () => Coding.restOver(),
  };
  function run(name) {
    if (name in moves) return moves[name]();
    if (!can) return Coding.say("This pass is submitted or not yours to write in; take a second look to decide anew.");
    let item = Coding.item();
    const needs = ["accept", "reject", "amend", "step_up", "step_down"].includes(name);
    // On a field's own line a decision is about its first proposal that has none.
    if (needs && item && item.matches(".head")) {
      item = item.closest(".row").querySelector(".item.proposal:not(.said)") || item;
      Coding.to(item);
    }
    if (needs && !item) return Coding.say("Go to a line among the fields first.");
    Coding.say("");
    return writes[name](item);
  }
  function panes() {
    if (text.contains(document.activeElement)) return Coding.toItems();
    return Coding.toPassage(Coding.cursor());
  }
  function outline() {
    page.classList.toggle("show-outline");
    if (!page.classList.contains("show-outline") && document.getElementById("outline").contains(document.activeElement)) document.querySelector(".tools [data-act=outline]").focus();
    const link = document.querySelector("#outline ol a");
    if (page.classList.contains("show-outline") && link) link.focus();
  }
  function clear() {
    Coding.unsay();
    page.classList.remove("show-outline");
    if (Coding.clear()) return;
    if (text.contains(document.activeElement)) Coding.toItems();
  }
  // What is under way is written first; where that lasts, the browser asks.
  async function leave(where) {
    keepPlace();
    for (let n = 0; n < 80 && !Coding.idle(); n++) await new Promise((go) => setTimeout(go, 50));
    location.assign(where);
  }
  document.getElementById("next").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave(event.currentTarget.href);
  });
  function submit() {
    if (document.getElementById("submit").ariaDisabled === "true") return Coding.say("Nothing is decided yet: accept or reject a proposal, add a code or answer a field; then the pass can be submitted.");
    if (!Coding.idle()) return Coding.say("Some acts are not saved yet; submit when they are.");
    const left = Coding.tally(), nothing = document.getElementById("count").textContent.startsWith("nothing");
    document.getElementById("submitting-left").textContent = left ? `${left} proposal${left === 1 ? " has" : "s have"} no decision yet. Agreement takes what you did not give for a no, and a release takes it as merely proposed.` : nothing ? "You have decided nothing: agreement takes that for a no to every code." : document.querySelector("#rows .item.proposal") ? "Every proposal has its decision." : "";
    submitting.querySelector("[name=token]").value = Coding.token();
    submitting.showModal();
    return undefined;
  }
  submitting.querySelector("[data-close]").addEventListener("click", () => submitting.close());

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button || button.disabled) return;
    const item = button.closest(".item");
    if (item) Coding.to(item, { scroll: false });
    run(button.dataset.act);
  });
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, dialog[open]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]") || page.inert) return;
    if (!on.checked && event.key.length === 1) return;
    if (["Enter", " "].includes(event.key) && event.target.closest("button, a, summary, label")) return;
    const where = text.contains(document.activeElement) ? "text" : "items";
    const name = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    const act = keys[where][name] || keys.everywhere[name];
    if (!act) return;
    event.preventDefault();
    if (act in writes && twice(act, event)) return;
    Coding.taken();
    run(act);
  });
  // A key that is held, or that bounces, decides once.
  const BOUNCE_MS = 150, MANY = ["undo", "redo", "step_up", "step_down"];
  let last = { act: "", at: 0 };
  function twice(act, event) {
    const bounced = act === last.act && event.timeStamp - last.at < BOUNCE_MS && !MANY.includes(act);
    last = { act, at: event.timeStamp };
    return event.repeat || bounced;
  }
  const stored = (name, value) => { try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; } };
  on.checked = stored("caselore keys") !== "off";
  on.addEventListener("change", () => stored("caselore keys", on.checked ? "on" : "off"));

  // The place and what was read go to the server a moment after one rests, and when one leaves.
  let waiting = 0, before = "";
  function keepPlace() {
    const place = Coding.placeNow(), item = Coding.item();
    const told = { ...(place || {}), item: item ? item.id : "" }, counted = Coding.exposure();
    const counts = Object.fromEntries(Object.entries(counted).filter(([, n]) => n));
    if (JSON.stringify(told) === before && !Object.keys(counts).length) return;
    before = JSON.stringify(told);
    Coding.tell({ ...told, ...counts }).then((today) => { if (today) Coding.counted(today); });
  }
  Coding.moved = () => { clearTimeout(waiting); waiting = setTimeout(keepPlace, 1500); };
  text.addEventListener("scroll", Coding.moved, { passive: true });
  setInterval(keepPlace, 60000);
  addEventListener("pagehide", keepPlace);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepPlace(); });

  const draftsOf = ([field]) => {
    const head = field && document.querySelector(`#h-${field} h3`);
    return head ? `on ${head.textContent}` : "on the case";
  };
  (async () => {
    await Coding.openPlace();
    Coding.cared(document);
    Coding.tally();
    const wanted = page.dataset.item;
    const item = document.getElementById(wanted) || document.getElementById(`h-${wanted}`) || document.querySelector("#rows .item.proposal:not(.said)") || Coding.items()[0];
    Coding.to(item, { focus: !page.matches(".show-text") && !location.hash });
    if (can && Coding.drafts().length) Coding.say(`A note that you began ${draftsOf(Coding.drafts())} is kept: go there and press m.`, "done");
    page.dataset.ready = "1";
    performance.mark("ready");
  })();
}
