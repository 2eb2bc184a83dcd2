// What every page gets: comfort only. Each page works without it.

import "./drafts.js";
import "./drop.js";

/** Closes the open menu on Escape and on a click beside it. */
function menus() {
  const close = (menu, focus) => {
    if (!menu.open) return;
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  };
  for (const menu of document.querySelectorAll("details[data-menu]")) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) close(menu, false); });
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") close(menu, true); });
  }
}

/** A form sent once is not sent again by a second click; while it works, it says so. */
function sendOnce() {
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      const busy = form.querySelector("[data-busy]");
      if (busy) busy.hidden = false;
      for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    });
  }
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      const busy = form.querySelector("[data-busy]");
      if (busy) busy.hidden = true;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
  });
}

/** After a refused form the keyboard stands at the first field that has to be mended. */
function firstMistake() {
  document.querySelector("main [aria-invalid='true']")?.focus();
}

/** Takes a secret to the clipboard, where the browser lets a page do that. */
function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.querySelector("span");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const copied = await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent)
        .then(() => true, () => false);
      words.textContent = copied ? button.dataset.copied : button.dataset.failed;
      button.parentElement.querySelector("[role='status']").textContent = words.textContent;
    });
  }
}

/** In a strip that is wider than the screen the current place is in sight. */
function showCurrent() {
  for (const here of document.querySelectorAll(".map [aria-current], .nav [aria-current]")) {
    const strip = here.closest(".map, .nav");
    const box = here.getBoundingClientRect();
    const frame = strip.getBoundingClientRect();
    strip.scrollBy({ left: box.left + box.width / 2 - frame.left - frame.width / 2 });
  }
}

showCurrent();
menus();
sendOnce();
copyButtons();
firstMistake();
