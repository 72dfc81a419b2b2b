import type { Dispatcher } from 'undici';
import type { Abort } from './abort';

/** What came back, as far as anybody asks for it. */
export interface WireResponse {
  readonly status: number;
  readonly ok: boolean;
  /** Without its parameters, in lower case; empty when there is none. */
  readonly mediaType: string;
  /** Null when it is not stated. */
  readonly contentLength: number | null;
  readonly location: string | null;
  /** A credential (I14). */
  readonly sessionId: string | null;
  readonly url: URL;
  readonly body: WireBody;
}

/** One reader at a time. */
export interface WireBody {
  /** The next bytes; null at the end. Rejects when the body breaks off or was cancelled. */
  read(): Promise<Uint8Array | null>;
  /** The bytes that are here already; null when there are none just now. */
  take(): Uint8Array | null;
  /** Whether bytes may come still. Throws when the body broke off or was cancelled. */
  isOpen(): boolean;
  /** Calls back once, when there are bytes, the end or a failure; a pending `read` would hold several times as much. */
  onNews(tell: () => void): void;
  /** Frees the socket; what has not been read is lost. */
  cancel(): void;
}

export type Dispatched =
  | { readonly ok: true; readonly response: WireResponse }
  /** `started`: it was given to a socket. Before that, no byte of it can have left. */
  | { readonly ok: false; readonly started: boolean; readonly error: unknown };

export type DispatchOrder = Pick<Dispatcher.DispatchOptions, 'method' | 'headers' | 'body'> & { readonly url: URL };

/** One for all: nobody asks where it was made, and thousands of streams may be given up at once. */
const givenUp = new Error('the request was given up');

/** Sends one request over an undici dispatcher, without the streams and wrappers of its other interfaces. */
export function dispatch(dispatcher: Dispatcher, order: DispatchOrder, abort: Abort): Promise<Dispatched> {
  return new Promise((resolve) => {
    const { url, method, headers, body } = order;
    const reply = new Reply(url, resolve);
    abort.bind(reply);
    if (abort.isAborted) return;
    try {
      const path = `${url.pathname}${url.search}`;
      dispatcher.dispatch({ origin: url.origin, path, method, headers: headers ?? null, body: body ?? null }, reply);
    } catch (error) {
      reply.onResponseError(null, error);
    }
  });
}

/** One request's way through the dispatcher: first its head, then its body, read at the reader's pace. */
class Reply implements Dispatcher.DispatchHandler, WireBody {
  readonly #url: URL;
  #settle: ((outcome: Dispatched) => void) | null;
  #controller: Dispatcher.DispatchController | null = null;
  #cancelled = false;
  #ended = false;
  #error: unknown = null;
  #chunks: Uint8Array[] = [];
  #tell: (() => void) | null = null;

  constructor(url: URL, settle: (outcome: Dispatched) => void) {
    this.#url = url;
    this.#settle = settle;
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.take();
      if (chunk !== null) return chunk;
      if (!this.isOpen()) return null;
      await new Promise<void>((resolve) => this.onNews(resolve));
    }
  }

  take(): Uint8Array | null {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return null;
    if (this.#chunks.length === 0) this.#controller?.resume();
    return chunk;
  }

  isOpen(): boolean {
    if (this.#error !== null) throw asError(this.#error);
    return !this.#ended;
  }

  onNews(tell: () => void): void {
    if (this.#chunks.length > 0 || this.#ended) tell();
    else this.#tell = tell;
  }

  cancel(): void {
    if (this.#ended || this.#cancelled) return;
    this.#cancelled = true;
    const { started } = this;
    this.#controller?.abort(givenUp);
    // Its place in the queue is found later: it is dropped then, before a byte of it leaves.
    this.#fail(givenUp, started);
  }

  get started(): boolean {
    return this.#controller !== null;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#cancelled) controller.abort(givenUp);
    else this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200 || this.#settle === null) return;
    const settle = this.#settle;
    this.#settle = null;
    // It would hold every header's bytes for as long as the stream is open.
    controller.rawHeaders = null;
    const length = first(headers['content-length']);
    settle({
      ok: true,
      response: {
        status,
        ok: status < 300,
        mediaType: mediaTypeOf(headers),
        contentLength: length !== null && /^\d+$/.test(length) ? Number(length) : null,
        location: first(headers['location']),
        sessionId: first(headers['mcp-session-id']),
        url: this.#url,
        body: this,
      },
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // The parser reports one of no bytes whenever it goes on.
    if (chunk.byteLength === 0) return;
    this.#chunks.push(chunk);
    // Nobody reads just now: the server waits too.
    if (!this.#announce()) controller.pause();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#controller = null;
    this.#announce();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: unknown): void {
    this.#fail(error, this.started);
  }

  #fail(error: unknown, started: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    // What had come before it broke is read still.
    if (this.#cancelled) this.#chunks = [];
    this.#controller = null;
    this.#announce();
    this.#settle?.({ ok: false, started, error });
    this.#settle = null;
  }

  /** There is news; false when nobody waited for it. */
  #announce(): boolean {
    const tell = this.#tell;
    this.#tell = null;
    tell?.();
    return tell !== null;
  }
}

/** A body that is compressed although we refuse that is no kind we can read. */
function mediaTypeOf(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const encoding = first(headers['content-encoding'])?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '') return `content compressed by ${encoding}`;
  return (first(headers['content-type']) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
