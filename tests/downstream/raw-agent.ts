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
  readonly events: readonly RawEvent[];
}

export type Message = Readonly<Record<string, unknown>>;

/** A stream read event by event, that can be dropped as a broken network drops it. */
export interface OpenStream {
  readonly status: number;
  next(): Promise<RawEvent | null>;
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
    return read(await fetch(this.url, { method, headers: this.headers(headers) }));
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
        : await fetch(this.url, {
            headers: this.headers(how.lastEventId === null ? {} : { 'last-event-id': how.lastEventId }),
            signal,
          });
    const waiting: RawEvent[] = [];
    const parser = createParser({ onEvent: ({ id, data }) => waiting.push({ id, data }) });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    return {
      status: response.status,
      async next() {
        for (;;) {
          const event = waiting.shift();
          if (event !== undefined) return event;
          const chunk = await reader?.read();
          if (chunk === undefined || chunk.done) return null;
          parser.feed(chunk.value);
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
  if ((response.headers.get('content-type') ?? '').startsWith('text/event-stream')) parser.feed(`${text}\n\n`);
  return { status: response.status, headers: response.headers, text, events };
}
