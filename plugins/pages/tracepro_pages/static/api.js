// The server's two APIs. A write has a key of its own, so that sending it again never books it twice.

/** What the server said no with: `code`, the sentence in `message`, all `reasons`, `status`. */
export class Refused extends Error {
  constructor(error, status) {
    super(error.message);
    Object.assign(this, error, { status });
  }
}

/** No answer came: what was sent may have been done, or not. */
export class NoAnswer extends Error {}

/** A key for a call that is to happen once. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // pages that aren't sent over TLS
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns `run(content, work)`, which awaits `work(key)`: what got no answer and is sent again, the same, has the same key. */
export function once() {
  let open = null;
  return async (content, work) => {
    const sent = content instanceof Blob ? content : JSON.stringify(content);
    if (open?.sent !== sent) open = { sent, key: newKey() };
    try {
      const answer = await work(open.key);
      open = null;
      return answer;
    } catch (error) {
      if (!(error instanceof NoAnswer || error.data?.retryable)) open = null;
      throw error;
    }
  };
}

async function fetched(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw new NoAnswer(String(error));
  }
}

/** Calls a method of the JSON-RPC API; returns its result, raises Refused or NoAnswer. `key` makes a write happen once. */
export async function call(method, params, key) {
  const headers = { "Content-Type": "application/json", ...(key ? { "Idempotency-Key": key } : {}) };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetched("/api/", { method: "POST", headers, body });
  const content = await answer.json().catch(() => { throw new NoAnswer("The answer broke off."); });
  if (content.error === undefined) return content.result;
  const { code: number, message, data } = content.error;
  const reasons = data?.reasons ?? [];
  throw new Refused({ number, code: data?.code, message: data?.info ?? message, reasons, data }, answer.status);
}

/** Sends a body, or a file as it is, to a path of the REST API; returns what it answers, raises Refused or NoAnswer. */
export async function send(verb, path, content, key) {
  const isFile = content instanceof Blob;
  const headers = { "Content-Type": isFile ? content.type : "application/json", ...(key ? { "Idempotency-Key": key } : {}) };
  const answer = await fetched(path, { method: verb, headers, body: isFile ? content : JSON.stringify(content) });
  const text = await answer.text().catch(() => { throw new NoAnswer("The answer broke off."); });
  const body = text ? JSON.parse(text) : null;
  if (answer.ok) return body;
  throw new Refused({ code: body?.code, message: body?.detail ?? answer.statusText, reasons: body?.reasons ?? [] }, answer.status);
}
