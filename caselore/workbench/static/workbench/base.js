// What every page does: the pages under their button where they have no line of their own; open menus close with Escape
// or a click elsewhere.
"use strict";
document.documentElement.classList.add("scripted");
{
  const top = document.querySelector(".top"), button = top && top.querySelector(".menu");
  const show = (open) => {
    top.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  if (button) {
    button.addEventListener("click", () => show(!top.classList.contains("open")));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !top.classList.contains("open")) return;
      show(false);
      button.focus();
    });
    document.addEventListener("click", (event) => { if (!top.contains(event.target)) show(false); });
  }
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.me[open]")) menu.open = false;
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
// Acts of the coding page that could not be sent before one went elsewhere: they are sent as soon as a case is open.
{
  const coder = document.body.dataset.coder, said = document.getElementById("said");
  let left = [];
  try {
    left = coder && !document.getElementById("coding") ? Object.keys(localStorage).filter((key) => key.startsWith(`caselore act ${coder} `)) : [];
    left = left.map((key) => JSON.parse(localStorage.getItem(key)));
  } catch { left = []; /* forbidden: nothing is kept */ }
  if (left.length) {
    const line = document.createElement("p"), link = document.createElement("a");
    line.className = "warn";
    link.href = left[0].url.replace(/do\/[^/]*\/$/, "");
    link.textContent = "Open the case";
    line.append(`${left.length === 1 ? "1 act of yours is" : `${left.length} acts of yours are`} not saved yet, and kept in this browser. `, link, " to save what is kept.");
    said.append(line);
  }
}
// A form that is sent twice by a double click or a second press of Enter is sent once.
{
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.matches("[hx-post], [hx-boost]")) return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), 10000); // where nothing came of it, it may be sent again
  });
}
