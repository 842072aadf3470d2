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
  for (const time of document.querySelectorAll("time[data-moment]")) {
    time.textContent = new Date(time.dateTime).toLocaleString([], { dateStyle: "long", timeStyle: "short" });
  }
}

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

// Questions and choices that another answer of the same page brings up. What is hidden is not sent.
function showBrought() {
  for (const part of document.querySelectorAll("[data-shown-by]")) {
    const ticked = [...part.closest("form").querySelectorAll("input:checked")].map((input) => `${input.name}=${input.value}`);
    part.hidden = !part.dataset.shownBy.split(" ").some((answer) => ticked.includes(answer));
    for (const held of part.matches("fieldset") ? [part] : part.querySelectorAll("input")) held.disabled = part.hidden;
  }
}
document.addEventListener("change", showBrought);

document.addEventListener("htmx:after:swap", (event) => {
  if (document.getElementById("step")) settle();
  showTimes();
  showFollowing();
  showBrought();
});

// What is closed on the screen is read on paper all the same. Newer browsers do that by style alone.
if (!CSS.supports("selector(::details-content)")) {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open], .not-on-paper, .folded)")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
}

// An answer that did not reach the server stays ticked; and what a proxy says in our place does not take the question's place.
function notReached() {
  const step = document.getElementById("step");
  step.querySelector(".error-summary")?.remove();
  const summary = document.createElement("div");
  summary.className = "error-summary";
  summary.setAttribute("role", "alert");
  summary.tabIndex = -1;
  const title = summary.appendChild(document.createElement("h2"));
  title.textContent = "There is a problem";
  const words = summary.appendChild(document.createElement("p"));
  words.textContent = "We can’t reach our server. Your answer is still ticked. Wait a minute, then press Continue again.";
  step.querySelector("form").before(summary);
  summary.focus();
}
const ofStep = (event) => event.detail.ctx?.sourceElement?.closest?.("#step");
document.addEventListener("htmx:before:swap", (event) => {
  if (!ofStep(event) || event.detail.ctx.text.includes('id="step"')) return;
  event.preventDefault();
  notReached();
});
document.addEventListener("htmx:error", (event) => {
  if (ofStep(event)) notReached();
});

showTimes();
showFollowing();
showBrought();
document.querySelector(".error-summary")?.focus();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
