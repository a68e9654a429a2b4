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
