// Sends and removes evidence files without leaving the form. The server answers with a redirect to the form;
// the new list of files is taken out of that page.

const language = document.documentElement.lang;

function take(section) {
  const place = section.querySelector("[data-files]");
  const form = section.querySelector("form[data-evidence]");
  const busy = form.querySelector("[data-busy]");
  const wrong = form.querySelector("[data-wrong]");
  const ours = `[data-evidence-of="${CSS.escape(section.dataset.evidenceOf)}"]`;

  function complain(sentence) {
    wrong.hidden = !sentence;
    wrong.querySelector("span").textContent = sentence;
  }

  async function work(action, body) {
    complain("");
    busy.hidden = false;
    try {
      const response = await fetch(action, {
        method: "POST", body, credentials: "same-origin",
        headers: { Accept: "application/json", "Accept-Language": language },
      });
      if (!response.ok) {
        const problem = await response.json().catch(() => null);
        complain(problem?.detail ?? form.dataset.failed);
        return;
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const list = page.querySelector(`${ours} [data-files]`);
      if (list) place.replaceChildren(...list.childNodes);
      const unproven = section.querySelector("[data-unproven]");
      if (unproven) unproven.hidden = page.querySelector(`${ours} [data-unproven]`)?.hidden ?? true;
      form.reset();
    } catch {
      complain(form.dataset.failed);
    } finally {
      busy.hidden = true;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void work(form.action, new FormData(form));
  });
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    void work(event.target.action, new FormData(event.target));
  });
}

for (const section of document.querySelectorAll("[data-evidence-of]")) {
  if (section.querySelector("form[data-evidence]")) take(section);
}
