// The order of decisions that is being settled: steps taken from the sides, moved, left out, by mouse and by keys.
"use strict";
(() => {
  const section = document.querySelector("section.course.open");
  const list = section.querySelector("#order");
  const blank = section.querySelector("#a-step").content.firstElementChild;
  const takes = [...section.querySelectorAll("button.take")];
  const none = section.querySelector("input[name=none]");
  const rows = () => [...list.children];
  const from = (row) => row.querySelector("[name=from]").value.split(" ").filter(Boolean);
  const line = (take) => take.closest("tr");
  const name = (row) => row.querySelector("[name=type]").selectedOptions[0].textContent;
  const say = (words) => { section.querySelector("#order-said").textContent = words; };
  const take_of = (id) => takes.find((take) => take.dataset.step === id);
  const row_of = (id) => rows().find((row) => from(row).includes(id));
  const place = (row) => rows().indexOf(row) + 1;

  function paint() {
    const every = rows();
    for (const take of takes) {
      const row = row_of(take.dataset.step);
      take.setAttribute("aria-pressed", String(Boolean(row)));
      take.firstElementChild.textContent = row ? `✓ ${every.indexOf(row) + 1}` : "Take";
    }
    every.forEach((row, n) => {
      row.querySelector("[data-do=up]").disabled = n === 0;
      row.querySelector("[data-do=down]").disabled = n === every.length - 1;
      for (const [act, words] of [["up", "earlier"], ["down", "later"], ["out", "left out"]])
        row.querySelector(`[data-do=${act}]`).setAttribute("aria-label", `${name(row)}, step ${n + 1}: ${words}`);
    });
    section.querySelector("#order-none").hidden = every.length > 0;
    if (every.length) none.checked = false;
    none.disabled = every.length > 0;
  }

  function told(row, given) {
    const ids = takes.map((take) => take.dataset.step).filter((id) => given.includes(id));
    ids.sort((one, other) => take_of(one).dataset.column - take_of(other).dataset.column);
    row.querySelector("[name=from]").value = ids.join(" ");
    row.querySelector(".whose").textContent = ids.map((id) => take_of(id).dataset.whose).join(", ");
  }

  // A step joins what is in the order from its own line, or from where it was moved; else it stands where its line is.
  function take(button) {
    const group = line(button).dataset.group;
    const there = rows().find((row) => row.dataset.group === group && !from(row).some((id) => take_of(id).dataset.column === button.dataset.column));
    if (there) {
      told(there, [...from(there), button.dataset.step]);
      return there;
    }
    const row = blank.cloneNode(true);
    row.dataset.group = group;
    row.querySelector("[name=type]").value = button.dataset.type;
    row.querySelector("[name=agency]").value = button.dataset.agency;
    told(row, [button.dataset.step]);
    const at = (each) => Math.max(...from(each).map((id) => Number(line(take_of(id)).dataset.row)));
    const before = rows().filter((each) => at(each) <= Number(line(button).dataset.row)).pop();
    if (before) before.after(row);
    else list.prepend(row);
    return row;
  }

  function give_back(button) {
    const row = row_of(button.dataset.step);
    const left = from(row).filter((id) => id !== button.dataset.step);
    if (left.length) told(row, left);
    else row.remove();
  }

  function toggle(button) {
    const taken = row_of(button.dataset.step);
    if (taken) {
      give_back(button);
      say(`${button.dataset.whose} is no longer in the order.`);
    } else {
      const row = take(button);
      list.scrollTop = row.offsetTop - list.clientHeight / 2; // the list alone: the page stays where one reads
      say(`${name(row)} is step ${place(row)} of ${rows().length}, with words of ${row.querySelector(".whose").textContent}.`);
    }
    paint();
  }

  function all_of(column) {
    list.replaceChildren();
    for (const button of takes.filter((each) => each.dataset.column === column)) {
      const row = take(button);
      list.append(row);
      if ("same" in line(button).dataset)
        told(row, [...line(button).querySelectorAll("button.take")].map((each) => each.dataset.step));
    }
    paint();
    say(`The order has ${rows().length} steps.`);
  }

  function move(row, step, focus) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    paint();
    const again = focus.disabled ? row.querySelector("button:enabled") : focus;
    again.focus();
    row.scrollIntoView({ block: "nearest" });
    say(`${name(row)} is now step ${place(row)} of ${rows().length}.`);
  }

  function out(row) {
    const next = row.nextElementSibling || row.previousElementSibling;
    say(`${name(row)} is left out.`);
    row.remove();
    paint();
    const to = next ? next.querySelector("[data-do=out]") : takes[0];
    if (to) to.focus();
  }

  section.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const row = button.closest("li.chosen");
    if (button.classList.contains("take")) toggle(button);
    else if (button.dataset.all) all_of(button.dataset.all);
    else if (button.dataset.do === "up") move(row, -1, button);
    else if (button.dataset.do === "down") move(row, 1, button);
    else if (button.dataset.do === "out") out(row);
  });
  list.addEventListener("change", paint);

  function across(button, step) {
    const there = [...line(button).querySelectorAll("button.take")];
    const to = there[there.indexOf(button) + step];
    if (to) to.focus();
  }
  function down(button, step) {
    const column = takes.filter((each) => each.dataset.column === button.dataset.column);
    const to = column[column.indexOf(button) + step];
    if (to) to.focus();
  }
  function along(row, button, step) {
    const to = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!to) return;
    const same = to.querySelector(`[data-do=${button.dataset.do}]`);
    (same.disabled ? to.querySelector("button:enabled") : same).focus();
  }

  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (!section.contains(at) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (at.matches("textarea, input[type=text], select")) return;
    const button = at.closest("button");
    const row = at.closest("li.chosen");
    const taking = button && button.classList.contains("take");
    const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "t") (takes.find((each) => each.getAttribute("aria-pressed") === "false") || takes[0])?.focus();
    else if (event.key === "o") (list.querySelector("button:enabled") || none).focus();
    else if (row && button && (event.key === "{" || event.key === "}")) move(row, event.key === "{" ? -1 : 1, button);
    else if (row && event.key === "x") out(row);
    else if (taking && (event.key === "ArrowLeft" || event.key === "ArrowRight")) across(button, step);
    else if (taking && step) down(button, step);
    else if (row && button && (event.key === "ArrowUp" || event.key === "ArrowDown")) along(row, button, step);
    else return;
    event.preventDefault();
  });
  paint();
})();
