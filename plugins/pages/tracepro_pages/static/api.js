// The server's two APIs. A write has a key of its own, so that sending it again never books it twice.
import { heard } from "./clock.js";

const PATIENCE = 30; // seconds
const JSON_ONLY = { "Content-Type": "application/json" };

/** What the server said no with: `code`, the sentence in `message`, all `reasons`, `status`; `retryable` means later perhaps yes. */
export class Refused extends Error {
  constructor(error, status) {
    super(error.message);
    Object.assign(this, error, { status });
  }
}

/** No answer came: what was sent may have been done, or not. */
export class NoAnswer extends Error {}

/** A key for a call that is to happen once: a random UUID. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // pages that aren't sent over TLS
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
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

async function fetched(path, options, seconds = PATIENCE) {
  const sent = Date.now();
  try {
    const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(seconds * 1000) });
    heard(answer.headers.get("Date"), sent, Date.now());
    return answer;
  } catch (error) {
    throw new NoAnswer(String(error));
  }
}

async function called(body, headers, seconds) {
  const options = { method: "POST", headers: { ...JSON_ONLY, ...headers }, body: JSON.stringify(body) };
  const answer = await fetched("/api/", options, seconds);
  const content = await answer.json().catch(() => { throw new NoAnswer("The answer broke off."); });
  return [content, answer.status];
}

const request = (method, params, id) => ({ jsonrpc: "2.0", id, method, params });

function refusal({ code: number, message, data }, status) {
  const { code, info, reasons = [], retryable = false } = data ?? {};
  return new Refused({ number, code, message: info ?? message, reasons, retryable, data }, status);
}

/** Calls a method of the JSON-RPC API; returns its result, raises Refused or NoAnswer. `key` makes a write happen once. */
export async function call(method, params, key) {
  const [content, status] = await called(request(method, params, 1), key ? { "Idempotency-Key": key } : {});
  if (content.error !== undefined) throw refusal(content.error, status);
  return content.result;
}

/** Asks several methods at once, as [method, params]; returns for each its result, or the Refused. Raises Refused or NoAnswer for all. */
export async function ask(questions, seconds) {
  const [content, status] = await called(questions.map(([method, params], id) => request(method, params, id)), {}, seconds);
  if (!Array.isArray(content)) throw refusal(content.error, status);
  return content.map(({ result, error }) => (error === undefined ? result : refusal(error, status)));
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
