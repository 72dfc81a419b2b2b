import type { Effect } from '@/lib/domain/book';
import { isLiveConnection } from '@/lib/domain/connection';
import type { ServerRow } from '@/lib/domain/directory';
import type { CallId } from '@/lib/domain/ids';
import { isSecretKey, masked, maskText } from '@/lib/domain/mask';
import { may, type Person, whyNot } from '@/lib/domain/permission';
import type { PolicyRule } from '@/lib/domain/policy';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { EngineAgentDesk } from './agent-desk';
import { Answers } from './answers';
import type { CallBody } from './call-outcome';
import { Calls } from './calls';
import { Collecting } from './collecting';
import { Committer } from './commit';
import { Connections } from './connections';
import { Ending } from './ending';
import { Inbox } from './inbox';
import type { EngineParts, EnginePorts, LiveSession } from './parts';
import { EnginePeopleDesk } from './people-desk';
import type { AgentDesk } from './ports/agents';
import type { PeopleDesk } from './ports/people';
import type { ServerEntry } from './ports/servers';
import { Recovery } from './recover';
import { SameCalls } from './same-calls';
import { Sending } from './sending';
import type { SessionLogPorts } from './session-log';
import { Watch } from './watch';

/** What decides and records. Adapters reach it through its two desks. */
export interface Engine {
  readonly agents: AgentDesk;
  readonly people: PeopleDesk;
  /** Whether the last write succeeded. */
  storageOk(): boolean;
  servers(person: Person): Result<{ readonly servers: readonly ServerRow[]; readonly rules: readonly PolicyRule[] }>;
  /** Knows again what the last life left, and has that on disk. Call before any adapter lets anyone in. */
  prepare(): Promise<void>;
  /** Watches time; delivers, resumes and sends what the last life left. Prepares first, if that is still to do. */
  run(): Promise<void>;
  /** No new calls; timers off. Live connections are the upstream's to stop. */
  drain(): Promise<void>;
}

/** The engine's story: which part does what, and how effects of one become work of another. */
export function createEngine(ports: EnginePorts): Engine {
  const { store, publisher, log } = ports;
  const parts: EngineParts = {
    ...ports,
    committer: new Committer({ store, publisher, log }),
    live: new Map(),
    servers: new Map(ports.settings.servers.map((server): [string, ServerEntry] => [server.name, server])),
    serverErrors: new Map(),
    stopping: false,
  };
  const results = new Map<CallId, CallBody>();
  const answers = new Answers(parts);
  const ending = new Ending(parts);
  const connections = new Connections(
    parts,
    (live, place) =>
      new Inbox(parts, live, {
        place,
        keepBody: (callId, body) => void results.set(callId, body),
        onElicitationComplete: (session, link) => answers.completeUrl(session, link),
      }),
  );
  const collecting = new Collecting(parts, {
    onJoined: (live, callId) => watch.heartbeat(live, callId),
    onAbandoned: (live, callId) => {
      calls
        .cancel(live, callId, 'the agent disconnected and did not come back')
        .catch((error: unknown) => log.error({ err: error, callId }, 'an abandoned call could not be cancelled'));
    },
  });
  const calls: Calls = new Calls(parts, { connections, collecting, same: new SameCalls(parts) });
  const sending = new Sending(parts, connections);
  const watch: Watch = new Watch(parts, { answers, ending });
  const workers: Workers = { answers, collecting, ending, sending, watch, results };
  const logPorts = logPortsOf(parts, workers);
  let prepared: Promise<void> | null = null;
  const recovery = new Recovery(parts, { answers, collecting, connections, ending, sending, watch, logPorts });

  return {
    agents: new EngineAgentDesk(parts, { calls, collecting, connections, ending, logPorts }),
    people: new EnginePeopleDesk(parts, { answers, ending }),
    storageOk: () => parts.committer.ok,
    servers: (person) => serverRows(parts, person),
    prepare() {
      prepared ??= recovery.load();
      return prepared;
    },
    async run() {
      await this.prepare();
      watch.run();
      recovery.resume();
    },
    async drain() {
      parts.stopping = true;
      watch.stop();
      await Promise.all([...parts.live.values()].map((live) => live.log.flushed()));
    },
  };
}

interface Workers {
  readonly answers: Answers;
  readonly collecting: Collecting;
  readonly ending: Ending;
  readonly sending: Sending;
  readonly watch: Watch;
  /** Results between their commit and their delivery; not kept in the book. */
  readonly results: Map<CallId, CallBody>;
}

function logPortsOf(parts: EngineParts, workers: Workers): (live: () => LiveSession) => SessionLogPorts {
  const { committer, clock, publisher, store, log } = parts;
  return (live) => ({
    committer,
    clock,
    publisher,
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
  const { answers, collecting, ending, sending, watch, results } = workers;
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
      return answers.deliver(live, effect.requestId);
    case 'tell_nobody_answered':
    case 'tell_withdrawn':
      watch.requestChanged(live, effect.requestId);
      return answers.tellNobodyAnswered(live, effect.requestId);
    case 'end_session':
      return ending.run(live);
  }
}

function serverRows(parts: EngineParts, person: Person): ReturnType<Engine['servers']> {
  if (!may(person.role, 'server.read')) return refuse('forbidden', whyNot(person.role, 'server.read') ?? undefined);
  const liveOf = (name: string): number =>
    [...parts.live.values()]
      .flatMap((live) => [...live.log.book.connections.values()])
      .filter((connection) => connection.server === name && isLiveConnection(connection)).length;
  const servers = parts.settings.servers.map(
    (server): ServerRow => ({
      name: server.name,
      transport: server.transport.kind,
      where: whereOf(server),
      trusted: server.trusted,
      liveConnections: liveOf(server.name),
      lastError: parts.serverErrors.get(server.name) ?? null,
    }),
  );
  return done({ servers, rules: parts.settings.rules });
}

/** Where a server is, without what may open it: no user info, no query, no secret of a command line. */
function whereOf({ transport }: ServerEntry): string {
  if (transport.kind === 'http') {
    const { origin, pathname } = new URL(transport.url);
    return `${origin}${pathname}`;
  }
  const args = transport.args.map((arg, index) => {
    const [flag = '', ...value] = arg.split('=');
    if (value.length > 0 && isSecretKey(flag)) return `${flag}=${masked}`;
    return isSecretKey(transport.args[index - 1] ?? '') ? masked : maskText(arg);
  });
  return [transport.command, ...args].join(' ');
}
