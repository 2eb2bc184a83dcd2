// Sends and removes evidence files without leaving the form. The server answers with a redirect to the form;
// the new list of files is taken out of that page.

const language = document.documentElement.lang;

function take(section) {
  const place = section.querySelector("[data-files]");
  const forms = [...section.querySelectorAll("form[data-evidence]")];
  const busy = section.querySelector("[data-busy]");
  const wrong = section.querySelector("[data-wrong]");
  const failed = forms[0].dataset.failed;
  const ours = `[data-evidence-of="${CSS.escape(section.dataset.evidenceOf)}"]`;

  function complain(sentence) {
    wrong.hidden = !sentence;
    wrong.querySelector("span").textContent = sentence;
  }

  async function work(form) {
    complain("");
    busy.hidden = false;
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new FormData(form), credentials: "same-origin",
        headers: { Accept: "application/json", "Accept-Language": language },
      });
      if (!response.ok) {
        const problem = await response.json().catch(() => null);
        complain(problem?.detail ?? failed);
        return;
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const list = page.querySelector(`${ours} [data-files]`);
      if (list) place.replaceChildren(...list.childNodes);
      const unproven = section.querySelector("[data-unproven]");
      if (unproven) unproven.hidden = page.querySelector(`${ours} [data-unproven]`)?.hidden ?? true;
      form.reset();
      form.closest("details")?.removeAttribute("open");
    } catch {
      complain(failed);
    } finally {
      busy.hidden = true;
    }
  }

  for (const each of [...forms, place]) {
    each.addEventListener("submit", (event) => {
      event.preventDefault();
      void work(event.target);
    });
  }
}

for (const section of document.querySelectorAll("[data-evidence-of]")) {
  if (section.querySelector("form[data-evidence]")) take(section);
}
