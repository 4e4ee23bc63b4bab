// The portal's only script. Every page works without it. It opens forms in
// dialogs, blanks what may no longer be shown, and warns before a session ends.
// It keeps nothing in the browser's storage.
const body = document.body;
let live = body.dataset.live;
const policy = window.trustedTypes?.createPolicy("fragment", { createHTML: (html) => html });
const parse = (html) => new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
const main = () => document.querySelector("main");

// blank takes away the content at once and says why, from a <template>.
function blank(id) {
  hush();
  for (const d of document.querySelectorAll("dialog")) d.remove();
  const words = document.getElementById(id)?.content.cloneNode(true);
  main().replaceChildren(...(words ? [words] : []));
}

async function get(url, headers) {
  const answer = await fetch(url, { cache: "no-store", headers: { Accept: "text/html", ...headers } });
  const page = parse(await answer.text());
  return { answer, page, content: page.querySelector("main") };
}

// typed keeps what was typed in forms of the page while it is fetched again.
// What was not touched comes new; the version that was seen stays with the
// text that was typed over it.
const boxes = () => [...main().querySelectorAll("textarea[name], input[name]:not([type=hidden]), input[data-kept]")];
const touched = (e) => main().querySelector(".summary") || e.form?.querySelector("[data-found]") || e.form && [...e.form.elements].some((b) => b.matches("textarea, input:not([type=hidden])") && (b.value !== b.defaultValue || b.checked !== b.defaultChecked));
const key = (e) => [e.form?.getAttribute("action"), e.name, e.type === "radio" || e.type === "checkbox" ? e.value : ""].join();

// place finds what has the focus once more in the page that comes.
function place(e) {
  if (!e || e === main() || !main().contains(e)) return "";
  const name = ["id", "href", "name"].find((n) => e.getAttribute(n));
  return name ? `main [${name}="${CSS.escape(e.getAttribute(name))}"]` : "";
}

// held is what was typed on the page, while its content is away.
const held = new Map();
const hold = () => boxes().filter(touched).forEach((e) => held.set(key(e), e));

function inView(e) {
  const { top, bottom } = e.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

let asked = 0, focused = "", said = null, wrong = null;
async function refetch() {
  const mine = ++asked;
  said = main().querySelector(":scope > .banner.yes") ?? said; // what a form has answered, said once
  wrong = main().querySelector(":scope > .summary") ?? wrong; // and what was wrong with it, while it stands there
  focused = place(document.activeElement) || focused;
  hold();
  const caret = document.activeElement?.selectionStart;
  blank("words-changed");
  try {
    const { answer, page, content } = await get(location.href, { "X-Refetch": own() }); // by itself: no sign of life
    if (mine !== asked) return;
    if (answer.status === 401 || !content) return end();
    if (answer.redirected) return location.reload();
    document.title = page.title;
    live = page.body.dataset.live ?? live;
    const at = document.activeElement, seen = at !== body && inView(at);
    main().replaceWith(document.adoptNode(content));
    if (said) main().prepend(said);
    if (wrong && main().querySelector("form textarea, form input:not([type=hidden])")) main().prepend(wrong);
    arrived();
    for (const e of boxes()) {
      const old = held.get(key(e));
      if (old && old.type !== "file") { e.value = old.value; e.checked = old.checked; }
    }
    held.clear();
    mark();
    if (seen && at.isConnected) at.scrollIntoView({ block: "nearest" }); // the page was short while it was blank
    if (focused && document.activeElement === body) {
      const e = document.querySelector(focused);
      e?.focus();
      if (e?.matches("textarea")) e.selectionStart = e.selectionEnd = caret;
    }
    focused = "";
  } catch {
    if (mine === asked) lose();
  }
}

let over = false;
function end() {
  keepAll();
  over = true;
  asked++;
  clearTimeout(contact);
  socket?.close();
  blank("words-ended");
}

// What is typed into a form that keeps drafts goes to the server a moment later,
// sealed and for its writer alone: never into the browser's storage.
// A form is kept by one request at a time, and sent when none is on its way.
const drafts = new Map(); // by where a form is kept
const keeper = (form) => form?.querySelector?.("[data-keep]");
const there = (url) => document.querySelector(`[data-keep="${CSS.escape(url)}"]`);
const own = () => [...document.querySelectorAll("[data-keep]")].map((e) => e.value.split(".")[0]).join() || "1";
function keep(url) {
  const d = drafts.get(url);
  clearTimeout(d.soon);
  d.soon = 0;
  if (d.way) return void (d.soon = setTimeout(keep, 300, url));
  const { form } = there(url) ?? d.box; // the page may have been fetched anew since
  const sent = new URLSearchParams(new FormData(form));
  if (d.token) sent.set("draft", d.token);
  const small = sent.toString().length < 60000; // more does not outlive the page
  d.way = fetch(url, { method: "POST", body: sent, headers: { "X-Draft": "1" }, keepalive: small, signal: AbortSignal.timeout(4000) })
    .then((answer) => answer.json()).then(({ draft, said }) => {
      d.token = draft ?? d.token;
      mark();
      const words = there(url)?.form.querySelector("[data-draft-said]");
      if (words && said) words.textContent = said;
    }).catch(() => { if (!over) d.soon ||= setTimeout(keep, 5000, url); }).finally(() => { d.way = null; });
}
// mark says in the forms of the page which drafts they are.
function mark() {
  for (const [url, d] of drafts) if (d.token && there(url)) there(url).value = d.token;
}
const keepAll = () => drafts.forEach((d, url) => d.soon && keep(url));
document.addEventListener("input", ({ target: { form } }) => {
  const box = keeper(form);
  if (!box) return;
  const d = drafts.get(box.dataset.keep) ?? {};
  drafts.set(box.dataset.keep, d);
  d.box = box;
  d.soon ||= setTimeout(keep, 1500, box.dataset.keep);
});
document.addEventListener("submit", (e) => {
  const d = drafts.get(keeper(e.target)?.dataset.keep);
  if (!d) return;
  clearTimeout(d.soon);
  d.soon = 0;
  if (!d.way) return;
  e.preventDefault();
  d.way.finally(() => e.target.requestSubmit(e.submitter));
});
document.addEventListener("visibilitychange", () => document.hidden && keepAll());

// The socket says only that something changed; 15 s without a word, and the
// page cannot know what it may show. A socket that is silent may take a minute
// to close, so it is left behind.
let socket, contact, lost = false, tries = 0;
function heard() {
  clearTimeout(contact);
  contact = setTimeout(lose, 15000);
}
function lose() {
  hold();
  lost = true;
  asked++;
  blank("words-lost");
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  heard();
  again();
}
function again() {
  setTimeout(open, Math.min(500 * 2 ** tries++, 8000));
}
function open() {
  if (over) return;
  socket = new WebSocket(location.origin.replace(/^http/, "ws") + live);
  socket.onopen = () => { tries = 0; heard(); if (lost) { lost = false; refetch(); } };
  socket.onmessage = ({ data }) => {
    heard();
    let frame = {};
    try { frame = JSON.parse(data); } catch { /* not a frame of ours */ }
    if (frame.type === "changed") refetch();
    if (frame.type === "ended") end();
  };
  socket.onclose = again;
}
if (live) {
  heard();
  open();
  addEventListener("pageshow", (e) => { if (e.persisted) refetch(); });
}

// Forms opened from a link that says so are shown in a dialog; posting one is an
// ordinary post, so the answer is an ordinary page.
document.addEventListener("click", async (e) => {
  const link = e.target.closest?.("a[data-dialog]");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
  e.preventDefault();
  try {
    const { answer, content } = await get(link.href);
    if (!answer.ok || answer.redirected || !content) throw answer;
    const dialog = document.createElement("dialog");
    dialog.append(...document.adoptNode(content).childNodes);
    const heading = dialog.querySelector("h1");
    heading.tabIndex = -1;
    heading.id = "dialog-title";
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.addEventListener("click", (c) => {
      if (c.target.closest("[data-close]")) { c.preventDefault(); dialog.close(); }
    });
    dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
    const way = document.querySelector(".leave");
    if (way) dialog.append(way.cloneNode(true)); // what lies behind a dialog cannot be pressed
    body.append(dialog);
    arrived();
    dialog.showModal();
    heading.focus();
  } catch {
    location.assign(link.href);
  }
});

// A session's end is told two minutes before.
const left = Number(body.dataset.left);
function countdown(seconds) {
  const warn = setTimeout(() => {
    keepAll();
    const dialog = document.createElement("dialog");
    dialog.append(document.getElementById("words-warning").content.cloneNode(true));
    dialog.setAttribute("aria-labelledby", "warning-title");
    dialog.querySelector("button").onclick = async () => {
      try {
        const answer = await fetch(location.href, { cache: "no-store" });
        if (answer.redirected || answer.status === 401) return end();
        clearTimeout(out);
        countdown(left);
        dialog.close();
      } catch { live ? lose() : blank("words-lost"); }
    };
    dialog.onclose = () => dialog.remove();
    body.append(dialog);
    dialog.showModal();
  }, Math.max(0, seconds - 120) * 1000);
  const out = setTimeout(() => { clearTimeout(warn); end(); }, seconds * 1000);
}
if (left > 0) countdown(left);

// Leave quickly: the page is gone before the next one comes, and the back
// button does not lead here. Shift three times within five seconds does the same.
const exit = document.querySelector(".leave");
function leave(e) {
  e?.preventDefault();
  over = true;
  body.hidden = true;
  hush();
  fetch(exit.action, { method: "POST", body: new URLSearchParams(new FormData(exit)), keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(exit.dataset.to);
}
if (exit) {
  let presses = 0, first, quiet = true;
  document.addEventListener("submit", (e) => { if (e.target.matches(".leave")) leave(e); });
  addEventListener("keydown", (e) => { quiet = e.key === "Shift" && !e.repeat; });
  addEventListener("keyup", (e) => {
    if (e.key !== "Shift" || !quiet) return;
    clearTimeout(first);
    if (++presses === 3) return leave();
    exit.querySelector("[role=status]").textContent = exit.querySelector("template").content.children[presses - 1].textContent;
    first = setTimeout(() => { presses = 0; exit.querySelector("[role=status]").textContent = ""; }, 5000);
  });
}

// Read aloud, where the browser has a voice of its own for the page's language:
// one that is not on this device would send the text away. Parts in another
// language are read by a voice of that language, or passed over.
const speech = window.speechSynthesis;
const spoken = { prs: ["prs", "fa-af"] };
function voice(tag) {
  const want = spoken[tag] ?? [tag.split("-")[0]];
  return speech.getVoices().find((v) => v.localService && want.some((w) => (v.lang.toLowerCase().replace("_", "-") + "-").startsWith(w + "-")));
}
function hush() {
  speech?.cancel();
  for (const b of document.querySelectorAll("[data-aloud]")) say(b, false);
}
function say(b, speaking) {
  b.ariaPressed = String(speaking);
  b.textContent = speaking ? b.dataset.stop : b.dataset.aloud;
}
function aloud(b) {
  if (b.ariaPressed === "true") return hush();
  hush();
  say(b, true);
  const parts = [...main().querySelectorAll("h1, h2, h3, p, li, dt, dd, caption, th, td")].filter((e) => e.checkVisibility() && !e.closest(".actions") && !e.querySelector("p, li, dt"));
  parts.forEach((e, n) => {
    const tag = (e.querySelector(":scope > [lang]:only-child") ?? e.closest("[lang]")).lang;
    const u = new SpeechSynthesisUtterance(e.innerText);
    u.voice = voice(tag);
    u.lang = tag;
    if (n === parts.length - 1) u.onend = hush;
    if (u.voice) speech.speak(u);
  });
}
function offer() {
  for (const b of document.querySelectorAll("[data-aloud]")) {
    b.hidden = !voice(document.documentElement.lang);
    b.onclick = () => aloud(b);
  }
}
if (speech) {
  speech.onvoiceschanged = offer;
  addEventListener("pagehide", hush);
}

let stop;
function arrived() {
  if (speech) offer();
  clearTimeout(stop); // what the page shows ends then: it looks again by itself
  const ends = Number(document.querySelector("[data-stops]")?.dataset.stops);
  if (ends) stop = setTimeout(refetch, ends);
  for (const b of document.querySelectorAll("[data-print]")) { b.hidden = false; b.onclick = () => print(); }
}
arrived();
document.querySelector(".summary")?.focus();
