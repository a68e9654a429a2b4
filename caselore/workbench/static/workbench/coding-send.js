// Sends acts one after another and paints what they changed. An act is kept until the server has said that it is
// written, over reloads too; its token keeps a second send from doubling it.
"use strict";
window.Coding = window.Coding || {};
{
  const page = document.getElementById("coding");
  const kept = `caselore act ${page.dataset.coder} `;
  const waits = [500, 1000, 2000, 5000, 10000];
  const queue = [];
  let busy = false, tries = 0, timer = 0;

  const token = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Date.now().toString(36) + "-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const remember = (act) => {
    try { localStorage.setItem(kept + act.token, JSON.stringify(act)); } catch { /* full or forbidden: memory only */ }
  };
  const forget = (act) => {
    try { localStorage.removeItem(kept + act.token); } catch { /* as above */ }
  };
  const csrf = () => {
    const cookie = document.cookie.split("; ").find((each) => each.startsWith("caselore_csrf="));
    return cookie ? cookie.slice("caselore_csrf=".length) : JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  };
  const headers = () => ({ "X-CSRFToken": csrf(), "HX-Request": "true" });

  const state = (name, words) => {
    const saved = document.getElementById("saved");
    if (saved.dataset.state !== name) saved.dataset.state = name;
    if (saved.textContent !== words) saved.textContent = words;
  };
  const number = () => (queue.length === 1 ? "1 act is" : `${queue.length} acts are`);
  const unsaved = (why) => state("unsaved", `Not saved yet: ${number()} kept. ${why}`);

  const seen = (act) => {
    if (act.fields.seen !== undefined || !act.field) return;
    const row = document.getElementById(`f-${act.field}`);
    if (row) act.fields.seen = row.dataset.version;
  };

  async function drain() {
    if (busy || !queue.length) return;
    busy = true;
    clearTimeout(timer);
    const slow = setTimeout(() => state("saving", "Saving…"), 200);
    while (queue.length) {
      const act = queue[0];
      seen(act);
      remember(act);
      const told = await post(act);
      if (told === null) break;
      queue.shift();
      forget(act);
      tries = 0;
      Coding.paint(told.words, act, told.status);
    }
    clearTimeout(slow);
    busy = false;
    if (!queue.length) state("saved", "Saved");
  }

  // The answer of the server; null where the act has to wait.
  async function post(act) {
    let answer;
    try {
      const body = new URLSearchParams({ ...act.fields, token: act.token });
      answer = await fetch(act.url, { method: "POST", body, headers: headers(), redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        unsaved("You are signed out; sign in again in another tab.");
        return later();
      }
      const patient = answer.status === 503 || answer.status === 507 || (answer.status === 500 && tries < waits.length);
      if (patient) {
        unsaved(answer.status === 507 ? "The disk is full." : "The server cannot write just now.");
        return later();
      }
      return { status: answer.status, words: await answer.text() };
    } catch {
      unsaved("The server does not answer; it is tried again.");
      return later();
    }
  }
  function later() {
    timer = setTimeout(drain, waits[Math.min(tries++, waits.length - 1)]);
    return null;
  }

  Coding.act = (verb, fields = {}, about = {}) => {
    const act = { url: `${page.dataset.url}do/${verb}/`, verb, fields, token: token(), ...about };
    remember(act);
    queue.push(act);
    drain();
  };
  Coding.idle = () => !queue.length;
  Coding.token = token;
  Coding.headers = headers;
  // For what may be lost, such as the place: sent even while the page closes.
  Coding.tell = (fields) =>
    fetch(`${page.dataset.url}place/`, { method: "POST", body: new URLSearchParams(fields), headers: headers(), keepalive: true, redirect: "manual" })
      .then((answer) => (answer.status === 200 ? answer.json() : null)).catch(() => null);

  // Every part of the answer replaces the one with its id, if the page has it just now.
  Coding.swap = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    const focused = document.activeElement && document.activeElement.id;
    const opened = [];
    for (const fresh of [...box.content.children]) {
      fresh.removeAttribute("hx-swap-oob");
      const old = fresh.id && document.getElementById(fresh.id);
      if (!old) continue;
      if (old.tagName === "DETAILS") fresh.open = old.open || fresh.open;
      old.replaceWith(fresh);
      opened.push(fresh);
    }
    const again = focused && document.getElementById(focused);
    if (again && again !== document.activeElement) again.focus({ preventScroll: true });
    return opened;
  };
  Coding.say = (words, look = "warn") => {
    const said = document.getElementById("said");
    said.replaceChildren();
    if (!words) return;
    const line = document.createElement("p");
    line.className = look;
    line.textContent = words;
    said.append(line);
  };
  Coding.paint = (html, act, status) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    const change = box.content.querySelector("#said-change");
    if (!change) Coding.refused(act);
    const words = (change || box.content).textContent.trim();
    if (change) Coding.swap(html);
    Coding.say(change ? (change.querySelector("p") ? words : "") : words || `That was not done (${status}).`, status < 300 ? "done" : "warn");
    if (change) Coding.painted(act, status, (change.dataset.touched || "").split(" ").filter(Boolean));
  };

  addEventListener("online", drain);
  addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
  // What an earlier page could not send.
  addEventListener("load", () => {
    try {
      const left = Object.keys(localStorage).filter((key) => key.startsWith(kept)).map((key) => JSON.parse(localStorage.getItem(key)));
      left.sort((a, b) => (a.token < b.token ? -1 : 1));
      queue.unshift(...left.filter((act) => !queue.some((each) => each.token === act.token)));
    } catch { /* forbidden: there is nothing */ }
    drain();
  });
}
