// Forms that a passkey fills in: asks the server for a challenge, the browser for its answer, and sends that.

const able = Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON && navigator.credentials);

/** Says a sentence below the button; without one, nothing. */
function say(form, sentence) {
  const said = form.querySelector("[data-said]");
  said.textContent = sentence ?? "";
  said.hidden = !sentence;
}

/** What the server asks for; null where the sign-in is too old and the page leads to the proof. */
async function asked(form) {
  const answer = await fetch(form.dataset.challenge, { method: "POST", headers: { Accept: "application/json" } });
  if (answer.ok) return answer.json();
  const problem = await answer.json();
  if (problem.code === "fresh-sign-in-needed") {
    window.location.assign(`/prove?to=${encodeURIComponent(window.location.pathname)}`);
    return null;
  }
  say(form, problem.detail);
  return null;
}

/** The authenticator's answer, as JSON. */
async function answered(form, options) {
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return JSON.stringify(credential.toJSON());
}

async function fill(form) {
  say(form);
  let question;
  try {
    question = await asked(form);
  } catch {
    say(form, form.dataset.lost);
    return;
  }
  if (!question) return;
  try {
    form.elements.credential.value = await answered(form, question.options);
  } catch (error) {
    say(form, error.name === "InvalidStateError" ? form.dataset.there : form.dataset.failed);
    return;
  }
  form.elements.ticket.value = question.ticket;
  form.submit(); // without the event, so not once more through here
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  if (!able) {
    button.disabled = true;
    say(form, form.dataset.none);
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    button.setAttribute("aria-disabled", "true");
    await fill(form);
    delete form.dataset.busy;
    button.removeAttribute("aria-disabled");
  });
}
