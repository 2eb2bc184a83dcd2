// What the page shows about the whole assessment: progress, the index with its bounds, the map of all dimensions.

/** Progress and the index, as the server computed them. */
export function standing(now) {
  if (!now) return;
  const dock = document.querySelector("[data-standing]");
  const set = (key, value) => { const place = dock.querySelector(`[data-${key}]`); if (place) place.textContent = value ?? "–"; };
  for (const key of ["answered", "total", "index", "lowest", "highest"]) set(key, now[key]);
  const named = dock.querySelector("[data-index-name]");
  if (named) named.textContent = now.complete ? named.dataset.indexComplete : named.dataset.indexOpen;
  const bar = dock.querySelector("progress");
  bar.max = now.total;
  bar.value = now.answered;
  gauge(dock.querySelector("[data-gauge]"), now);
  looks(dock, now.look_again ?? []);
  const bounds = dock.querySelector("[data-bounds]");
  if (bounds) bounds.hidden = now.complete;
}

/** Which carried answers are still to be looked at: their number, and the marks of the map. */
function looks(dock, left) {
  const line = dock.querySelector("[data-looks]");
  if (line) { line.hidden = left.length === 0; line.querySelector("[data-looks-left]").textContent = left.length; }
  for (const mark of document.querySelectorAll("[data-look-of]")) {
    mark.hidden = !mark.dataset.lookOf.split(" ").some((question) => left.includes(question));
  }
}

function gauge(drawing, now) {
  if (!drawing) return;
  const least = Number(drawing.dataset.least);
  const along = (value) => ((Number(value) - least) / (Number(drawing.dataset.most) - least)) * 100;
  const range = drawing.querySelector(".range");
  range.setAttribute("x", along(now.lowest));
  range.setAttribute("width", Math.max(0, along(now.highest) - along(now.lowest)));
  const point = drawing.querySelector(".point");
  point.setAttribute("visibility", now.index === null ? "hidden" : "visible");
  if (now.index !== null) point.setAttribute("x", along(now.index) - 0.6);
}

/** The marks of the map: leaf → "done", "off" or "open". */
export function marks(leaves) {
  for (const dot of document.querySelectorAll(".dot[data-leaf]")) {
    const state = leaves?.[dot.dataset.leaf];
    if (!state) continue;
    dot.classList.remove("done", "off", "open");
    dot.classList.add(state);
    for (const sign of dot.querySelectorAll("[data-sign]")) sign.hidden = sign.dataset.sign !== state;
    dot.querySelector("[data-state]").textContent = dot.dataset[state];
  }
}
