// The assessment form: every change is kept on the device, sent at once, and confirmed in sight. Each question of the
// page is saved by itself, with its own entity tag.

import { Ask } from "./ask.js";
import { drop, keep, kept, nameOf, others, send } from "./outbox.js";
import { marks, standing } from "./standing.js";

const form = document.querySelector("form[data-answers]");
const words = form.dataset;
const PAUSE = 700;
const NEAR = 500; // so few signs left that the writer is told
const WAITS = [2000, 4000, 8000, 15000, 30000];
const nameFor = (question) => nameOf(words.owner, words.assessment, words.phase, question);

/** The time on the reader's clock, as the server writes it elsewhere on the page. */
function clock() {
  const form = { hour: "2-digit", minute: "2-digit" };
  const locale = document.documentElement.lang === "ar" ? "ar-AE-u-nu-latn" : "en-GB";
  try {
    return new Intl.DateTimeFormat(locale, { ...form, timeZone: document.documentElement.dataset.zone }).format(new Date());
  } catch { // a browser older than the zone's name
    return new Intl.DateTimeFormat(locale, form).format(new Date());
  }
}

/** A question with what is known of it on the server. */
class Saver {
  constructor(root) {
    this.ask = new Ask(root, words);
    this.name = nameFor(this.ask.question);
    const place = document.querySelector(`[data-saving-of="${CSS.escape(this.ask.question)}"]`);
    this.saving = place.querySelector(".saving");
    this.retry = place.querySelector("[data-retry]");
    this.conflict = root.querySelector("section[data-conflict]");
    this.etag = root.dataset.etag;
    this.confirmed = JSON.stringify(this.ask.values());
    this.timer = 0;
    this.tries = 0;
    this.running = null;
    this.stopped = false; // a conflict waits for a person to choose
    this.retry.addEventListener("click", () => { this.stopped = false; this.tries = 0; void this.flush(); });
    this.ask.reasonWords();
    this.room();
  }

  changed() { return JSON.stringify(this.ask.values()) !== this.confirmed; }

  /** Whether something waits to be sent and may be. */
  ready() { return this.changed() && !this.running && !this.stopped && !this.ask.waits(); }

  /** Says where the answer stands; `detail` is a sentence from the server. */
  show(state, detail = "") {
    const { saving } = this;
    saving.dataset.state = state;
    const sentence = detail || saving.dataset[state].replace("{time}", clock());
    say(saving.querySelector("[data-words]"), sentence);
    for (const mark of saving.querySelectorAll("[data-mark]")) mark.hidden = mark.dataset.mark !== state;
    this.retry.hidden = state !== "failed" && state !== "refused";
  }

  entry() { return { url: this.ask.root.dataset.url, etag: this.etag, body: this.ask.values(), at: Date.now() }; }

  /** Keeps and soon sends what is in the fields. */
  touch(pause) {
    if (this.stopped) { keep(this.name, this.entry()); return; }
    clearTimeout(this.timer);
    if (!this.changed() && !this.running) { drop(this.name); return; }
    this.show(keep(this.name, this.entry()) ? "waiting" : "unkept");
    const waits = this.ask.waits();
    if (waits) { this.show(waits); return; }
    this.timer = setTimeout(() => { void this.flush(); }, pause);
  }

  /** Sends until the server has confirmed what stands in the fields; one request at a time. */
  flush() {
    clearTimeout(this.timer);
    this.running ??= this.work().finally(() => { this.running = null; });
    return this.running;
  }

  async work() {
    while (this.changed() && !this.stopped && !this.ask.waits()) {
      const current = this.entry();
      this.show("saving");
      const result = await send(current);
      if (result.kind === "saved") this.accept(current.body, result);
      else if (result.kind === "unreachable") { this.later(); return; }
      else { this.halt(result); return; }
    }
  }

  accept(body, result) {
    this.etag = result.etag;
    const drawn = document.querySelector(`[data-version-of="${CSS.escape(this.ask.question)}"]`);
    if (drawn) drawn.value = this.etag.replaceAll('"', ""); // a button that posts the page names what was saved
    this.tries = 0;
    this.confirmed = JSON.stringify(body);
    if (this.changed()) keep(this.name, this.entry()); else drop(this.name);
    this.show("saved");
    for (const look of this.ask.root.querySelectorAll("[data-look]")) look.hidden = !result.data?.answer?.look_again;
    follow(result.data);
  }

  later() {
    this.show("failed");
    this.timer = setTimeout(() => { void this.flush(); }, WAITS[Math.min(this.tries, WAITS.length - 1)]);
    this.tries += 1;
  }

  halt(result) {
    if (result.kind === "signed-out") { this.show("failed", this.saving.dataset.signedout); return; }
    if (result.kind === "stale" && result.data?.current) { this.stopped = true; this.choose(result); }
    else this.show("refused", result.data?.errors?.[0]?.detail ?? result.data?.detail ?? "");
  }

  /** Two people, or two tabs: shows both answers and lets the writer choose. */
  choose(result) {
    const { conflict } = this;
    const theirs = result.data.current;
    const put = (side, body) => {
      conflict.querySelector(`[data-${side}-level]`).textContent = this.ask.say(body);
      conflict.querySelector(`[data-${side}-reason]`).textContent = body.reason;
    };
    put("mine", this.ask.values());
    put("theirs", theirs);
    this.show("conflict");
    conflict.hidden = false;
    conflict.querySelector("[data-conflict-title]").focus();
    conflict.querySelector("[data-keep-mine]").onclick = () => this.resolve(result.etag, theirs, false);
    conflict.querySelector("[data-take-theirs]").onclick = () => this.resolve(result.etag, theirs, true);
  }

  resolve(etag, theirs, take) {
    this.etag = etag;
    this.stopped = false;
    this.confirmed = JSON.stringify(this.ask.part(theirs));
    this.conflict.hidden = true;
    if (take) {
      if (this.ask.field === "items") { drop(this.name); location.reload(); return; } // other names than are drawn
      this.fill(theirs);
      drop(this.name);
      this.show("saved");
    } else void this.flush();
    this.ask.reason.focus();
  }

  fill(body) {
    this.ask.fill(body);
    this.ask.reasonWords();
    this.room();
  }

  /** What an earlier visit could not send. */
  restore() {
    const old = kept(this.name);
    if (!old) return;
    if (JSON.stringify(old.body) === this.confirmed) { drop(this.name); return; }
    this.fill(old.body);
    this.etag = old.etag;
    this.confirmed = "older";
    const waits = this.ask.waits();
    if (waits) this.show(waits); else void this.flush();
  }

  /** How much room is left for the reason, near its end; heard at every hundred, seen at every sign. */
  room() {
    const { reason, root } = this.ask;
    const [line, heard, full] = ["left", "room", "full"].map((key) => root.querySelector(`[data-${key}]`));
    if (!line || reason.maxLength < 0) return;
    const left = Math.max(0, reason.maxLength - reason.value.length);
    const near = left > 0 && left < NEAR;
    line.hidden = !near;
    line.textContent = line.dataset.left.replace("{count}", left);
    say(heard, near ? heard.dataset.room.replace("{count}", Math.ceil(left / 100) * 100) : "");
    say(full, left === 0 ? full.dataset.full : "");
  }
}

/** A live region is read out at every change, so only a change is written. */
function say(place, sentence) { if (place.textContent !== sentence) place.textContent = sentence; }

const roots = [...document.querySelectorAll("[data-ask]")];
const savers = roots.filter((root) => root.dataset.kind !== "computed").map((root) => new Saver(root));
const computed = roots.filter((root) => root.dataset.kind === "computed").map((root) => ({ root }));

/** What one saved answer changed on the page: other questions, computed numbers, the map, the index. */
function follow(data) {
  for (const { ask } of savers) ask.follow(data.questions?.[ask.question]);
  for (const { root } of computed) {
    const said = data.questions?.[root.dataset.ask];
    if (said) Ask.prototype.follow.call({ root }, said);
  }
  if (data.next) words.next = data.next; // a list that grew leads to its new item
  marks(data.leaves);
  standing(data.standing);
}

function saverOf(field) {
  const root = field.closest("[data-ask]");
  return savers.find(({ ask }) => ask.root === root);
}

async function deliver(question, key, left) {
  const result = await send(left);
  if (result.kind === "saved") { drop(key); follow(result.data); return; }
  const unsent = document.querySelector("[data-unsent]");
  const link = [...unsent.querySelectorAll("[data-unsent-questions]")]
    .find((each) => each.dataset.unsentQuestions.split(" ").includes(question));
  if (link) { link.hidden = false; unsent.hidden = false; }
}

const flushAll = (seconds) => Promise.race([
  Promise.all(savers.map((saver) => saver.flush())),
  new Promise((done) => setTimeout(done, seconds * 1000)),
]);

/** Leaving by a link waits for the server, at most three seconds; what is left stays on the device. */
async function leave(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
  if (!savers.some((saver) => saver.ready() || (saver.running && !saver.stopped))) return;
  event.preventDefault();
  await flushAll(3);
  location.assign(link.href);
}

// Reasons and picks stand outside the form element and belong to it by their form attribute, so events are heard here.
const ours = (event) => event.target.form === form;
document.addEventListener("input", (event) => {
  const saver = ours(event) && saverOf(event.target);
  if (!saver) return;
  saver.ask.settle(event.target);
  saver.room();
  saver.touch(event.target.matches("textarea, [type='text'], [type='date']") ? PAUSE : 0);
});
document.addEventListener("change", (event) => {
  const saver = ours(event) && saverOf(event.target);
  if (!saver) return;
  saver.ask.reasonWords();
  if (event.target.matches("textarea, [type='text']")) saver.touch(0);
});
let posting = false;
form.addEventListener("submit", async (event) => {
  if (posting) return;
  event.preventDefault();
  await flushAll(4);
  const held = savers.find((saver) => saver.stopped || saver.changed());
  if (!held && event.submitter && "posts" in event.submitter.dataset) {
    posting = true;
    form.requestSubmit(event.submitter);
    return;
  }
  if (!held) { location.assign(event.submitter?.value === "stay" ? location.href : words.next); return; }
  const waits = held.ask.waits();
  if (waits) held.show(waits);
  if (waits === "reason") held.ask.reason.focus();
  else if (!held.stopped) held.ask.fields()[0].focus();
});

// "I have looked at it" names the answer as it was drawn: what was typed meanwhile goes first, and clears the mark by itself.
for (const look of document.querySelectorAll("[data-look-form]")) {
  look.addEventListener("submit", async (event) => {
    if (!savers.some((saver) => saver.ready() || saver.running)) return;
    event.preventDefault();
    await flushAll(4);
    if (look.closest("[data-look]").hidden) location.reload(); else look.submit();
  });
}
window.addEventListener("online", () => {
  for (const saver of savers) if (!saver.stopped) { saver.tries = 0; void saver.flush(); }
});
document.addEventListener("click", leave);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const saver of savers) if (saver.ready()) void saver.flush();
});
window.addEventListener("pagehide", () => {
  for (const saver of savers) if (saver.ready()) void send(saver.entry(), true);
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// After a name was added the page comes back for one more; to the same address a browser would not move by itself.
if (location.hash.startsWith("#more-")) document.getElementById(location.hash.slice(1))?.focus();
for (const saver of savers) saver.restore();
const here = savers[0]?.name ?? nameFor("");
for (const [question, key, left] of others(here)) {
  if (!savers.some((saver) => saver.name === key)) void deliver(question, key, left);
}
