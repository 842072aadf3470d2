// Saving a part of the plan, by itself and by its buttons. Without this file the form is sent as a whole.
//
// One request is under way at a time, and each is made of the form as it is when it is sent; so a window
// never clashes with itself, and nothing that was typed meanwhile is lost.

(() => {
  const form = document.querySelector("form.plan");
  const saved = document.getElementById("saved");
  const told = document.getElementById("told");
  if (!form || !saved || !window.htmx) return;

  const AFTER_TYPING = 800; // ms
  // Pressing a button ends the change of a field: what comes back must not move the button under the finger.
  const AFTER_CHANGE = 300; // ms
  const WAITS = [2, 5, 10, 20, 40, 60]; // seconds until the next try
  const KEPT = "Your text is still here: keep this page open.";

  let typed = 0; // counts what was typed
  let kept = 0; // up to here it is saved
  let sent = 0; // up to here it was sent
  let busy = false;
  let failures = 0;
  let timer;
  let pressed; // the button that waits to be sent, or is under way
  let carried; // the button that is under way
  let leaving; // what to do once everything is saved
  let renewed = false; // a new token was just sent, and nothing was saved since
  let insists = false; // Save was pressed: where the plan is closed, its code is asked for

  const unsaved = () => typed !== kept || Boolean(pressed);
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(send, ms); };

  // What is seen, and what is said: a screen reader hears only what is new, and not every "Saving".
  function show(text, warn = false, say = true) {
    for (const old of saved.querySelectorAll(".note, [data-state]")) old.remove();
    const note = saved.appendChild(document.createElement("p"));
    note.className = warn ? "note notice warn" : "note";
    note.textContent = text;
    if (warn) uncover();
    if (say) tell(text);
  }
  // A notice must not lie over what is being typed.
  function uncover() {
    if (form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
  }
  function tell(text) {
    if (told.textContent !== text) told.textContent = text;
  }

  function send() {
    clearTimeout(timer);
    if (busy || !unsaved()) return;
    if (!navigator.onLine) return offline();
    busy = true;
    sent = typed;
    carried = pressed;
    const entry = carried?.closest(".entry");
    if (entry) entry.inert = true;
    show("Saving…", false, false);
    const event = new Event("save");
    event.submitter = carried;
    form.dispatchEvent(event);
  }

  function offline() {
    release();
    show(`You’re offline. We’ll save your text when you’re back. ${KEPT}`, true);
  }

  // Why a save failed. What the server refuses it would refuse again, until something is changed or Save is pressed.
  function refusal(status, token) {
    if (status === 400 || status === 413) return "it’s too long. Make it shorter, then press Save";
    if (token) return "your browser didn’t send the small cookie that keeps your plan safe. Allow cookies for this site, then press Save";
    return "our server didn’t take it. Press Save to try again";
  }
  function trouble(status) {
    if (status >= 500 || status === 429) return "our server can’t save right now";
    return status === 200 ? "another page answered in place of our server. On public Wi-Fi you may have to sign in first" : "we can’t reach our server";
  }

  function failed(status, token) {
    const say = insists || !failures;
    failures += 1;
    release();
    if (!navigator.onLine) return offline();
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      pressed = undefined; // or a row would go much later, with the next letter that is typed
      return show(`Not saved: ${refusal(status, token)}. ${KEPT}`, true);
    }
    const seconds = WAITS[Math.min(failures, WAITS.length) - 1];
    show(`Not saved yet: ${trouble(status)}. We’ll try again in ${seconds} seconds. ${KEPT}`, true, say);
    later(seconds * 1000);
  }

  // The cookie that proves that a form is ours may be gone or new: the answer brings a token that fits, for every form here.
  function renew(token) {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
    renewed = true;
    send();
  }

  function release() {
    leaving = undefined;
    insists = false;
    for (const entry of form.querySelectorAll(".entry[inert]")) entry.inert = false;
  }

  form.addEventListener("input", (event) => {
    typed += 1;
    named(event.target);
    later(AFTER_TYPING);
  });
  form.addEventListener("change", () => {
    typed += 1;
    later(AFTER_CHANGE);
  });

  // Only our own answer may come into the page: a hotel's log-in page answers 200 as well.
  const ours = (ctx) => ctx?.sourceElement === form;
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail.ctx;
    if (ours(ctx) && !ctx.response.headers.get("Plan-Saved")) event.preventDefault();
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const ctx = event.detail.ctx;
    if (!ours(ctx)) return;
    busy = false;
    const answer = ctx.response?.status === 200 && ctx.text !== undefined && ctx.response.headers.get("Plan-Saved");
    const token = ctx.response?.headers.get("New-Token");
    if (token && !renewed) return renew(token);
    renewed = false;
    if (!answer) return failed(ctx.response?.status ?? 0, token);
    failures = answer === "yes" ? 0 : failures + 1;
    if (pressed === carried) pressed = undefined;
    settled();
    if (answer === "yes") kept = sent;
    else if (insists) return ask();
    else release();
    const state = saved.querySelector("[data-state]");
    tell([...saved.querySelectorAll(".notice")].map((notice) => notice.innerText).join(" ") || state?.innerText || "");
    if (answer === "yes" && unsaved()) later(pressed || insists ? 0 : AFTER_TYPING);
    else if (answer === "yes") done();
  });

  function done() {
    insists = false;
    leaving?.();
  }

  // Advice goes under its field; the focus to what a button led to.
  function settled() {
    const advised = new Map([...saved.querySelectorAll("[data-for]")].map((item) => [`${item.dataset.for}-advice`, item]));
    const redrawn = saved.querySelector("[data-focus]")?.dataset.focus;
    const fresh = redrawn && document.getElementById(redrawn)?.closest(".entry");
    for (const place of form.querySelectorAll(".advice")) {
      const html = advised.get(place.id)?.innerHTML ?? "";
      if (!fresh?.contains(place) && place.innerHTML !== html) place.replaceChildren(...(advised.get(place.id)?.childNodes ?? []));
    }
    saved.querySelector("ul[hidden]")?.remove();
    if (redrawn) focusOn(document.getElementById(redrawn));
    else if (saved.querySelector(".notice")) uncover();
  }
  function focusOn(place) {
    const controls = "input:not([type=hidden]), select, textarea, button";
    const control = !place || place.matches(controls) ? place : place.querySelector(controls);
    control?.focus({ preventScroll: true });
    (place?.matches(".notice") ? place : control?.closest(".field") ?? control)?.scrollIntoView({ block: "nearest" });
  }

  // A row goes by what stands first in it.
  function named(input) {
    const name = input.closest(".row")?.querySelector("[data-name]");
    if (!name || input.closest(".row").querySelector("input, select, textarea") !== input) return;
    const text = input.matches("select") ? (input.value ? input.selectedOptions[0].text : "") : input.value.trim();
    name.textContent = text ? `: ${text}` : "";
  }

  // Buttons. Every one of them saves by the script, so none leaves the page before everything is saved.
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    event.preventDefault();
    if (button?.name === "order") {
      if (pressed && busy) return;
      pressed = button;
    } else {
      typed += 1; // what a browser filled in by itself counts too; and whoever presses Save wants to hear of it
      told.textContent = "";
      insists = true;
      leaving = button?.dataset.leads && (() => { location.href = button.dataset.leads; });
    }
    send();
  });
  // The page that asks for the code carries the text along. The server has just answered, so it will come.
  function ask() {
    typed = kept;
    pressed = undefined;
    form.submit();
  }

  // A link out of the form saves first.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && !link.target;
    if (!plain || !unsaved() || link.getAttribute("href").startsWith("#") || !navigator.onLine || failures) return;
    event.preventDefault();
    leaving = () => { location.href = link.href; };
    send();
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) send();
  });
  addEventListener("offline", offline);
  addEventListener("online", () => {
    failures = 0;
    if (unsaved()) send();
    else show("You are back online. Everything is saved.");
  });
})();
