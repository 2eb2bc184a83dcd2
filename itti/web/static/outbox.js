// Answers that the server has not confirmed yet, kept on this device so that a lost connection loses nothing.
// One entry a question: {url, etag, body, at}. The name carries the person, so that a shared tablet never sends
// one person's answers in another's name.

const PREFIX = "itti:answer:";

export function nameOf(owner, assessment, phase, question) {
  return [PREFIX.slice(0, -1), owner, assessment, phase, question].join(":");
}

export function keep(name, entry) {
  try { localStorage.setItem(name, JSON.stringify(entry)); return true; } catch { return false; }
}

export function kept(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

export function drop(name) {
  try { localStorage.removeItem(name); } catch { /* no storage: nothing kept */ }
}

/** Entries of the same person, assessment and phase, other than `name`: [question, name, entry]. */
export function others(name) {
  const family = name.slice(0, name.lastIndexOf(":") + 1);
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(family) && key !== name)
      .map((key) => [key.slice(family.length), key, kept(key)])
      .filter(([, , entry]) => entry !== null);
  } catch { return []; }
}

/**
 * Sends one entry. Resolves to {kind, etag?, data?}: "saved", "stale" (data: the problem with the answer in
 * force), "signed-out", "refused" (data: the problem), or "unreachable" (try again later).
 */
export async function send(entry, keepalive = false) {
  const condition = entry.etag ? { "If-Match": entry.etag } : { "If-None-Match": "*" };
  let response;
  try {
    response = await fetch(entry.url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": document.documentElement.lang, ...condition },
      body: JSON.stringify(entry.body),
      credentials: "same-origin",
      redirect: "manual",
      keepalive,
      signal: keepalive ? undefined : AbortSignal.timeout(15000),
    });
  } catch { return { kind: "unreachable" }; }
  const etag = response.headers.get("ETag");
  if (response.status === 401 || response.type === "opaqueredirect") return { kind: "signed-out" };
  if (response.status >= 500 || response.status === 429) return { kind: "unreachable" };
  const data = await response.json().catch(() => null);
  if (data === null) return { kind: "unreachable" };
  if (response.ok) return { kind: "saved", etag, data };
  if (response.status === 412) return { kind: "stale", etag, data };
  return { kind: "refused", data };
}
