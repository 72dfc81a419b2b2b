import { type Dispatcher, fetch, Headers, type Response } from 'undici';
import type { JsonObject } from '@/lib/domain/json';
import { StartMark } from './dispatcher';
import type { Endpoint } from './endpoint';
import { failureWords } from './failure-words';

export type WireOrder =
  | { readonly method: 'POST'; readonly message: JsonObject; readonly signal: AbortSignal }
  | { readonly method: 'GET'; readonly lastEventId: string | null; readonly signal: AbortSignal }
  | { readonly method: 'DELETE'; readonly signal: AbortSignal };

export type WireOutcome =
  | { readonly ok: true; readonly response: Response }
  | { readonly ok: false; readonly code: 'unsent' | 'unknown'; readonly message: string };

const mostRedirects = 3;

/** Sends one HTTP request with the session's headers. Never throws; no timer of its own. */
export class Wire {
  readonly #endpoint: Endpoint;
  readonly #dispatcher: Dispatcher;
  sessionId: string | null = null;
  protocolVersion: string | null = null;

  constructor(endpoint: Endpoint, dispatcher: Dispatcher) {
    this.#endpoint = endpoint;
    this.#dispatcher = dispatcher;
  }

  async send(order: WireOrder): Promise<WireOutcome> {
    let url = this.#endpoint.url;
    for (let redirects = 0; ; redirects += 1) {
      const outcome = await this.#sendTo(url, order);
      if (!outcome.ok) return outcome;
      const next = redirects < mostRedirects ? redirectWithinOrigin(outcome.response, url, order.method) : null;
      if (next === null) return outcome;
      await outcome.response.body?.cancel();
      url = next;
    }
  }

  async #sendTo(url: URL, order: WireOrder): Promise<WireOutcome> {
    const mark = new StartMark();
    try {
      const response = await fetch(url, {
        method: order.method,
        headers: this.#headers(order),
        ...(order.method === 'POST' ? { body: JSON.stringify(order.message) } : {}),
        redirect: 'manual',
        signal: order.signal,
        dispatcher: mark.watch(this.#dispatcher),
      });
      return { ok: true, response };
    } catch (error) {
      const why = order.signal.aborted ? 'the request was given up' : failureWords(error);
      const message = `${this.#endpoint.shown}: ${why}.`;
      return { ok: false, code: mark.started ? 'unknown' : 'unsent', message };
    }
  }

  #headers(order: WireOrder): Headers {
    const headers = new Headers(this.#endpoint.headers);
    // Ours win over configured ones: they are the protocol.
    headers.set('accept', order.method === 'POST' ? 'application/json, text/event-stream' : 'text/event-stream');
    // A compressed stream would be held back until the compressor has enough.
    headers.set('accept-encoding', 'identity');
    headers.delete('last-event-id');
    headers.delete('mcp-session-id');
    headers.delete('mcp-protocol-version');
    if (order.method === 'POST') headers.set('content-type', 'application/json');
    if (order.method === 'GET' && order.lastEventId !== null) headers.set('last-event-id', order.lastEventId);
    if (this.sessionId !== null) headers.set('mcp-session-id', this.sessionId);
    if (this.protocolVersion !== null) headers.set('mcp-protocol-version', this.protocolVersion);
    return headers;
  }
}

/** Only 307 and 308 keep a POST a POST; another origin never sees our credentials. */
function redirectWithinOrigin(response: Response, from: URL, method: WireOrder['method']): URL | null {
  const keepsMethod = response.status === 307 || response.status === 308;
  const isRedirect = keepsMethod || (method === 'GET' && (response.status === 301 || response.status === 302));
  const location = isRedirect ? response.headers.get('location') : null;
  const target = location === null ? null : URL.parse(location, from);
  if (target === null || target.origin !== from.origin) return null;
  return target.username === '' && target.password === '' ? target : null;
}
