// What htmx leaves to us. Every page works without this file.

// After a swap: tell the new title, and move the focus to the new question or to the error.
function settle() {
  const titled = document.querySelector("[data-title]");
  if (titled) document.title = titled.dataset.title;
  const summary = document.querySelector(".error-summary[data-focus]");
  const target = summary || document.querySelector("[data-focus]");
  if (target) target.focus();
}

// Times as this clock shows them.
function showTimes() {
  for (const time of document.querySelectorAll("time[data-local]")) {
    time.textContent = "at " + new Date(time.dateTime).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  }
}

// A save that did not reach the server: say so, and try again; the text stays in the window.
let again;
function notSaved(event) {
  const saved = document.getElementById("saved");
  const form = saved && saved.closest("form");
  if (!form) return;
  const status = event.detail.ctx?.response?.status ?? 0;
  // What the server refused, it would refuse again.
  const refused = status >= 400 && status < 500;
  const note = saved.querySelector("p") || saved.appendChild(document.createElement("p"));
  note.className = "notice warn";
  note.textContent = refused
    ? "Not saved. Your text is still in this window. Please press Save."
    : "Not saved yet. Your text is still in this window. Trying again…";
  clearTimeout(again);
  if (!refused) again = setTimeout(() => form.dispatchEvent(new Event("change", { bubbles: true })), 5000);
}

// A save starts from what the save before it left, not from what was there when it was queued; and a
// button waits for the save that is under way. Else a slow line would make a window clash with itself.
let saving = 0;
const planForm = (event) => event.detail.ctx?.sourceElement?.closest("form.plan");
document.addEventListener("htmx:before:request", (event) => {
  const form = planForm(event);
  if (!form) return;
  saving += 1;
  event.detail.ctx.request.body.set("base", form.elements.base.value);
});
document.addEventListener("htmx:finally:request", (event) => {
  if (planForm(event)) saving -= 1;
});
document.addEventListener("submit", (event) => {
  if (!saving || !event.target.matches("form.plan")) return;
  event.preventDefault();
  const send = () => setTimeout(() => event.target.requestSubmit(event.submitter));
  document.addEventListener("htmx:finally:request", send, { once: true });
});

// Fields that follow from another answer are hidden until it is given; never when something stands in them.
function showFollowing() {
  for (const field of document.querySelectorAll("[data-show-if]")) {
    const [name, value] = field.dataset.showIf.split("=");
    const typed = [...field.querySelectorAll("input, select, textarea")].some((input) => input.type === "radio" ? input.checked && input.value : input.value);
    const form = field.closest("form");
    field.hidden = !typed && new FormData(form).get(name) !== value;
  }
}
document.addEventListener("change", showFollowing);

document.addEventListener("htmx:after:swap", (event) => {
  if (document.getElementById("step")) settle();
  showTimes();
});
for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, notSaved);

showTimes();
showFollowing();
document.querySelector(".error-summary")?.focus();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
