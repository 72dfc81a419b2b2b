import { type Effect, openCalls, openRequests } from '@/lib/domain/book';
import { isLiveConnection } from '@/lib/domain/connection';
import type { ServerRow } from '@/lib/domain/directory';
import type { CallId, RequestId, SessionId } from '@/lib/domain/ids';
import { isJsonObject } from '@/lib/domain/json';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PastCall } from './ports/store';
import { questionBy } from './questioning';
import type { Person, Routed } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { ServerNow, ServerTest } from '@/lib/domain/server';
import { EngineAgentDesk } from './agent-desk';
import { Alarms } from './alarms';
import { Answers } from './answers';
import type { CallBody } from './call-outcome';
import { Calls } from './calls';
import { Cancelling } from './cancelling';
import { Claims } from './claims';
import { Collecting } from './collecting';
import { Committer } from './commit';
import { Connections } from './connections';
import { Delivery } from './delivery';
import { Editing } from './editing';
import { Ending } from './ending';
import { EndingMany } from './ending-many';
import { Expiring } from './expiring';
import { Inbox } from './inbox';
import { LiveSummaries } from './live-summaries';
import { Modelling } from './modelling';
import { Paces } from './paces';
import { Pausing } from './pausing';
import { OverviewDesk } from './overview-desk';
import type { EngineParts, EnginePorts, LiveSession } from './parts';
import { EnginePeopleDesk } from './people-desk';
import { EngineControlDesk } from './control-desk';
import type { AgentDesk } from './ports/agents';
import type { ControlDesk } from './ports/control';
import type { PeopleDesk } from './ports/people';
import type { Publisher } from './ports/publisher';
import { fixedServers } from './ports/server-register';
import type { ServerEntry } from './ports/servers';
import { readBack } from './read-back';
import { Recovery } from './recover';
import { RequestDesk } from './request-desk';
import { Reruling } from './reruling';
import { SameCalls } from './same-calls';
import { Sending } from './sending';
import { ServerSights } from './server-sights';
import { testServer } from './server-test';
import { connectionsOf, serverRows } from './servers-view';
import type { SessionLogPorts } from './session-log';
import { SessionsDesk } from './sessions-desk';
import { StallCount } from './stall-count';
import { Watch } from './watch';

/** What decides and records. Adapters reach it through its two desks. */
export interface Engine {
  readonly agents: AgentDesk;
  readonly people: PeopleDesk;
  readonly control: ControlDesk;
  /** Whether the last write succeeded. */
  storageOk(): boolean;
  servers(person: Person): Result<{ readonly servers: readonly ServerRow[] }>;
  /** What was seen of a server since the start, and what is open on it now. */
  serverSight(name: string): ServerNow;
  /** A trial connection to a server, which need not be in force. */
  testServer(server: ServerEntry): Promise<ServerTest>;
  /** Other servers are in force: agents hear that their tools changed. */
  serversChanged(): void;
  /** Whose a request is that this process holds; null when it holds none of that id. */
  routeOf(id: RequestId): Routed | null;
  isLive(id: SessionId): boolean;
  /** What this process holds right now. */
  census(): EngineCensus;
  /** Other rules are in force: what waits for approval is asked about again. Resolved when that is done. */
  rulesChanged(): Promise<void>;
  /** What rules look at in a recorded call; null when what it asked is no longer kept. */
  questionOf(past: PastCall): PolicyQuestion | null;
  /** Knows again what the last life left, and has that on disk. Call before any adapter lets anyone in. */
  prepare(): Promise<void>;
  /** Watches time; delivers, resumes and sends what the last life left. Prepares first, if that is still to do. */
  run(): Promise<void>;
  /** No new calls; timers off. Live connections are the upstream's to stop. */
  drain(): Promise<void>;
}

/** How much is under way: counts by state, kind and server. */
export interface EngineCensus {
  readonly sessions: number;
  readonly calls: ReadonlyMap<string, number>;
  /** Open to people. */
  readonly requests: ReadonlyMap<string, number>;
  readonly connections: ReadonlyMap<string, number>;
}

/** The engine's story: which part does what, and how effects of one become work of another. */
export function createEngine(ports: EnginePorts): Engine {
  const { parts, pausing } = partsOf(ports);
  const results = new Map<CallId, CallBody>();
  const delivery = new Delivery(parts);
  const expiring = new Expiring(parts);
  const modelling = new Modelling(parts, delivery);
  const ending = new Ending(parts);
  const connections = new Connections(
    parts,
    (live, place) =>
      new Inbox(parts, live, {
        place,
        keepBody: (callId, body) => void results.set(callId, body),
        onElicitationComplete: (session, link) => expiring.completeUrl(session, link),
      }),
  );
  const collecting = new Collecting(parts, {
    onJoined: (live, callId) => watch.heartbeat(live, callId),
    onAbandoned: (live, callId) => {
      calls
        .cancel(live, callId, 'the agent disconnected and did not come back')
        .catch((error: unknown) => parts.log.error({ err: error, callId }, 'an abandoned call could not be cancelled'));
    },
  });
  const calls: Calls = new Calls(parts, { connections, collecting, same: new SameCalls(parts) });
  const sending = new Sending(parts, connections);
  const watch: Watch = new Watch(parts, { expiring, ending });
  const workers: Workers = { collecting, delivery, ending, modelling, sending, watch, results };
  const logPorts = logPortsOf(parts, workers);
  let prepared: Promise<void> | null = null;
  const recovery = new Recovery(parts, { delivery, collecting, connections, ending, sending, watch, logPorts });

  const reruling = new Reruling(parts);
  const many = new EndingMany(parts, ending);
  const requests = requestDeskOf(parts, { delivery, modelling });

  return {
    agents: new EngineAgentDesk(parts, { calls, collecting, connections, ending, logPorts }),
    people: peopleDeskOf(parts, { requests, ending }),
    control: controlDeskOf(parts, { pausing, ending, many, connections }),
    ...lookups(parts),
    rulesChanged: () => reruling.all(),
    prepare() {
      prepared ??= Promise.all([parts.paces.load(), readBack(parts, () => pausing.load())]).then(() => recovery.load());
      return prepared;
    },
    async run() {
      await this.prepare();
      watch.run();
      parts.alarms.run();
      recovery.resume();
      await many.resume();
      await reruling.all();
    },
    drain() {
      for (const timers of [watch, parts.alarms, pausing]) timers.stop();
      modelling.stopAll();
      return settled(parts);
    },
  };
}

function requestDeskOf(
  parts: EngineParts,
  by: { readonly delivery: Delivery; readonly modelling: Modelling },
): RequestDesk {
  const answers = new Answers(parts, by);
  return new RequestDesk(parts, {
    answers,
    claims: new Claims(),
    editing: new Editing(parts),
    modelling: by.modelling,
  });
}

function peopleDeskOf(
  parts: EngineParts,
  by: { readonly requests: RequestDesk; readonly ending: Ending },
): EnginePeopleDesk {
  const sessions = new SessionsDesk(parts);
  return new EnginePeopleDesk(parts, {
    ...by,
    sessions,
    overview: new OverviewDesk(parts, { requests: by.requests, sessions }),
  });
}

function controlDeskOf(
  parts: EngineParts,
  by: {
    readonly pausing: Pausing;
    readonly ending: Ending;
    readonly many: EndingMany;
    readonly connections: Connections;
  },
): ControlDesk {
  const { connections, ...rest } = by;
  return new EngineControlDesk(parts, { ...rest, cancelling: new Cancelling(parts, connections) });
}

/** No new calls; what was decided is written. */
async function settled(parts: EngineParts): Promise<void> {
  parts.stopping = true;
  await Promise.all([...parts.live.values()].map((live) => live.log.flushed()));
  await parts.paces.stop();
}

function partsOf(ports: EnginePorts): { readonly parts: EngineParts; readonly pausing: Pausing } {
  const { store, clock, log, settings } = ports;
  const servers = ports.register ?? fixedServers(settings.servers);
  const summaries = new LiveSummaries(store);
  const paces = new Paces({ store, clock, log, servers });
  const live: EngineParts['live'] = new Map();
  const stalls = new StallCount({ store, live, clock, log });
  const alarms = new Alarms({ clock, live }, (change) => publisher.publish(change));
  const publisher: Publisher = {
    publish(change) {
      summaries.hear(change);
      stalls.hear(change);
      paces.hear(change);
      alarms.hear(change);
      ports.publisher.publish(change);
    },
  };
  const pausing = new Pausing(ports, {
    hasServer: (name) => parts.servers.has(name),
    stopping: () => parts.stopping,
  });
  const parts: EngineParts = {
    ...ports,
    publisher,
    committer: new Committer({ store, publisher, log }),
    live,
    alarms,
    summaries,
    servers,
    paces,
    sights: new ServerSights(clock, () => publisher.publish({ change: 'servers' })),
    pauses: pausing,
    stopping: false,
  };
  return { parts, pausing };
}

type Lookup =
  | 'storageOk'
  | 'servers'
  | 'serverSight'
  | 'testServer'
  | 'serversChanged'
  | 'routeOf'
  | 'isLive'
  | 'questionOf'
  | 'census';

function lookups(parts: EngineParts): Pick<Engine, Lookup> {
  return {
    storageOk: () => parts.committer.ok,
    servers: (person) => serverRows(parts, person),
    serverSight: (name) => ({ ...parts.sights.of(name), connections: connectionsOf(parts, name) }),
    testServer: (server) => testServer(parts, server),
    serversChanged() {
      for (const live of parts.live.values()) if (live.scope === null) live.listener.listChanged('tools');
      parts.publisher.publish({ change: 'servers' });
    },
    routeOf: (id) => routeOf(parts, id),
    isLive: (id) => parts.live.has(id),
    census: () => censusOf(parts),
    questionOf: (past) => questionOfPast(parts, past),
  };
}

function questionOfPast(parts: EngineParts, past: PastCall): PolicyQuestion | null {
  const { agent, call, client, scope, tool, arguments: given } = past;
  if (!isJsonObject(given) || !isJsonObject(tool)) return null;
  const session = { client: client === null ? null : { name: client, version: '' }, scope };
  const asked = { server: call.server, tool: call.tool, definition: tool, arguments: given };
  return questionBy(parts, { agent, session }, asked);
}

function censusOf(parts: EngineParts): EngineCensus {
  const calls = new Map<string, number>();
  const requests = new Map<string, number>();
  const connections = new Map<string, number>([...parts.servers.keys()].map((name) => [name, 0]));
  const add = (to: Map<string, number>, of: string): void => void to.set(of, (to.get(of) ?? 0) + 1);
  for (const { log } of parts.live.values()) {
    for (const call of openCalls(log.book)) add(calls, call.state);
    for (const { kind, writer } of openRequests(log.book)) if (writer === 'person') add(requests, kind);
    for (const connection of log.book.connections.values())
      if (isLiveConnection(connection)) add(connections, connection.server);
  }
  return { sessions: parts.live.size, calls, requests, connections };
}

function routeOf(parts: EngineParts, id: RequestId): Routed | null {
  for (const live of parts.live.values()) {
    const request = live.log.book.requests.get(id);
    if (request !== undefined) return request;
  }
  return null;
}

interface Workers {
  readonly collecting: Collecting;
  readonly delivery: Delivery;
  readonly modelling: Modelling;
  readonly ending: Ending;
  readonly sending: Sending;
  readonly watch: Watch;
  /** Results between their commit and their delivery; not kept in the book. */
  readonly results: Map<CallId, CallBody>;
}

function logPortsOf(parts: EngineParts, workers: Workers): (live: () => LiveSession) => SessionLogPorts {
  const { committer, clock, publisher, store, log, keeping } = parts;
  return (live) => ({
    committer,
    clock,
    publisher,
    masking: keeping.masking,
    readEvents: (sessionId, afterSeq) => store.events(sessionId, { afterSeq, limit: 1_000 }),
    onEffects: (effects) => {
      for (const effect of effects) {
        runEffect(workers, live(), effect).catch((error: unknown) =>
          log.error({ err: error, effect: effect.effect, sessionId: live().sessionId }, 'an effect failed'),
        );
      }
    },
  });
}

/** What each effect of a lifecycle becomes; run only after its commit. */
async function runEffect(workers: Workers, live: LiveSession, effect: Effect): Promise<void> {
  const { collecting, delivery, ending, modelling, sending, watch, results } = workers;
  switch (effect.effect) {
    case 'send_call':
      return sending.send(live, effect.callId);
    case 'settle_call': {
      const body = results.get(effect.callId) ?? null;
      results.delete(effect.callId);
      return collecting.settle(live, effect.callId, body);
    }
    case 'watch_request':
      return watch.requestChanged(live, effect.requestId);
    case 'deliver_answer':
      watch.requestChanged(live, effect.requestId);
      modelling.stop(effect.requestId);
      return delivery.deliver(live, effect.requestId);
    case 'ask_model':
      return modelling.answer(live, effect.requestId);
    case 'tell_nobody_answered':
    case 'tell_withdrawn':
      watch.requestChanged(live, effect.requestId);
      modelling.stop(effect.requestId);
      return delivery.tellNobodyAnswered(live, effect.requestId);
    case 'end_session':
      return ending.run(live);
  }
}
