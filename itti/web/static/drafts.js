// Keeps what is being typed into a form marked data-draft="key" on this device until it has been sent.
// The key carries the version of the thing written about: once that changes, the draft belongs to the past.

const PREFIX = "itti:draft:";

/** Fields of a form worth keeping. */
function* texts(form) {
  for (const field of form.querySelectorAll("textarea[name], input[type='text'][name]")) yield field;
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(PREFIX + key)) ?? {}; } catch { return {}; }
}

function write(key, values) {
  try {
    if (Object.keys(values).length) localStorage.setItem(PREFIX + key, JSON.stringify(values));
    else localStorage.removeItem(PREFIX + key);
  } catch { /* storage full or forbidden: the form itself still holds the text */ }
}

function forgetOlder(key) {
  const family = PREFIX + key.slice(0, key.lastIndexOf(":") + 1);
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(family) && name !== PREFIX + key) localStorage.removeItem(name);
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = form.dataset.draft;
  try { forgetOlder(key); } catch { /* no storage */ }
  const kept = read(key);
  for (const field of texts(form)) {
    if (!field.value && typeof kept[field.name] === "string") field.value = kept[field.name];
  }
  form.addEventListener("input", () => {
    const values = {};
    for (const field of texts(form)) if (field.value) values[field.name] = field.value;
    write(key, values);
  });
}
