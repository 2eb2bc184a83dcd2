// A file dropped on an element marked data-drop goes into its file field; with data-drop="send" the form is sent.

for (const zone of document.querySelectorAll("[data-drop]")) {
  const field = zone.querySelector("input[type='file']");
  const send = () => { if (zone.dataset.drop === "send" && field.files.length) field.form.requestSubmit(); };
  const shown = zone.querySelector("[data-file-name]");
  field.addEventListener("change", () => {
    if (shown) shown.textContent = field.files[0]?.name ?? "";
    send();
  });
  field.form.addEventListener("reset", () => { if (shown) shown.textContent = ""; });
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change"));
  });
}
