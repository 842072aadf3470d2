// The editor: saves drafts, checks and previews while somebody types, puts blocks, links and conditions into the text.
// Without it the form is sent as a whole. The server does all reading and writing of content; this only shows it.
"use strict";

(() => {
  const form = document.getElementById("editor");
  const area = document.getElementById("document-text");
  if (!form || !area) return;

  const SAVE_EVERY = 4000, LONGEST_SAVE = 20000, SAY_HELLO_EVERY = 30000, SLOWEST_LINE = 60000, PAUSE = 700; // milliseconds
  const byId = (id) => document.getElementById(id);
  const make = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  function typed(extra = {}) {
    const data = new FormData(form);
    for (const [name, value] of Object.entries(extra)) data.set(name, value);
    return data;
  }

  const post = (url, data, signal = undefined, headers = {}) => fetch(url, { method: "POST", body: data, signal, headers });

  async function json(url, extra = {}, signal = undefined, headers = {}) {
    const data = extra instanceof FormData ? extra : typed(extra);
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value); // it may be newer than what is sent again
    let response = await post(url, data, signal, headers);
    // Whoever signs in again in another tab has a new token from then on: the answer brings one that fits.
    const token = response.headers.get("New-Token");
    if (token) {
      for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
      data.set("csrfmiddlewaretoken", token);
      response = await post(url, data, signal, headers);
    }
    if (!(response.headers.get("Content-Type") || "").includes("json")) throw new Error(problem(response));
    return [response.status, await response.json()];
  }

  // Why there is no answer to read. Only somebody who is signed out is sent on, to the page where one signs in.
  function problem(response) {
    if (response.redirected) return "you are signed out. Sign in again in another tab, and go on here.";
    if (response.status === 400 || response.status === 413) return "the text is longer than the server takes. Make it shorter.";
    if (response.status >= 500) return "the server can’t save right now. It is tried again. Your text is still here: keep this page open.";
    return `the server refused it (${response.status}). It is tried again. Your text is still here: keep this page open.`;
  }
  const inWords = (error) => (error instanceof TypeError || error.name === "TimeoutError" ? "the server does not answer. It is tried again. Your text is still here: keep this page open." : error.message);

  // The text

  function replace(start, end, text, select = [start + text.length, start + text.length]) {
    area.focus();
    area.setSelectionRange(start, end);
    // This way the browser's own "undo" knows of it.
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (!done && start !== end + text.length) {
      area.setRangeText(text, start, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(...select);
  }

  function become(text) {
    const old = area.value;
    if (old === text) return;
    let start = 0, end = 0;
    while (start < Math.min(old.length, text.length) && old[start] === text[start]) start++;
    while (end < Math.min(old.length, text.length) - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    replace(start, old.length - end, text.slice(start, text.length - end));
  }

  const lineAt = (place) => area.value.slice(0, place).split("\n").length - 1;
  const startOf = (line) => area.value.split("\n").slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);

  function jump(line) { // from 0
    const lines = area.value.split("\n");
    const at = Math.max(0, Math.min(line, lines.length - 1));
    area.focus();
    area.setSelectionRange(startOf(at), startOf(at) + lines[at].length);
    reveal(at);
  }

  function reveal(line) { // from 0; a browser does not scroll to what a script has selected
    const start = startOf(line);
    const mirror = make("div", area.value.slice(0, start) || " ", { class: "document-text mirror" });
    mirror.style.width = `${area.offsetWidth}px`; // lines break at the same words
    area.after(mirror);
    const above = mirror.offsetHeight;
    mirror.remove();
    area.scrollTop = Math.max(0, above - area.clientHeight / 3);
    area.scrollIntoView({ block: "nearest" });
  }

  const aside = byId("aside");
  const say = (words) => { aside.textContent = words; };

  // What the server says of the block around the cursor; null where it does not answer, or somebody typed meanwhile.
  async function askBlock(extra = {}) {
    const before = area.value, line = lineAt(area.selectionStart);
    say("");
    try {
      const [, answer] = await json(form.dataset.around, { line, ...extra });
      if (area.value === before) return answer;
      say("You typed meanwhile, so nothing was put in. Try it again.");
    } catch (error) {
      say(`Nothing was put in: ${inWords(error)}`);
    }
    return null;
  }

  // One after another: what is put in next waits for the text that the one before makes.
  let turn = Promise.resolve();
  const inTurn = (work) => (turn = turn.then(work));

  // Puts something into the options of the block around the cursor: a list gets one more item, once. A dialog closes with the answer.
  const putInBlock = (option, value, dialog = null) => inTurn(async () => {
    const answer = await askBlock({ option, value });
    if (dialog) dialog.close();
    if (!answer) return;
    if (answer.wrong) say(answer.wrong);
    else if (answer.text === area.value) jump(answer.line);
    else become(answer.text);
  });

  // Buttons

  // Title and text are left empty, so that nobody can forget to replace them: the check asks for both.
  const BLOCKS = byId("blocks") ? JSON.parse(byId("blocks").textContent) : {};

  const putBlock = (kind, when = "") => inTurn(async () => {
    const around = await askBlock();
    if (!around) return;
    let at = area.selectionStart;
    if (around.block) { // blocks do not stand inside each other: below this one
      at = Math.min(startOf(around.after), area.value.length);
    } else {
      at = startOf(lineAt(at) + (area.value.split("\n")[lineAt(at)].trim() ? 1 : 0));
      at = Math.min(at, area.value.length);
    }
    const before = at && !area.value.slice(0, at).endsWith("\n\n") ? (area.value.slice(0, at).endsWith("\n") ? "\n" : "\n\n") : "";
    const head = `${before}/// ${kind} | `;
    const text = `${head}\n${when ? `    when: ${when}\n` : ""}${BLOCKS[kind]}///\n`;
    replace(at, at, area.value.slice(at).startsWith("\n") ? text : `${text}\n`, [at + head.length, at + head.length]);
    reveal(lineAt(at + head.length));
  });

  const PUT = {
    heading() {
      const start = startOf(lineAt(area.selectionStart));
      replace(start, start, "## ");
    },
    bold() {
      const { selectionStart: start, selectionEnd: end } = area, words = area.value.slice(start, end) || "words";
      replace(start, end, `**${words}**`, [start + 2, start + 2 + words.length]);
    },
    list() {
      const first = startOf(lineAt(area.selectionStart)), end = Math.max(area.selectionEnd, first);
      replace(first, end, area.value.slice(first, end).split("\n").map((line) => `- ${line}`).join("\n"));
    },
  };

  if (document.querySelector(".toolbar")) document.querySelector(".toolbar").hidden = false;
  byId("check").hidden = true; // it is checked all the time
  for (const button of document.querySelectorAll("[data-put]")) button.addEventListener("click", () => PUT[button.dataset.put]());
  for (const button of document.querySelectorAll("[data-block]")) button.addEventListener("click", () => putBlock(button.dataset.block));
  for (const button of document.querySelectorAll("button[data-find]")) button.addEventListener("click", () => openFinder(button.dataset.find));
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => { button.closest("dialog").close(); area.focus(); });

  for (const select of document.querySelectorAll("[data-set]")) select.addEventListener("change", async () => {
    const word = select.value;
    select.value = "";
    area.focus();
    await putInBlock(select.dataset.set, word);
  });

  // Sources, links and treatments by search

  const finder = byId("finder"), finderWords = byId("finder-words");
  const FINDER_TITLES = { sources: "Cite a source", links: "Link to a page or treatment", treatments: "Name a treatment in this block" };
  let finding = "", findTimer = 0, findNumber = 0, inBlock = false;

  async function openFinder(kind) {
    const around = kind === "links" ? { block: "" } : await inTurn(() => askBlock());
    if (!around) return;
    finding = kind;
    inBlock = Boolean(around.block);
    byId("finder-title").textContent = FINDER_TITLES[kind];
    finderWords.value = kind === "links" ? area.value.slice(area.selectionStart, area.selectionEnd) : "";
    byId("finder-add").hidden = kind !== "sources";
    byId("finder-where").hidden = kind !== "sources" || !inBlock;
    const where = finder.querySelector(`[name=where][value=${around.options ? "block" : "text"}]`);
    where.checked = true;
    finder.showModal();
    finderWords.focus();
    find();
  }

  async function find() {
    const number = ++findNumber;
    const [, answer] = await json(form.dataset.find, { words: finderWords.value, for: finding });
    if (number !== findNumber) return;
    byId("finder-count").textContent = answer.all > answer.found.length ? `${answer.found.length} of ${answer.all}` : `${answer.all} found`;
    byId("finder-list").replaceChildren(...answer.found.map((entry) => {
      const button = make("button", entry.title, { type: "button", class: "entry" });
      button.append(make("span", `${entry.more} · ${entry.id}`));
      button.addEventListener("click", () => choose(entry));
      const item = make("li");
      item.append(button);
      return item;
    }));
  }

  // A title within a sentence: an ordinary word loses its capital, a name with digits or more capitals keeps them.
  const within = (title) => (/^[A-Z][a-z]+\b/.test(title) ? title[0].toLowerCase() + title.slice(1) : title);

  function choose(entry) {
    const toOptions = finding === "treatments" || finder.querySelector("[name=where]:checked").value === "block";
    if (inBlock && toOptions) return putInBlock(finding, entry.id.replace("treatment:", ""), finder);
    finder.close();
    const { selectionStart: start, selectionEnd: end } = area;
    if (finding === "sources") {
      replace(end, end, `${end && /\S/.test(area.value[end - 1]) ? " " : ""}[@${entry.id}]`);
    } else if (finding === "treatments") {
      replace(end, end, `[${within(entry.title)}](${entry.id})`);
    } else {
      replace(start, end, `[${area.value.slice(start, end) || within(entry.title)}](${entry.id})`);
    }
  }

  finderWords.addEventListener("input", () => { clearTimeout(findTimer); findTimer = setTimeout(find, 200); });
  finderWords.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = byId("finder-list").querySelector("button");
    if (first) first.click();
  });

  // The builder of conditions

  const builder = byId("builder"), vocabulary = JSON.parse(byId("vocabulary").textContent);
  const facts = new Map(vocabulary.facts.map((fact) => [fact.id, fact]));
  let parts = [], line = 0, conditionOf = "", tellTimer = 0, tellNumber = 0;

  if (byId("condition")) byId("condition").addEventListener("click", async () => {
    byId("builder-wrong").textContent = "";
    line = lineAt(area.selectionStart);
    const [, answer] = await json(form.dataset.condition, { line });
    conditionOf = answer.block;
    byId("builder-block").textContent = conditionOf || "The cursor is in no block: a new one will be made.";
    byId("builder-new").hidden = Boolean(conditionOf);
    byId("builder-form").hidden = Boolean(answer.deep);
    byId("builder-deep").hidden = !answer.deep;
    byId("builder-use").hidden = Boolean(answer.deep);
    byId("builder-use").textContent = conditionOf ? "Put it into the block" : "Make the block";
    byId("builder-join").value = answer.form ? answer.form.join : "all";
    parts = answer.form ? answer.form.parts : [];
    drawParts();
    show(answer);
    builder.showModal();
  });

  const shown = () => JSON.stringify({ join: byId("builder-join").value, parts });
  const newLine = () => ({ fact: vocabulary.facts.length ? vocabulary.facts[0].id : "is", values: [], negated: false });

  function changed() {
    clearTimeout(tellTimer);
    tellTimer = setTimeout(async () => {
      const number = ++tellNumber;
      const [, answer] = await json(form.dataset.condition, { line, form: shown() });
      if (number === tellNumber) show(answer);
    }, 250);
  }

  function show(answer) {
    byId("builder-sentence").textContent = answer.wrong || answer.sentence;
    byId("builder-share").textContent = answer.wrong || answer.of === 1 ? ""
      : answer.count === 0 ? "Nobody can be in this situation: two parts of it exclude each other."
      : `True in ${answer.count.toLocaleString("en")} of ${answer.of.toLocaleString("en")} situations. For example: ${answer.example}.`;
    byId("builder-share").classList.toggle("bad", answer.count === 0);
  }

  function select(options, value, label, pick) {
    const made = make("select", "", { "aria-label": label });
    for (const [id, words] of options) made.append(make("option", words, { value: id }));
    made.value = value;
    made.addEventListener("change", () => { pick(made.value); changed(); });
    return made;
  }

  function drawLine(one, lines, again) {
    const item = make("li", "", { class: "part" }), values = make("fieldset");
    const known = one.fact === "is" ? vocabulary.audiences : (facts.get(one.fact) || { values: [] }).values;
    item.append(
      select([["", "They say"], ["not", "They do not say"]], one.negated ? "not" : "", "Yes or no", (value) => { one.negated = value === "not"; }),
      select([...vocabulary.facts.map((fact) => [fact.id, fact.label]), ["is", "Belongs to a named group"]], one.fact, "Question", (value) => { one.fact = value; one.values = []; again(); }),
      values);
    values.append(make("legend", known.length > 1 ? "one of" : "", { class: "quiet" }));
    for (const value of known) {
      const label = make("label"), tick = make("input", "", { type: "checkbox" });
      tick.checked = one.values.includes(value.id);
      tick.addEventListener("change", () => {
        one.values = known.map((other) => other.id).filter((id) => (id === value.id ? tick.checked : one.values.includes(id)));
        changed();
      });
      label.append(tick, ` ${value.label}`);
      values.append(label);
    }
    item.append(remover(one, lines, again));
    return item;
  }

  function remover(one, from, again) {
    const button = make("button", "Remove", { type: "button", class: "quiet" });
    button.addEventListener("click", () => { from.splice(from.indexOf(one), 1); again(); changed(); });
    return button;
  }

  const KINDS = [["any", "At least one of these"], ["all", "All of these"], ["none", "None of these"], ["not-all", "Not all of these at once"]];

  function drawParts() {
    byId("builder-parts").replaceChildren(...parts.map((part) => {
      if (!part.lines) return drawLine(part, parts, drawParts);
      const item = make("li", "", { class: "part group" }), inner = make("ul", "", { class: "parts" });
      const add = make("button", "Add a fact to this group", { type: "button" });
      add.addEventListener("click", () => { part.lines.push(newLine()); drawParts(); });
      inner.append(...part.lines.map((one) => drawLine(one, part.lines, drawParts)));
      item.append(select(KINDS, part.kind, "How the group counts", (value) => { part.kind = value; }), inner, add, remover(part, parts, drawParts));
      return item;
    }));
  }

  byId("builder-join").addEventListener("change", changed);
  byId("builder-line").addEventListener("click", () => { parts.push(newLine()); drawParts(); });
  byId("builder-group").addEventListener("click", () => { parts.push({ kind: byId("builder-join").value === "all" ? "any" : "all", lines: [newLine(), newLine()] }); drawParts(); });
  byId("builder-use").addEventListener("click", async () => {
    const lines = parts.flatMap((part) => part.lines || [part]);
    byId("builder-wrong").textContent = lines.some((one) => !one.values.length) ? "Tick at least one answer of each fact, or remove the fact." : "";
    if (byId("builder-wrong").textContent) return;
    const [, answer] = await json(form.dataset.condition, { line, form: shown() });
    if (answer.wrong) return show(answer);
    builder.close();
    if (conditionOf) become(answer.text);
    else putBlock(byId("builder-kind").value, answer.when === "{}" ? "" : answer.when);
  });

  // Checks and preview while somebody types

  let checking = null, checkTimer = 0;

  async function check() {
    if (checking) checking.abort();
    checking = new AbortController();
    const { signal } = checking;
    try {
      const [status, answer] = await json(form.dataset.check, {}, signal);
      if (status === 200) tell(answer);
      await see(signal);
    } catch (error) {
      if (error.name !== "AbortError") byId("grade").textContent = "The check could not be asked for. It is tried again when you go on typing.";
    }
  }

  function tell(answer) {
    const grade = byId("grade"), limit = Number(grade.dataset.limit);
    const over = answer.grade !== null && answer.grade > limit;
    grade.textContent = answer.grade === null ? "" : `Reading grade ${answer.grade}. ${over ? `The limit is ${limit}: shorter sentences, shorter words.` : `Good: the limit is ${limit}.`}`;
    grade.className = over ? "bad" : "good";
    list(byId("mistakes"), answer.mistakes.length ? `${answer.mistakes.length} to mend before review` : "No mistake found.", answer.mistakes.map((one) => ({ ...one, before: answer.before })));
    list(byId("hard"), answer.hard.length ? "Hard or long sentences" : "", answer.hard.map((one) => ({ says: `${one.says} (grade ${one.grade})`, line: one.line, here: true, before: answer.before })));
  }

  // To another text, in a tab of its own: what is typed here stays open.
  const way = (name, to) => [to.url ? make("a", `${name}:`, { href: to.url, target: "_blank" }) : `${name}:`, ` ${to.says}`];

  function elsewhere(entry) {
    if (!entry.others || !entry.others.length) return [];
    const others = make("ul", "", { class: "elsewhere" });
    others.append(...entry.others.map((other) => { const item = make("li"); item.append(...way(other.title, other)); return item; }));
    return [others];
  }

  function list(place, title, entries) {
    const items = entries.map((entry) => {
      const item = make("li"), input = entry.field && (byId(`id_field-${entry.field}`) || byId(`id_field-${entry.field.split(".")[0]}`));
      const inText = entry.line && entry.line > entry.before;
      if (!entry.here) {
        item.append(...way(entry.path, entry));
        return item;
      }
      if (!(inText || input)) {
        item.textContent = entry.says;
        return item;
      }
      const button = make("button", inText ? `Line ${entry.line - entry.before}: ${entry.says}` : entry.says, { type: "button", class: "entry" });
      button.addEventListener("click", () => { if (inText) return jump(entry.line - entry.before - 1);
        if (input.closest("details")) input.closest("details").open = true;
        input.focus();
      });
      item.append(button, ...elsewhere(entry));
      return item;
    });
    const whole = make("ul");
    whole.append(...items);
    place.replaceChildren(...(title ? [make("h3", title)] : []), ...(items.length ? [whole] : []));
  }

  const frame = byId("frame"), preview = byId("preview");
  if (preview) document.querySelector(".seen").hidden = false;

  async function see(signal) {
    if (!preview) return;
    const response = await post(form.dataset.preview, typed({ live: "1" }), signal);
    if (response.redirected) return;
    const html = await response.text(), before = preview.contentWindow ? preview.contentWindow.scrollY : 0;
    preview.onload = () => {
      if (frame.classList.contains("paper")) onPaper(preview.contentDocument);
      preview.contentWindow.scrollTo(0, before);
    };
    preview.srcdoc = html;
  }

  // What the stylesheets say of paper counts, and what they say of screens and of the dark does not.
  function onPaper(page) {
    for (const sheet of page.styleSheets) {
      for (const rule of sheet.cssRules) {
        if (!rule.media) continue;
        if (rule.media.mediaText.includes("print")) rule.media.mediaText = "all";
        else if (/dark|screen/.test(rule.media.mediaText)) rule.media.mediaText = "not all";
      }
    }
    page.documentElement.style.colorScheme = "light";
    page.documentElement.style.padding = "15mm"; // the margin that a printer leaves
  }

  function look(paper) {
    frame.classList.toggle("paper", paper);
    frame.classList.toggle("phone", !paper);
    byId("as-phone").setAttribute("aria-pressed", String(!paper));
    byId("as-paper").setAttribute("aria-pressed", String(paper));
    see();
  }
  if (preview) {
    byId("as-phone").addEventListener("click", () => look(false));
    byId("as-paper").addEventListener("click", () => look(true));
  }

  form.addEventListener("input", () => { clearTimeout(checkTimer); checkTimer = setTimeout(check, PAUSE); });
  check();

  // Drafts that save themselves, and who else is here

  const written = (...without) => JSON.stringify([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "version", "base", "why", "action", ...without].includes(name)));
  let kept = written(), keptText = written("note", "for_readers"), lastHello = Date.now(), busy = false, saving = Promise.resolve(), told = !byId("newer").hidden;
  // What was sent and has no answer yet, as it was sent: it is asked for again before anything newer goes, with the version
  // that it had. The server knows its own text again, and answers with the version that the next one needs.
  let unanswered = null, left = 0, pressed = false, passed = false;
  // A form that came back with what was typed has not been saved.
  if (told || document.querySelector(".messagelist .error")) kept = keptText = "";

  // A page that was left does not save: it would overtake what the button sent. If it is still here after all that time, it was not left.
  const leaving = () => Date.now() - left < SLOWEST_LINE;
  const packed = (saves) => ({ saves, data: typed(saves ? { changed: "1" } : {}), all: written(), text: written("note", "for_readers") });

  async function keep() {
    if (busy || told || leaving()) return;
    const now = written(), nowText = written("note", "for_readers"), begun = form.elements.version.value !== "0";
    const unsaved = now !== kept && (begun || nowText !== keptText);
    if (!unsaved && !unanswered && Date.now() - lastHello < SAY_HELLO_EVERY) return;
    await exchange(unanswered || packed(unsaved));
  }

  // Whether there was an answer, of whatever kind.
  async function exchange(sent) {
    const longest = sent === unanswered ? SLOWEST_LINE : LONGEST_SAVE;
    busy = true;
    lastHello = Date.now();
    if (sent.saves) {
      unanswered = sent;
      byId("saved").textContent = "Saving…";
    }
    try {
      const [status, answer] = await json(form.dataset.save, sent.data, AbortSignal.timeout(longest), sent.saves ? {} : { Unattended: "yes" });
      unanswered = null;
      answered(status, answer, sent);
      return true;
    } catch (error) {
      byId("saved").textContent = `Not saved: ${inWords(error)}`;
      return false;
    } finally {
      busy = false;
    }
  }

  function answered(status, answer, sent) {
    byId("others").textContent = answer.others.length ? `${answer.others.join(", ")} ${answer.others.length > 1 ? "have" : "has"} it open too.` : "";
    byId("older").hidden = status === 409 || !answer.newer;
    if (status === 409) {
      told = true;
      byId("newer-says").textContent = answer.newer;
      byId("newer").hidden = false;
      byId("saved").textContent = "Not saved: read the note below.";
      byId("newer").scrollIntoView({ block: "nearest" });
    } else if (answer.newer) {
      byId("older-says").textContent = answer.newer;
    } else if (answer.refused) {
      byId("saved").textContent = `Not saved. ${answer.refused}`;
    } else {
      form.elements.version.value = answer.version;
      if (answer.state) byId("state").textContent = answer.state[0].toUpperCase() + answer.state.slice(1);
      if (!sent.saves) return;
      kept = sent.all;
      keptText = sent.text;
      byId("saved").textContent = `Draft saved at ${answer.at}.`;
    }
  }

  // Whether the server can be asked, and has answered all that was sent: or a button would lead to an error, and this window
  // would clash with its own text.
  async function settled() {
    await saving;
    return (saving = exchange(unanswered || packed(false)));
  }

  setInterval(() => { if (!busy) saving = keep(); }, SAVE_EVERY);
  form.addEventListener("submit", async (event) => {
    if (event.submitter && event.submitter.formTarget === "_blank") return;
    if (passed) {
      passed = false;
      left = Date.now();
      unanswered = packed(false);
      return;
    }
    event.preventDefault();
    if (pressed) return;
    pressed = true;
    passed = await settled();
    pressed = false;
    if (passed) form.requestSubmit(event.submitter);
    else byId("saved").scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) left = 0; });
  window.addEventListener("beforeunload", (event) => { if (written() !== (leaving() && unanswered ? unanswered.all : kept)) event.preventDefault(); });
})();
