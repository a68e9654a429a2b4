// What every page does: close open menus with Escape or a click elsewhere.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.me[open]")) menu.open = false;
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
