// Care for the reader: graphic passages are blurred until lifted, what was read is counted, breaks are suggested.
"use strict";
{
  const page = document.getElementById("coding"), text = document.getElementById("text");
  const switchBox = document.getElementById("unblurred"), LOOKED_MS = 1000, IDLE_MS = 120000;
  const lifted = new Set();
  const read = new Set(), graphic = new Set();
  let since = { read: [], graphic: [], seconds: 0 }, active = Date.now(), reading = 0, waiting = false, everything = false;

  const wish = (name, value) => {
    try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; }
  };
  const blur = () => page.classList.toggle("unblurred", switchBox.checked || everything);
  switchBox.checked = wish("caselore unblurred") === "1";
  switchBox.addEventListener("change", () => { wish("caselore unblurred", switchBox.checked ? "1" : "0"); blur(); });
  blur();

  const keyOf = (each) => each.id || `q-${each.dataset.start}`;
  Coding.cared = (part) => {
    for (const each of part.querySelectorAll(".graphic")) if (lifted.has(keyOf(each))) each.classList.add("lifted");
    for (const note of text.querySelectorAll(".note")) hush(note);
    for (const p of part.querySelectorAll(".p")) seen.observe(p);
  };
  const para = (note) => note.nextElementSibling;
  const hush = (note) => { note.hidden = ![...para(note).querySelectorAll(".graphic")].some((p) => !p.classList.contains("lifted")); };
  function lift(each) {
    if (!each || each.classList.contains("lifted")) return false;
    each.classList.add("lifted");
    lifted.add(keyOf(each));
    return true;
  }
  const liftIn = (box) => [...box.querySelectorAll(".graphic")].map(lift).some(Boolean);
  // Here: the current line's quotations, else the passage under the cursor, else what is on the screen.
  Coding.lift = () => {
    const item = Coding.item(), p = text.contains(document.activeElement) && Coding.cursor();
    const done = (p && liftIn(p.closest(".para"))) || (item && liftIn(item)) || Coding.visiblePassages().filter((each) => each.classList.contains("graphic")).map(lift).some(Boolean);
    if (!done) Coding.say("Nothing is blurred here.");
    Coding.showChosen();
    for (const note of text.querySelectorAll(".note")) hush(note);
  };
  Coding.liftAll = () => {
    everything = !everything;
    blur();
    Coding.showChosen();
    Coding.say(everything ? "The blur is lifted on this page." : "Graphic passages are blurred again.", "done");
  };
  text.addEventListener("click", (event) => {
    const button = event.target.closest("[data-lift]");
    if (!button) return;
    const note = button.closest(".note");
    liftIn(para(note));
    const p = para(note).querySelector(".p");
    hush(note);
    p.focus({ preventScroll: true });
  });

  // A passage counts once it has been on the screen for a second; a graphic one only when it could be read.
  const timers = new Map();
  const bare = (p) => !p.classList.contains("graphic") || p.classList.contains("lifted") || page.classList.contains("unblurred");
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target.id));
      if (isIntersecting) timers.set(target.id, setTimeout(() => count(target), LOOKED_MS));
    }
  }, { root: text, threshold: 0.6 });
  function count(p) {
    if (document.hidden || !page.contains(p)) return;
    if (!read.has(p.id)) read.add(p.id), since.read.push(Coding.numberOf(p));
    if (p.classList.contains("graphic") && bare(p) && !graphic.has(p.id)) graphic.add(p.id), since.graphic.push(Coding.numberOf(p));
  }
  const today = { passages: document.getElementById("today-passages"), graphic: document.getElementById("today-graphic") };
  const minutes = document.getElementById("today-minutes");
  const clock = (seconds) => {
    const whole = Math.floor(seconds / 60), hours = Math.floor(whole / 60);
    return hours ? `${hours} h ${whole % 60} min` : `${whole} min`;
  };
  const tellMinutes = () => { minutes.textContent = clock(Number(minutes.dataset.seconds)); };
  tellMinutes();
  // What is new goes to the server, which counts a passage once a day, whatever is loaded again; it says what it has.
  Coding.exposure = () => {
    const told = since;
    since = { read: [], graphic: [], seconds: 0 };
    return { read: told.read.join(","), graphic: told.graphic.join(","), seconds: told.seconds };
  };
  Coding.counted = (told) => {
    for (const name of ["passages", "graphic"]) today[name].textContent = told[name];
    minutes.dataset.seconds = told.seconds;
    tellMinutes();
  };

  // Breaks: time at the page, as long as there is some sign of life.
  for (const name of ["keydown", "pointerdown", "wheel", "pointermove"]) addEventListener(name, () => { active = Date.now(); }, { passive: true });
  const breakAfter = Number(page.dataset.break) * 60, SECONDS = "caselore reading", notice = document.getElementById("break");
  const last = JSON.parse(wish(SECONDS) || "null");
  if (last && Date.now() - last.at < 10 * 60000) reading = last.seconds;
  setInterval(() => {
    if (document.hidden || Date.now() - active > IDLE_MS || !document.getElementById("resting").hidden) return;
    since.seconds += 5;
    reading += 5;
    wish(SECONDS, JSON.stringify({ seconds: reading, at: Date.now() }));
    if (reading >= breakAfter && !waiting) {
      waiting = true;
      document.getElementById("read-minutes").textContent = Math.floor(reading / 60);
      notice.hidden = false;
    }
  }, 5000);
  const over = (seconds) => {
    reading = seconds;
    waiting = false;
    notice.hidden = true;
    wish(SECONDS, JSON.stringify({ seconds, at: Date.now() }));
  };
  Coding.rest = () => {
    over(0);
    document.getElementById("resting").hidden = false;
    page.inert = true;
    document.querySelector("#resting button").focus();
  };
  Coding.restOver = () => {
    document.getElementById("resting").hidden = true;
    page.inert = false;
    Coding.toItems();
  };
  Coding.restLater = () => over(breakAfter - 600);
}
