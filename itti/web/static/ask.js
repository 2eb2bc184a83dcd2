// One question of the assessment form: what stands in its fields, as the server takes it, and back.

/** The text with plain digits and without marks that only steer the direction of writing. */
function plainDigits(text) {
  return text.trim()
    .replace(/[\u0660-\u0669]/g, (sign) => String(sign.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (sign) => String(sign.charCodeAt(0) - 0x06f0))
    .replace(/[\u200e\u200f\u061c]/g, "");
}

/** A number as people write one (1,200.5 or ١٬٢٠٠٫٥) with a full stop and plain digits; as typed where it is none. */
export function plainNumber(text) {
  const digits = plainDigits(text).replace(/\u2212/g, "-").replace(/\u066b/g, ".");
  const found = /^(-?)(\d+|\d{1,3}(?:([,\u066c\u060c \u00a0\u2009\u202f])\d{3}(?:\3\d{3})*))(?:\.(\d{1,18}))?$/.exec(digits);
  if (!found) return text.trim();
  const whole = found[2].replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  const part = (found[4] ?? "").replace(/0+$/, "");
  return `${found[1]}${whole}${part && `.${part}`}`;
}

/** A day as people write one, year first (2026/1/31 or ٢٠٢٦/٠١/٣١), as 2026-01-31; as typed where it is none. */
export function plainDay(text) {
  const found = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(plainDigits(text));
  return found ? `${found[1]}-${found[3].padStart(2, "0")}-${found[4].padStart(2, "0")}` : text.trim();
}

/** 2026-01-31 in words, as the server writes days. */
function dayWords(text) {
  const day = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return text;
  const locale = document.documentElement.lang === "ar" ? "ar-AE-u-nu-latn" : "en-GB";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(day);
}

export class Ask {
  constructor(root, words) {
    this.root = root;
    this.words = words; // of the form: what "does not apply" and "not answered" are called
    this.question = root.dataset.ask;
    this.field = root.dataset.field;
    this.reason = root.querySelector("textarea");
    this.na = root.querySelector("[data-na]");
  }

  fields(selector = "") { return [...this.root.querySelectorAll(`input[form="answer"]:not([data-na])${selector}`)]; }

  picked() { return this.fields(":checked"); }

  /** Whether the answer is written and not picked. */
  isTyped() { return this.field === "number" || this.field === "date"; }

  away() { return this.na?.checked ?? false; }

  /** The answer as the server takes it. */
  values() {
    const body = { [this.field]: null, not_applicable: this.away(), reason: this.reason.value };
    if (!body.not_applicable) body[this.field] = this.given();
    return body;
  }

  given() {
    const picked = this.picked();
    switch (this.field) {
      case "level": return picked.length ? Number(picked[0].value) : null;
      case "choice": return picked[0]?.value ?? null;
      case "choices": return picked.length ? picked.map((box) => box.dataset.value).filter(Boolean) : null;
      case "grid": return picked.length ? Object.fromEntries(picked.map((radio) => [radio.dataset.row, radio.value])) : null;
      case "yes": return picked.length ? picked[0].value === "yes" : null;
      case "items": return this.names();
      case "number": return plainNumber(this.fields()[0].value) || null;
      default: return plainDay(this.fields()[0].value) || null; // a date
    }
  }

  /** The items that have a name; an empty list where it was said that there are none; null while nothing was. */
  names() {
    const named = this.fields("[data-item]").filter((input) => input.value.trim());
    if (named.length) return named.map((input) => ({ id: input.dataset.item, name: input.value.trim() }));
    return this.picked().length ? [] : null;
  }

  /** Puts an answer of the server, or one kept on this device, into the fields. */
  fill(body) {
    const value = body[this.field] ?? null;
    if (this.na) this.na.checked = body.not_applicable;
    for (const input of this.fields()) {
      if ("item" in input.dataset) input.value = value?.find(({ id }) => id === input.dataset.item)?.name ?? "";
      else if (this.isTyped()) input.value = value ?? "";
      else input.checked = !body.not_applicable && value !== null && this.stands(input, value);
    }
    this.reason.value = body.reason;
    this.dayInWords();
  }

  /** A browser shows dates its own way, month before day or not: beside the field the day stands in words. */
  dayInWords() {
    const place = this.root.querySelector("[data-day]");
    if (!place) return;
    const day = plainDay(this.fields()[0].value);
    place.textContent = /^\d{4}-\d\d-\d\d$/.test(day) ? dayWords(day) : "";
  }

  stands(input, value) {
    switch (this.field) {
      case "items": return value.length === 0;
      case "choices": return input.dataset.value ? value.includes(input.dataset.value) : value.length === 0;
      case "grid": return value[input.dataset.row] === input.value;
      case "yes": return (input.value === "yes") === value;
      default: return String(value) === input.value;
    }
  }

  /** Only the field of this question out of a whole answer, so that two can be compared. */
  part(body) { return { [this.field]: body[this.field] ?? null, not_applicable: body.not_applicable, reason: body.reason }; }

  /** An answer in words. */
  say(body) {
    const value = body[this.field] ?? null;
    if (body.not_applicable) return this.words.na;
    if (value === null) return this.words.open;
    if (this.field === "date") return dayWords(value);
    if (this.field === "items") return value.map(({ name }) => name).join(" · ") || this.words.none;
    if (this.isTyped()) return `${value} ${this.root.dataset.unit}`.trim();
    const named = this.fields().filter((input) => this.stands(input, value)).map((input) => input.dataset.title);
    return named.join(" · ") || this.words.none;
  }

  /** What a change means for the other fields: "does not apply" and an option that stands alone clear the rest. */
  settle(changed) {
    if (changed === this.na && this.na.checked) {
      for (const input of this.fields(":not([data-item])")) { if (this.isTyped()) input.value = ""; else input.checked = false; }
    } else if (this.na && changed !== this.na && changed !== this.reason && this.na.type === "checkbox") {
      this.na.checked = false;
    }
    this.dayInWords();
    if ("item" in changed.dataset && changed.value) for (const none of this.fields("[data-none]")) none.checked = false;
    if (this.field !== "choices" || !changed.checked) return;
    for (const other of this.picked()) {
      if (other !== changed && ("alone" in changed.dataset || "alone" in other.dataset)) other.checked = false;
    }
  }

  /** Why an answer cannot be sent yet: "does not apply" without a reason, a grid with rows left, an empty name; else "". */
  waits() {
    const { not_applicable: away, reason } = this.values();
    if (away) return reason.trim() ? "" : "reason";
    if (this.fields("[data-item]:not([data-new])").some((input) => !input.value.trim())) return "nameless";
    if (this.field !== "grid") return "";
    const rows = new Set(this.fields().map((radio) => radio.dataset.row));
    const picked = this.picked().length;
    return picked && picked < rows.size ? "rows" : "";
  }

  /** What the server says of this question after some answer was saved. */
  follow(said) {
    if (!said) return;
    for (const place of this.root.querySelectorAll("[data-asked]")) place.hidden = said.away;
    for (const place of this.root.querySelectorAll("[data-away]")) place.hidden = !said.away;
    const computed = this.root.querySelector("[data-computed]");
    if (computed) computed.textContent = said.computed || "–";
    const unproven = this.root.querySelector("[data-unproven]");
    if (unproven) unproven.hidden = !said.unproven;
    for (const place of this.root.querySelectorAll("[data-contradiction]")) {
      place.hidden = !said.contradictions.includes(place.dataset.contradiction);
    }
  }

  /** "Does not apply" needs its own reason. */
  reasonWords() {
    for (const label of this.root.querySelectorAll("[data-reason-for]")) {
      label.hidden = (label.dataset.reasonFor === "na") !== this.away();
    }
  }
}
