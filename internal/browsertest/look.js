(async () => {
  const own = [];
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true });
  const name = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  // While a dialog is open, nothing else can be read or pressed.
  const page = document.querySelector("dialog[open]") ?? document.body;
  const text = page.innerText;

  // Words: nothing of a template's insides, no key of a message file.
  for (const bad of ["%!", "<no value>", "<nil>", "{{", "undefined", "[object"]) {
    if (text.includes(bad)) own.push(`the page reads ${bad}`);
  }
  // A word that a sentence was not given is written as an ellipsis; in drawings it shortens.
  const drawn = [...page.querySelectorAll("svg text")].reduce((rest, t) => rest.replace(t.textContent, ""), text);
  if (drawn.includes("…")) own.push(`a sentence lacks a word: ${drawn.split("\n").find((line) => line.includes("…"))}`);
  const attributes = [...page.querySelectorAll("[aria-label], [title], [alt]")]
    .map((e) => [e.ariaLabel, e.title, e.alt].join(" "));
  for (const key of [text, ...attributes].join("\n").match(/(?<![\w./@:-])[a-z_]+(\.[a-z_0-9]+){1,5}(?![\w/@-])/g) ?? []) {
    if (!/\.(example|key|txt|json|se)$/.test(key) && ![...page.querySelectorAll("code")].some((c) => c.textContent.includes(key))) own.push(`the page reads like a key: ${key}`);
  }
  if (page.querySelectorAll("h1").length !== 1) own.push(`${page.querySelectorAll("h1").length} main headings`);

  // Width: nothing runs out sideways; what scrolls by itself is meant to.
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) {
    const out = [...document.querySelectorAll("body *")].filter((e) => {
      const b = e.getBoundingClientRect();
      return seen(e) && b.width > 1 && (b.right > innerWidth + 1 || b.left < -1) && !e.closest(".scroll, .hidden, .skip");
    });
    own.push(`the page is ${root.scrollWidth} wide in a window of ${innerWidth}: ${out.slice(-2).map(name).join(" · ")}`);
  }

  // Covered: what can be pressed is what lies under the finger.
  const fingers = [...page.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
  for (const e of fingers) {
    if (!seen(e) || e.closest(".hidden, .skip") || e.disabled) continue;
    e.scrollIntoView({ block: "center", behavior: "instant" });
    const b = [...e.getClientRects()].find((r) => r.width > 1 && r.height > 1);
    if (!b) continue;
    const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
    if (!top) own.push(`outside the window: ${name(e)}`);
    else if (!e.contains(top) && !top.contains(e) && top.closest("label")?.control !== e) own.push(`covered by ${name(top).slice(0, 60)}: ${name(e)}`);
  }
  scrollTo(0, 0);

  // Drawings: every word lies inside its drawing, and every drawing has a twin in words.
  for (const svg of page.querySelectorAll("svg")) {
    if (!seen(svg)) continue;
    const frame = svg.getBoundingClientRect();
    for (const t of svg.querySelectorAll("text")) {
      if (!t.textContent.trim()) continue;
      const b = t.getBoundingClientRect();
      if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1) {
        own.push(`cut off in a drawing: ${t.textContent}`);
      }
    }
    if (svg.querySelector("text") && !svg.closest("figure")?.querySelector("figcaption, details, ul")) own.push(`a drawing without words: ${name(svg)}`);
  }

  // A consent's cells say in words what holds; the icon is help.
  for (const cell of page.querySelectorAll("table.matrix td")) {
    if (cell.querySelector(".chip") && !/\p{L}{2,}/u.test(cell.querySelector(".chip").innerText)) own.push(`a cell without words: ${name(cell)}`);
    if (!cell.querySelector(".chip, a, button") && !cell.matches(".none, .narrow-only")) own.push(`a cell without a state: ${name(cell)}`);
  }

  // Nothing to take back where nothing is left.
  for (const card of page.querySelectorAll(".card")) {
    if (card.querySelector('a[href*="/withdraw"]') && !card.querySelector(".grants li")) own.push(`something to take back where nothing is left: ${name(card)}`);
  }

  // Targets: 44 px high, but for links inside sentences.
  for (const e of page.querySelectorAll(":is(main, dialog) :is(button, .button, input[type=checkbox], input[type=radio])")) {
    if (!seen(e) || e.closest(".hidden")) continue;
    // A box is ticked by pressing anywhere on its line.
    const b = (e.closest(".pick") ?? e).getBoundingClientRect();
    const under = document.elementFromPoint(b.left + 3, b.top + 3)?.closest("label")?.control;
    if (b.height < 43.5 || (e.closest(".pick") && b.top > 0 && b.bottom < innerHeight && under !== e)) own.push(`hard to hit, ${Math.round(b.height)} px: ${name(e)}`);
  }

  // Colours do not turn with the writing direction: there, two pages stand for all.
  const colours = document.dir !== "rtl" || ["/", "/start"].includes(location.pathname);
  const result = await axe.run(document, { resultTypes: ["violations"], preload: false, rules: { "color-contrast": { enabled: colours } } });
  return {
    own: [...new Set(own)],
    axe: result.violations.map((v) => ({ rule: `${v.id} (${v.help})`, where: v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 160)} ${n.any[0]?.message ?? n.all[0]?.message ?? ""}`) })),
  };
})()
