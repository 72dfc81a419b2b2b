import { setMaxListeners } from 'node:events';
import type { Agent } from 'undici';
import type { Log } from '@/server/engine/ports/log';
import type {
  ConnectionOrder,
  OpenOutcome,
  Upstream,
  UpstreamConnection,
  UpstreamInbox,
} from '@/server/engine/ports/upstream';
import { createDispatcher } from './stateful/http/dispatcher';
import { readEndpoint } from './stateful/http/endpoint';
import { HttpLeg } from './stateful/http/http-leg';
import type { Leg, LegListener } from './stateful/leg';
import { openStateful } from './stateful/open';
import { StdioLeg } from './stateful/stdio/stdio-leg';
import { defaultTiming, type UpstreamTiming } from './timing';

export interface UpstreamOptions {
  readonly log: Log;
  readonly clientVersion: string;
  readonly timing?: Partial<UpstreamTiming>;
}

const stopGraceMs = 2_000;

/** Connections to MCP servers of the stateful era, over Streamable HTTP and stdio. */
export function createUpstream(options: UpstreamOptions): Upstream {
  return new StatefulUpstream(options);
}

class StatefulUpstream implements Upstream {
  readonly #options: UpstreamOptions;
  readonly #timing: UpstreamTiming;
  readonly #dispatcher: Agent;
  readonly #connections = new Set<UpstreamConnection>();
  /** Openings under way, and what failed ones still clean up. */
  readonly #work = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#dispatcher = createDispatcher(this.#timing.connectMs);
    // One listener per opening under way, removed at its end: their number is no leak.
    setMaxListeners(0, this.#stopping.signal);
  }

  async open(order: ConnectionOrder, inbox: UpstreamInbox): Promise<OpenOutcome> {
    if (this.#stopping.signal.aborted) return { ok: false, code: 'unreachable', message: 'Holdpoint is stopping.' };
    const opening = this.#open(order, inbox);
    this.#track(opening);
    return opening;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // Work may leave other work behind.
    while (this.#work.size > 0) await Promise.all(this.#work);
    const how = { terminate: false, graceMs: stopGraceMs };
    await Promise.all([...this.#connections].map((connection) => connection.close(how)));
    await this.#dispatcher.destroy();
  }

  #track(work: Promise<unknown>): void {
    const settled: Promise<void> = work.then(
      () => void this.#work.delete(settled),
      () => void this.#work.delete(settled),
    );
    this.#work.add(settled);
  }

  async #open(order: ConnectionOrder, inbox: UpstreamInbox): Promise<OpenOutcome> {
    const { server, connectionId, sessionId } = order;
    const log = this.#options.log.child({ server: server.name, connectionId, sessionId });
    const { transport } = server;
    const timing = this.#timing;
    let makeLeg: (listener: LegListener) => Leg;
    if (transport.kind === 'stdio') {
      makeLeg = (listener) => new StdioLeg({ transport, listener, timing, log });
    } else {
      const read = readEndpoint(transport.url, transport.headers);
      if (!read.ok) return { ok: false, code: 'unreachable', message: read.message };
      const { endpoint } = read;
      makeLeg = (listener) => new HttpLeg({ endpoint, dispatcher: this.#dispatcher, listener, timing, log });
    }
    const outcome = await openStateful({
      inbox,
      log,
      timing,
      clientVersion: this.#options.clientVersion,
      makeLeg,
      closed: (connection) => this.#connections.delete(connection),
      background: (work) => this.#track(work),
      stopping: this.#stopping.signal,
    });
    if (outcome.ok) this.#connections.add(outcome.connection);
    return outcome;
  }
}
