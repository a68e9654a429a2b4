// Sends acts one after another and paints what they changed. An act is kept until the server has said that it is
// written, over reloads too; its token keeps a second send from doubling it.
"use strict";
window.Coding = window.Coding || {};
{
  const page = document.getElementById("coding");
  const kept = `caselore act ${page.dataset.coder} `;
  const waits = [500, 1000, 2000, 5000, 10000];
  const PATIENCE_MS = 30000, REFUSAL_MS = 8000;
  const queue = [];
  // One's other tabs with the same case show what was before; they say so, and write nothing over it.
  const tabs = new BroadcastChannel(`caselore ${page.dataset.coder} ${page.dataset.case}`);
  tabs.onmessage = () => Coding.say("You decided something on this case in another tab; load this page again to see it.", "warn", { stays: true });
  let busy = false, tries = 0, timer = 0, stamp = 0;

  // Tokens sort in the order in which the acts were done.
  const token = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    stamp = Math.max(Date.now(), stamp + 1);
    return stamp.toString(36) + "-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
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

  // An act that an earlier page could not send may be of another case: what this page shows says nothing of that one.
  const ofHere = (act) => act.url.startsWith(page.dataset.url);
  const seen = (act) => {
    if (act.fields.seen !== undefined || !act.field || !ofHere(act)) return;
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
      if (ofHere(act) && told.status < 300) tabs.postMessage("decided");
      if (ofHere(act)) Coding.paint(told.words, act, told.status);
      else paintedElsewhere(told);
    }
    clearTimeout(slow);
    busy = false;
    if (!queue.length) state("saved", "Saved");
  }

  // The answer of the server; null where the act has to wait.
  async function post(act) {
    let answer, words;
    try {
      const body = new URLSearchParams({ ...act.fields, token: act.token, coder: page.dataset.coder });
      answer = await fetch(act.url, { method: "POST", body, headers: headers(), redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
      words = answer.type === "opaqueredirect" ? "" : await answer.text();
    } catch {
      return later("The server does not answer; it is tried again.");
    }
    const why = waitsFor(answer, words);
    return why ? later(why) : { status: answer.status, words };
  }
  // Why an act has to wait; empty where the server has taken it, or refused it for good. What stands before the server,
  // such as a proxy, answers for it while it is away.
  function waitsFor(answer, words) {
    const { status } = answer, own = answer.headers.get("X-Caselore");
    if (answer.type === "opaqueredirect") return "You are signed out; sign in again in another tab.";
    if (status === 401 && own) return "Somebody else is signed in here now; sign in again in another tab.";
    if (status === 403 && own === "forged") return "Your sign-in changed; load the page again.";
    if (status === 507) return "The disk is full.";
    if (status === 500 && own && tries >= waits.length) return "";
    if (status >= 500 || status === 408 || status === 429) return "The server cannot write just now.";
    return own || words.includes('id="said-change"') || status === 413 ? "" : "Something else answers for the server; it is tried again.";
  }
  function later(why) {
    unsaved(why);
    timer = setTimeout(drain, waits[Math.min(tries++, waits.length - 1)]);
    return null;
  }
  function paintedElsewhere({ words, status }) {
    const box = document.createElement("template");
    box.innerHTML = words;
    const said = (box.content.querySelector("#said-change") || box.content).textContent.trim();
    if (status < 300) Coding.say("An act on another case that was kept is saved now.", "done");
    else Coding.say(`An act on another case that was kept was not done: ${said}`, "warn", { stays: true });
  }

  Coding.act = (verb, fields = {}, about = {}) => {
    const item = Coding.item();
    const act = { url: `${page.dataset.url}do/${verb}/`, verb, fields, token: token(), at: item ? item.id : "", ...about };
    remember(act);
    queue.push(act);
    drain();
  };
  Coding.idle = () => !queue.length;
  Coding.token = token;
  Coding.headers = headers;
  // For what may be lost, such as the place: sent even while the page closes.
  Coding.tell = (fields) =>
    fetch(`${page.dataset.url}place/`, { method: "POST", body: new URLSearchParams({ ...fields, coder: page.dataset.coder }), headers: headers(), keepalive: true, redirect: "manual" })
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
  // One line of what happened. What `stays` is not wiped off by the next key or the next act, only by Escape or in time.
  let stays = 0;
  Coding.say = (words, look = "warn", about = {}) => {
    const said = document.getElementById("said"), held = Date.now() < stays;
    if (held && !words) return;
    if (!held || !about.stays) said.replaceChildren();
    stays = about.stays ? Date.now() + REFUSAL_MS : 0;
    if (!words || [...said.children].some((each) => each.textContent === words)) return;
    const line = document.createElement("p");
    line.className = look;
    line.textContent = words;
    said.append(line);
  };
  Coding.unsay = () => {
    stays = 0;
    Coding.say("");
  };
  Coding.paint = (html, act, status) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    const change = box.content.querySelector("#said-change");
    if (!change) Coding.refused(act);
    const words = (change || box.content).textContent.trim();
    if (change) Coding.swap(html);
    const told = change ? (change.querySelector("p") ? words : "") : words || `That was not done (${status}).`;
    const back = status >= 300 ? Coding.givenBack(act) : "";
    Coding.say(back ? `${told} ${back}` : told, status < 300 ? "done" : "warn", { stays: status >= 300 });
    if (change) Coding.painted(act, status, (change.dataset.touched || "").split(" ").filter(Boolean));
  };

  addEventListener("online", drain);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) drain(); });
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
