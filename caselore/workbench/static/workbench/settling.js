// Keys of the adjudication page: j and k between fields, digits and then letters choose, r for the reason, Ctrl+Enter
// settles. Letters that do something else choose nothing; past the last key, the arrow keys go on.
"use strict";
const CHOOSE = [..."1234567890abcdefghilmnopqstuvwxyz"];
const splits = [...document.querySelectorAll("section.split.open")];
const here = () => splits.find((one) => one.contains(document.activeElement));
for (const split of splits)
  split.querySelectorAll("kbd[data-key]").forEach((key, n) => { if (n < CHOOSE.length) key.textContent = CHOOSE[n]; else key.remove(); });
const error = document.querySelector("[role=alert]");
const start = location.hash && document.querySelector(CSS.escape ? "#" + CSS.escape(location.hash.slice(1)) : "body");
if (error) error.closest("section").querySelector("textarea, input[type=text]")?.focus();
else if (start && splits.includes(start)) start.focus();
function go(step) {
  const at = splits.indexOf(here());
  const next = splits[at < 0 ? 0 : Math.min(Math.max(at + step, 0), splits.length - 1)];
  if (next) { next.focus(); next.scrollIntoView({ block: "start" }); }
}
document.addEventListener("keydown", (event) => {
  const split = here();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && split) {
    event.preventDefault();
    split.querySelector("form button.main").form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("textarea, select, input[type=text]")) {
    if (event.key === "Escape" && split) split.focus();
    return;
  }
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "r" && split) { event.preventDefault(); split.querySelector("textarea").focus(); }
  else if (CHOOSE.includes(event.key) && split) {
    const chosen = split.querySelectorAll("form input[type=radio]")[CHOOSE.indexOf(event.key)];
    if (!chosen) return;
    event.preventDefault();
    chosen.checked = true;
    (chosen.closest("li")?.querySelector("select") || chosen).focus(); // another answer is chosen by its name
  }
});
