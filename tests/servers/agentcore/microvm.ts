import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';

/** A server as it runs in a container: alone behind one session. */
export interface Backend {
  readonly url: string;
  close(): Promise<void>;
}

export interface Life {
  /** Ended when no request arrived for so long; an open stream does not count. Null: never. */
  readonly idleMs: number | null;
  readonly lifetimeMs: number | null;
  /** The longest one response may stream. */
  readonly streamMs: number | null;
}

export interface Forwarded {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the answer gets in place of the backend's own headers of these names. */
  readonly answerHeaders: (fromBackend: IncomingMessage) => Readonly<Record<string, string>>;
}

/** The isolated machine of one session. Once ended it never comes back. */
export class MicroVm {
  readonly id: string;
  /** The id that the server inside gave its MCP session; null until it has. */
  mcpSessionId: string | null = null;
  readonly #backend: Backend;
  readonly #life: Life;
  readonly #ended: (vm: MicroVm) => void;
  readonly #answers = new Set<ServerResponse>();
  readonly #lifetime: NodeJS.Timeout | null;
  #idle: NodeJS.Timeout | null = null;
  #end: Promise<void> | null = null;

  constructor(
    id: string,
    parts: { readonly backend: Backend; readonly life: Life; readonly ended: (vm: MicroVm) => void },
  ) {
    this.id = id;
    this.#backend = parts.backend;
    this.#life = parts.life;
    this.#ended = parts.ended;
    const { lifetimeMs } = parts.life;
    this.#lifetime = lifetimeMs === null ? null : setTimeout(() => void this.end(), lifetimeMs).unref();
    this.#wasActive();
  }

  /** Hands a request to the server inside, and its answer back as it comes. Resolves when the answer is over. */
  forward(forwarded: Forwarded, response: ServerResponse): Promise<void> {
    this.#wasActive();
    this.#answers.add(response);
    const { streamMs } = this.#life;
    let tooLong: NodeJS.Timeout | null = null;
    return new Promise((resolve) => {
      const { method, headers, body } = forwarded;
      const onward = httpRequest(this.#backend.url, { method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...plain(answer), ...forwarded.answerHeaders(answer) });
        response.flushHeaders();
        if (streamMs !== null) tooLong = setTimeout(() => response.destroy(), streamMs).unref();
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.once('close', () => {
        onward.destroy();
        this.#answers.delete(response);
        if (tooLong !== null) clearTimeout(tooLong);
        resolve();
      });
      onward.end(body);
    });
  }

  /** The network's doing: the server inside lives on. */
  cutStreams(): void {
    for (const answer of this.#answers) answer.destroy();
  }

  /** Every stream is cut, and the server inside is gone with all it knew. */
  end(): Promise<void> {
    this.#end ??= this.#close();
    return this.#end;
  }

  async #close(): Promise<void> {
    this.#ended(this);
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#lifetime !== null) clearTimeout(this.#lifetime);
    this.cutStreams();
    await this.#backend.close();
  }

  #wasActive(): void {
    if (this.#life.idleMs === null) return;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.end(), this.#life.idleMs).unref();
  }
}

/** Of the server's own headers, those that pass the edge. */
function plain(answer: IncomingMessage): Readonly<Record<string, string>> {
  const passed = ['content-type', 'cache-control', 'allow', 'mcp-session-id'];
  return Object.fromEntries(
    passed.flatMap((name) => {
      const value = answer.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
