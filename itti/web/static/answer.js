// The assessment form: every change is kept on the device, sent at once, and confirmed in sight.

import { drop, keep, kept, nameOf, others, send } from "./outbox.js";

const form = document.querySelector("form[data-answer]");
const words = form.dataset;
const name = nameOf(words.owner, words.assessment, words.phase, words.question);
const saving = document.querySelector("[data-saving]");
const retry = document.querySelector("[data-retry]");
const conflict = document.querySelector("[data-conflict]");
const PAUSE = 700;
const NEAR = 500; // so few signs left that the writer is told
const WAITS = [2000, 4000, 8000, 15000, 30000];

let etag = words.etag;
let confirmed = JSON.stringify(values());
let timer = 0;
let tries = 0;
let running = null;
let stopped = false; // a conflict waits for a person to choose

/** The form as the server takes it. */
function values() {
  const choice = form.querySelector("input[name='level']:checked")?.value ?? "";
  return {
    level: choice === "" || choice === "na" ? null : Number(choice),
    not_applicable: choice === "na",
    reason: form.elements.reason.value,
  };
}

function fill(body) {
  const choice = body.not_applicable ? "na" : body.level === null ? "" : String(body.level);
  for (const radio of form.querySelectorAll("input[name='level']")) radio.checked = radio.value === choice;
  form.elements.reason.value = body.reason;
  reasonWords();
  room();
}

/** "Does not apply" is no answer before it has a reason. */
function lacksReason() { const { not_applicable, reason } = values(); return not_applicable && !reason.trim(); }

function changed() { return JSON.stringify(values()) !== confirmed; }

/** Says where the answer stands; `detail` is a sentence from the server. */
function show(state, detail = "") {
  saving.dataset.state = state;
  const clock = new Intl.DateTimeFormat(document.documentElement.lang === "ar" ? "ar-AE-u-nu-latn" : "en-GB", {
    hour: "2-digit", minute: "2-digit",
  }).format(new Date());
  const sentence = detail || saving.dataset[state].replace("{time}", clock);
  const line = saving.querySelector("[data-words]");
  if (line.textContent !== sentence) line.textContent = sentence;
  for (const mark of saving.querySelectorAll("[data-mark]")) mark.hidden = mark.dataset.mark !== state;
  retry.hidden = state !== "failed" && state !== "refused";
}

function entry() { return { url: words.url, etag, body: values(), at: Date.now() }; }

/** Keeps and soon sends what is in the form. */
function touch(pause) {
  if (stopped) { keep(name, entry()); return; }
  clearTimeout(timer);
  if (!changed() && !running) { drop(name); return; }
  show(keep(name, entry()) ? "waiting" : "unkept");
  if (lacksReason()) { show("reason"); return; }
  timer = setTimeout(() => { void flush(); }, pause);
}

/** Sends until the server has confirmed what stands in the form; one request at a time. */
function flush() {
  clearTimeout(timer);
  running ??= work().finally(() => { running = null; });
  return running;
}

async function work() {
  while (changed() && !stopped && !lacksReason()) {
    const current = entry();
    show("saving");
    const result = await send(current);
    if (result.kind === "saved") accept(current.body, result);
    else if (result.kind === "unreachable") { later(); return; }
    else { halt(result); return; }
  }
}

function accept(body, result) {
  etag = result.etag;
  tries = 0;
  confirmed = JSON.stringify(body);
  if (changed()) keep(name, entry()); else drop(name);
  show("saved");
  mark(body);
  standing(result.data.standing);
}

function later() {
  show("failed");
  timer = setTimeout(() => { void flush(); }, WAITS[Math.min(tries, WAITS.length - 1)]);
  tries += 1;
}

function halt(result) {
  if (result.kind === "signed-out") { show("failed", saving.dataset.signedout); return; }
  if (result.kind === "stale" && result.data?.current) { stopped = true; ask(result); }
  else show("refused", result.data?.errors?.[0]?.detail ?? result.data?.detail ?? "");
}

/** Two people, or two tabs: shows both answers and lets the writer choose. */
function ask(result) {
  const theirs = result.data.current;
  const answerWords = (body) => (body.not_applicable ? words.na
    : body.level === null ? words.open
      : form.querySelector(`input[name='level'][value='${body.level}']`).dataset.title);
  const put = (side, body) => {
    conflict.querySelector(`[data-${side}-level]`).textContent = answerWords(body);
    conflict.querySelector(`[data-${side}-reason]`).textContent = body.reason;
  };
  put("mine", values());
  put("theirs", theirs);
  show("conflict");
  conflict.hidden = false;
  conflict.querySelector("h2").focus();
  conflict.querySelector("[data-keep-mine]").onclick = () => resolve(result.etag, theirs, false);
  conflict.querySelector("[data-take-theirs]").onclick = () => resolve(result.etag, theirs, true);
}

function resolve(newTag, theirs, take) {
  const server = { level: theirs.level, not_applicable: theirs.not_applicable, reason: theirs.reason };
  etag = newTag;
  stopped = false;
  confirmed = JSON.stringify(server);
  conflict.hidden = true;
  if (take) {
    fill(server);
    drop(name);
    mark(server);
    show("saved");
  } else void flush();
  form.elements.reason.focus();
}

/** The mark of this dimension in the map. */
function mark(body) {
  const dot = document.querySelector(".dot[aria-current]");
  if (!dot) return;
  const state = body.not_applicable ? "off" : body.level === null ? "open" : "done";
  dot.classList.remove("done", "off", "open");
  dot.classList.add(state);
  for (const sign of dot.querySelectorAll("[data-sign]")) sign.hidden = sign.dataset.sign !== state;
  dot.querySelector("[data-state]").textContent = dot.dataset[state];
}

/** Progress and the index with its bounds, as the server computed them. */
function standing(now) {
  if (!now) return;
  const dock = document.querySelector("[data-standing]");
  const set = (key, value) => { const place = dock.querySelector(`[data-${key}]`); if (place) place.textContent = value ?? "–"; };
  set("answered", now.answered);
  set("index", now.index);
  set("lowest", now.lowest);
  set("highest", now.highest);
  const named = dock.querySelector("[data-index-name]");
  named.textContent = now.complete ? named.dataset.indexComplete : named.dataset.indexOpen;
  const bar = dock.querySelector("progress");
  bar.value = now.answered;
  gauge(dock.querySelector("[data-gauge]"), now);
  dock.querySelector("[data-bounds]").hidden = now.complete;
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

/** "Does not apply" needs its own reason. */
function reasonWords() {
  const away = form.querySelector("input[value='na']")?.checked ?? false;
  for (const label of document.querySelectorAll("[data-reason-for]")) {
    label.hidden = (label.dataset.reasonFor === "na") !== away;
  }
}

/** How much room is left for the reason, near its end; heard at every hundred, seen at every sign. */
function room() {
  const { reason } = form.elements;
  const [line, heard, full] = ["left", "room", "full"].map((key) => document.querySelector(`[data-${key}]`));
  if (!line || reason.maxLength < 0) return;
  const left = Math.max(0, reason.maxLength - reason.value.length);
  const near = left > 0 && left < NEAR;
  line.hidden = !near;
  line.textContent = line.dataset.left.replace("{count}", left);
  say(heard, near ? heard.dataset.room.replace("{count}", Math.ceil(left / 100) * 100) : "");
  say(full, left === 0 ? full.dataset.full : "");
}

/** A live region is read out at every change, so only a change is written. */
function say(place, sentence) { if (place.textContent !== sentence) place.textContent = sentence; }

/** What an earlier visit could not send, for this dimension and for the others. */
function restore() {
  const old = kept(name);
  if (old) {
    if (JSON.stringify(old.body) === confirmed) drop(name);
    else { fill(old.body); etag = old.etag; confirmed = "older"; void flush(); }
  }
  for (const [question, key, left] of others(name)) void deliver(question, key, left);
}

async function deliver(question, key, left) {
  const result = await send(left);
  if (result.kind === "saved") { drop(key); standing(result.data.standing); return; }
  const unsent = document.querySelector("[data-unsent]");
  const link = unsent.querySelector(`[data-unsent-question="${CSS.escape(question)}"]`);
  if (link) { link.hidden = false; unsent.hidden = false; }
}

/** Leaving by a link waits for the server, at most three seconds; what is left stays on the device. */
async function leave(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
  if (stopped || lacksReason() || (!changed() && !running)) return;
  event.preventDefault();
  await Promise.race([flush(), new Promise((done) => setTimeout(done, 3000))]);
  location.assign(link.href);
}

// The reason stands outside the form element and belongs to it by its form attribute, so events are heard here.
const ours = (event) => event.target.form === form;
document.addEventListener("input", (event) => {
  if (!ours(event)) return;
  room();
  touch(event.target.name === "level" ? 0 : PAUSE);
});
document.addEventListener("change", (event) => {
  if (!ours(event)) return;
  reasonWords();
  if (event.target.name === "reason") touch(0);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await Promise.race([flush(), new Promise((done) => setTimeout(done, 4000))]);
  if (lacksReason()) { show("reason"); form.elements.reason.focus(); return; }
  if (stopped || changed()) return;
  location.assign(event.submitter?.value === "stay" ? location.href : words.next);
});
retry.addEventListener("click", () => { stopped = false; tries = 0; void flush(); });
window.addEventListener("online", () => { if (!stopped) { tries = 0; void flush(); } });
document.addEventListener("click", leave);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && changed() && !running && !stopped) void flush();
});
window.addEventListener("pagehide", () => {
  if (changed() && !running && !stopped && !lacksReason()) void send(entry(), true);
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

reasonWords();
room();
restore();
