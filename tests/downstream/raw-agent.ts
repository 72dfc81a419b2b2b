import { createParser } from 'eventsource-parser';

export interface RawEvent {
  readonly id: string | undefined;
  /** As it came, one line of JSON; empty for the event that opens a stream. */
  readonly data: string;
}

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Those of its stream; the one body of a response that is no stream counts as one without an id. */
  readonly events: readonly RawEvent[];
}

export type Message = Readonly<Record<string, unknown>>;

/** A stream read event by event, that can be dropped as a broken network drops it. */
export interface OpenStream {
  readonly status: number;
  next(): Promise<RawEvent | null>;
  /** The next event that carries a message. */
  nextMessage(): Promise<RawEvent | null>;
  drop(): void;
}

/** An agent without an SDK: what it sends and gets is exactly what is on the wire. */
export class RawAgent {
  sessionId: string | null = null;
  private lastId = 0;

  constructor(
    readonly url: string,
    readonly key: string | null,
    readonly version = '2025-11-25',
  ) {}

  headers(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(this.key === null ? {} : { authorization: `Bearer ${this.key}` }),
      ...(this.sessionId === null ? {} : { 'mcp-session-id': this.sessionId, 'mcp-protocol-version': this.version }),
      ...more,
    };
  }

  async initialize(): Promise<RawReply> {
    const reply = await this.post({
      jsonrpc: '2.0',
      id: 'init',
      method: 'initialize',
      params: { protocolVersion: this.version, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
    });
    this.sessionId = reply.headers.get('mcp-session-id');
    if (reply.status === 200) await this.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return reply;
  }

  async post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<RawReply> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return read(await fetch(this.url, { method: 'POST', headers: this.headers(headers), body: text }));
  }

  async send(
    method: 'GET' | 'DELETE' | 'PUT' | 'OPTIONS',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawReply> {
    if (method === 'GET') return read(await this.get(headers));
    return read(await fetch(this.url, { method, headers: this.headers(headers) }));
  }

  /** Twice when it must: the first may go out on a connection that was cut and does not know it yet. */
  private async get(more: Readonly<Record<string, string>>, signal: AbortSignal | null = null): Promise<Response> {
    const ask = (): Promise<Response> => fetch(this.url, { headers: this.headers(more), signal });
    return ask().catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      return ask();
    });
  }

  /** Sends a request and gives the text of its response, as it stood on the wire. */
  async requestText(method: string, params: unknown = {}): Promise<string> {
    this.lastId += 1;
    const { status, events, text } = await this.post({ jsonrpc: '2.0', id: `raw-${this.lastId}`, method, params });
    const response = events.findLast((event) => event.data !== '');
    if (status !== 200 || response === undefined) throw new Error(`${method} got ${status}: ${text}`);
    return response.data;
  }

  async request(method: string, params: unknown = {}): Promise<Message> {
    return JSON.parse(await this.requestText(method, params)) as Message;
  }

  async stream(how: { readonly body: unknown } | { readonly lastEventId: string | null }): Promise<OpenStream> {
    const aborter = new AbortController();
    const { signal } = aborter;
    const response =
      'body' in how
        ? await fetch(this.url, { method: 'POST', headers: this.headers(), body: JSON.stringify(how.body), signal })
        : await this.get(how.lastEventId === null ? {} : { 'last-event-id': how.lastEventId }, signal);
    const waiting: RawEvent[] = [];
    const parser = createParser({ onEvent: ({ id, data }) => waiting.push({ id, data }) });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const next = async (): Promise<RawEvent | null> => {
      for (;;) {
        const event = waiting.shift();
        if (event !== undefined) return event;
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return null;
        parser.feed(chunk.value);
      }
    };
    return {
      status: response.status,
      next,
      async nextMessage() {
        for (;;) {
          const event = await next();
          if (event === null || event.data !== '') return event;
        }
      },
      drop: () => aborter.abort(),
    };
  }
}

async function read(response: Response): Promise<RawReply> {
  const text = await response.text();
  const events: RawEvent[] = [];
  const parser = createParser({ onEvent: ({ id, data }) => events.push({ id, data }) });
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) parser.feed(`${text}\n\n`);
  else if (response.ok && text !== '') events.push({ id: undefined, data: text });
  return { status: response.status, headers: response.headers, text, events };
}
