// Keys in a list of hits: from one to the next, into the briefing, confirm, dismiss. They act only inside of the list;
// where nothing has the focus, letters lead into it, to where one was.
"use strict";
{
  const list = document.getElementById("hits"), words = document.getElementById("ask");
  const hits = () => (list ? [...list.querySelectorAll(".hit")] : []);
  let last = 0;
  function go(at) {
    const all = hits();
    last = Math.max(0, at);
    const hit = all[Math.max(0, Math.min(at, all.length - 1))];
    if (!hit) return;
    hit.querySelector(".open").focus({ preventScroll: true });
    hit.scrollIntoView({ block: "nearest" });
  }
  const press = (hit, which) => {
    const button = hit.querySelector(which);
    if (button) button.click();
  };
  const does = {
    ArrowDown: (at) => go(at + 1),
    ArrowUp: (at) => (at === 0 && words ? words.focus() : go(at - 1)),
    j: (at) => go(at + 1),
    k: (at) => go(at - 1),
    Home: () => go(0),
    End: () => go(hits().length - 1),
    Escape: () => words && words.focus(),
    b: (at) => press(hits()[at], "button.add"),
    a: (at) => press(hits()[at], "[data-key=a]"),
    x: (at) => press(hits()[at], "[data-key=x]"),
    s: (at) => { if (hits()[at].dataset.like) location.href = hits()[at].dataset.like; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target === words && event.key === "ArrowDown" && hits().length) {
      event.preventDefault();
      go(0);
      return;
    }
    if (list && hits().length && event.target === document.body && event.key.length === 1 && does[event.key]) {
      event.preventDefault();
      go(last);
      return;
    }
    if (!list || !list.contains(event.target) || event.target.matches("input, textarea, select")) return;
    const at = hits().findIndex((hit) => hit.contains(event.target));
    const act = at < 0 ? null : does[event.key];
    if (!act) return;
    event.preventDefault();
    last = at;
    act(at);
  });
  // A row that was swapped keeps the focus that its predecessor had, and a decided one hands it to the next.
  let from = -1;
  document.addEventListener("htmx:beforeRequest", (event) => {
    from = hits().findIndex((hit) => hit.contains(event.target));
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (from < 0 || (document.activeElement && document.activeElement !== document.body)) return;
    const swapped = hits()[from];
    go(swapped && swapped.matches("tr") ? from + 1 : from);
    from = -1;
  });
  // On a narrow page the filters are folded, so that what was found comes first.
  const fold = document.querySelector(".facets-fold");
  if (fold && matchMedia("(max-width: 60rem)").matches) fold.open = false;
}
