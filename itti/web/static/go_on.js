// Sends the form that waited for a proof; without scripts its button does. Going back does not send it again.

const [entry] = performance.getEntriesByType("navigation");
if (entry?.type !== "back_forward") document.querySelector("form[data-go-on]").requestSubmit();
