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
function notSaved() {
  const saved = document.getElementById("saved");
  const form = saved && saved.closest("form");
  if (!form) return;
  let note = saved.querySelector("p");
  if (!note) note = saved.appendChild(document.createElement("p"));
  note.className = "notice warn";
  note.textContent = "Not saved yet. Your text is still in this window. Trying again…";
  clearTimeout(again);
  again = setTimeout(() => form.dispatchEvent(new Event("change", { bubbles: true })), 5000);
}

document.addEventListener("htmx:after:swap", (event) => {
  if (document.getElementById("step")) settle();
  showTimes();
});
for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, notSaved);

showTimes();
document.querySelector(".error-summary")?.focus();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
