// Codes: read from the address of a scanned square, and copied. Every page works without this file.

// What stands after the # is not sent to the server. Take it out of the address, so that it stays in no history.
const field = document.querySelector("[data-from-address]");
function fromAddress() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[0-9A-Za-z-]{20,}$/.test(code)) return;
  history.replaceState(null, "", location.pathname);
  field.value = code;
  field.form.querySelector("button").focus();
}
addEventListener("hashchange", fromAddress);
fromAddress();

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const said = button.parentElement.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent).then(
      () => { said.textContent = "Copied."; },
      () => { said.textContent = "It could not be copied. Please write it down."; },
    ));
  }
}
