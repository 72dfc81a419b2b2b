import type { Dispatcher } from 'undici';
import type { JsonObject } from '@/lib/domain/json';
import { wordsOf } from '../words-of';
import type { Abort } from './abort';
import { discard } from './body';
import type { Endpoint } from './endpoint';
import { failureWords } from './failure-words';
import { dispatch, type WireResponse } from './response';

export type WireOrder =
  | { readonly method: 'POST'; readonly message: JsonObject; readonly abort: Abort }
  | { readonly method: 'GET'; readonly lastEventId: string | null; readonly abort: Abort }
  | { readonly method: 'DELETE'; readonly abort: Abort };

export type WireOutcome =
  | { readonly ok: true; readonly response: WireResponse }
  | { readonly ok: false; readonly code: 'unsent' | 'unknown'; readonly message: string };

type Headers = Readonly<Record<string, string>>;

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
    const body = order.method === 'POST' ? JSON.stringify(order.message) : null;
    let { url } = this.#endpoint;
    for (let redirects = 0; ; redirects += 1) {
      const outcome = await this.#sendTo(url, order, body);
      if (!outcome.ok) return outcome;
      const next = redirects < mostRedirects ? redirectWithinOrigin(outcome.response, order.method) : null;
      if (next === null) return outcome;
      void discard(outcome.response);
      url = next;
    }
  }

  async #sendTo(url: URL, order: WireOrder, body: string | null): Promise<WireOutcome> {
    const { method, abort } = order;
    let headers = this.#headers(order);
    if (this.#endpoint.sign !== null) {
      try {
        headers = await this.#endpoint.sign({ method, url, headers, body });
      } catch (error) {
        return this.#failed('unsent', `it could not be signed: ${wordsOf(error)}`);
      }
    }
    const outcome = await dispatch(this.#dispatcher, { url, method, headers, body }, abort);
    if (outcome.ok) return outcome;
    return this.#failed(outcome.started ? 'unknown' : 'unsent', failureWords(outcome.error));
  }

  #failed(code: 'unsent' | 'unknown', why: string): WireOutcome {
    return { ok: false, code, message: `${this.#endpoint.shown}: ${why.replace(/\.$/, '')}.` };
  }

  #headers(order: WireOrder): Headers {
    // Ours win over configured ones: they are the protocol.
    const headers: Record<string, string> = {
      ...this.#endpoint.headers,
      accept: order.method === 'POST' ? 'application/json, text/event-stream' : 'text/event-stream',
      // A compressed stream would be held back until the compressor has enough.
      'accept-encoding': 'identity',
    };
    if (order.method === 'POST') headers['content-type'] = 'application/json';
    if (order.method === 'GET' && order.lastEventId !== null) headers['last-event-id'] = order.lastEventId;
    if (this.sessionId !== null) headers['mcp-session-id'] = this.sessionId;
    if (this.protocolVersion !== null) headers['mcp-protocol-version'] = this.protocolVersion;
    return headers;
  }
}

/** Only 307 and 308 keep a POST a POST; another origin never sees our credentials. */
function redirectWithinOrigin(response: WireResponse, method: WireOrder['method']): URL | null {
  const { status, location, url } = response;
  const keepsMethod = status === 307 || status === 308;
  const isRedirect = keepsMethod || (method === 'GET' && (status === 301 || status === 302));
  const target = isRedirect && location !== null ? URL.parse(location, url) : null;
  if (target === null || target.origin !== url.origin) return null;
  return target.username === '' && target.password === '' ? target : null;
}
