import { setMaxListeners } from 'node:events';
import type { Agent } from 'undici';
import type { Log } from '@/server/engine/ports/log';
import type { ServerEntry, ServerReach } from '@/server/engine/ports/servers';
import type {
  ConnectionOrder,
  OpenOutcome,
  OrphanEnd,
  RestoreOrder,
  RestoreOutcome,
  ServerProcess,
  Upstream,
  UpstreamConnection,
  UpstreamInbox,
} from '@/server/engine/ports/upstream';
import { createRequestSigner } from './aws/request-signer';
import { createDispatcher } from './stateful/http/dispatcher';
import { type Endpoint, type EndpointOutcome, readEndpoint } from './stateful/http/endpoint';
import { type EarlierSession, HttpLeg, type HttpLegParts, isSessionId } from './stateful/http/http-leg';
import type { Leg, LegListener } from './stateful/leg';
import { openStateful } from './stateful/open';
import { restoreStateful } from './stateful/restore';
import { endOrphan } from './stateful/stdio/orphans';
import { readProcesses } from './stateful/stdio/processes';
import { StdioLeg } from './stateful/stdio/stdio-leg';
import { defaultTiming, type UpstreamTiming } from './timing';

type HttpTransport = Extract<ServerEntry['transport'], { kind: 'http' }>;

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
  readonly #dispatchers = new Map<ServerReach | null, Agent>();
  readonly #endpoints = new WeakMap<HttpTransport, EndpointOutcome>();
  readonly #connections = new Set<UpstreamConnection>();
  /** Openings under way, and what failed ones still clean up. */
  readonly #work = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    // One listener per opening under way, removed at its end: their number is no leak.
    setMaxListeners(0, this.#stopping.signal);
  }

  async open(order: ConnectionOrder, inbox: UpstreamInbox): Promise<OpenOutcome> {
    if (this.#stopping.signal.aborted) return { ok: false, code: 'unreachable', message: 'Holdpoint is stopping.' };
    const opening = this.#open(order, inbox);
    this.#track(opening);
    return opening;
  }

  restore(order: RestoreOrder, inbox: UpstreamInbox): RestoreOutcome {
    if (this.#stopping.signal.aborted) return { ok: false, message: 'Holdpoint is stopping.' };
    const { server, connectionId, sessionId, mcpSessionId, cursors, calls, facts } = order;
    const { transport } = server;
    if (transport.kind === 'stdio') return { ok: false, message: 'A stdio server does not outlive its connection.' };
    const read = this.#endpoint(transport);
    if (!read.ok) return { ok: false, message: read.message };
    if (!isSessionId(mcpSessionId)) return { ok: false, message: 'Its session id is not visible ASCII.' };
    const log = this.#options.log.child({ server: server.name, connectionId, sessionId });
    const earlier: EarlierSession = { mcpSessionId, protocolVersion: facts.protocolVersion, cursors, calls };
    const connection = restoreStateful(order, {
      inbox,
      log,
      timing: this.#timing,
      clientVersion: this.#options.clientVersion,
      makeLeg: (listener) => this.#httpLeg(read.endpoint, transport, { listener, log, earlier }),
      closed: (closed) => this.#connections.delete(closed),
    });
    this.#connections.add(connection);
    return { ok: true, connection };
  }

  async endOrphans(processes: readonly ServerProcess[]): Promise<readonly OrphanEnd[]> {
    if (processes.length === 0) return [];
    const entries = await readProcesses();
    return Promise.all(processes.map((orphan) => endOrphan(orphan, entries)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // Work may leave other work behind.
    while (this.#work.size > 0) await Promise.all(this.#work);
    const how = { terminate: false, graceMs: stopGraceMs };
    await Promise.all([...this.#connections].map((connection) => connection.close(how)));
    await Promise.all([...this.#dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
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
      const read = this.#endpoint(transport);
      if (!read.ok) return { ok: false, code: 'unreachable', message: read.message };
      makeLeg = (listener) => this.#httpLeg(read.endpoint, transport, { listener, log, earlier: null });
    }
    const outcome = await openStateful({
      inbox,
      log,
      timing,
      clientVersion: this.#options.clientVersion,
      makeLeg,
      isSigned: transport.kind === 'http' && transport.sign !== null,
      closed: (connection) => this.#connections.delete(connection),
      background: (work) => this.#track(work),
      stopping: this.#stopping.signal,
    });
    if (outcome.ok) this.#connections.add(outcome.connection);
    return outcome;
  }

  #httpLeg(
    endpoint: Endpoint,
    transport: HttpTransport,
    parts: Pick<HttpLegParts, 'listener' | 'log' | 'earlier'>,
  ): HttpLeg {
    const dispatcher = this.#dispatcher(transport.reach ?? null);
    return new HttpLeg({ endpoint, dispatcher, timing: this.#timing, ...parts });
  }

  #dispatcher(reach: ServerReach | null): Agent {
    const dispatcher = this.#dispatchers.get(reach) ?? createDispatcher(this.#timing.connectMs, reach);
    this.#dispatchers.set(reach, dispatcher);
    return dispatcher;
  }

  /** One for all connections to a server. */
  #endpoint(transport: HttpTransport): EndpointOutcome {
    const known = this.#endpoints.get(transport);
    if (known !== undefined) return known;
    const { url, headers, sign, reach } = transport;
    const signer = sign === null ? null : createRequestSigner(sign);
    const read = readEndpoint({ url, headers, sign: signer, reach: reach ?? null });
    this.#endpoints.set(transport, read);
    return read;
  }
}
