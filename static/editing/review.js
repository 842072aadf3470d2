// Words that a reviewer selects in the text become the passage of a comment.
"use strict";

const offer = document.querySelector("#quoting");
const quote = document.querySelector("#quote");
const block = document.querySelector("#quote-block");

/** The selected words, without notes for listeners; words taken out only where nothing else is selected. */
function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return "";
  const range = selection.getRangeAt(0);
  const around = range.commonAncestorContainer;
  const text = (around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement).closest("[data-quotable]");
  if (!text) return "";
  const copy = range.cloneContents();
  for (const note of copy.querySelectorAll(".visually-hidden, .external-mark, .cite, .gap, .at-comment, summary")) note.remove();
  const whole = copy.textContent;
  for (const gone of copy.querySelectorAll("del")) gone.remove();
  return (copy.textContent.trim() || whole).replace(/\s+/g, " ").trim();
}

/** The id of the block that the selection begins in; empty where it begins in none. */
function blockOfSelection() {
  const start = document.getSelection().getRangeAt(0).startContainer;
  const around = start.nodeType === Node.ELEMENT_NODE ? start : start.parentElement;
  return around.closest("[data-quotable] section")?.getAttribute("aria-labelledby") ?? "";
}

if (offer && quote) {
  let words = "";
  let chosen = "";
  document.addEventListener("selectionchange", () => {
    const now = selected();
    if (!now && offer.contains(document.activeElement)) return; // the button itself was pressed
    words = now;
    chosen = words ? blockOfSelection() : "";
    offer.hidden = !words;
    offer.querySelector("q").textContent = words.length > 60 ? `${words.slice(0, 57)}…` : words;
  });
  const button = offer.querySelector("button");
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => {
    quote.value = words;
    block.value = chosen;
    offer.hidden = true;
    document.querySelector("#says").focus();
  });
}
