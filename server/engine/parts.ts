import type { Book } from '@/lib/domain/book';
import type { CallId, ConnectionId, RandomBytes, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Result } from '@/lib/domain/refusal';
import type { Committer } from './commit';
import type { AgentIdentity, CallListener, CallOutcome, ListedTool, SessionListener } from './ports/agents';
import type { Clock } from './ports/clock';
import type { Log } from './ports/log';
import type { Publisher } from './ports/publisher';
import type { ServerEntry, Settings } from './ports/servers';
import type { Store } from './ports/store';
import type { Upstream, UpstreamConnection } from './ports/upstream';
import type { SessionLog } from './session-log';

/** The ports an engine is made with. */
export interface EnginePorts {
  readonly store: Store;
  readonly upstream: Upstream;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
  readonly settings: Settings;
}

/** What every part of the engine shares. */
export interface EngineParts extends EnginePorts {
  readonly committer: Committer;
  readonly live: Map<SessionId, LiveSession>;
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly serverErrors: Map<string, { readonly at: number; readonly message: string }>;
  stopping: boolean;
}

/** A session as this process holds it: its book, its connections, and who waits for what. */
export interface LiveSession {
  readonly sessionId: SessionId;
  readonly agent: AgentIdentity;
  readonly scope: string | null;
  readonly log: SessionLog;
  readonly listener: SessionListener;
  readonly links: Map<string, Promise<Result<ServerLink>>>;
  readonly waiters: Map<CallId, Waiter>;
  /** Calls whose message is on its way out: their own send tells what became of them. */
  readonly sending: Set<CallId>;
  lastContactAt: number;
}

/** One ready connection of a session. */
export interface ServerLink {
  readonly connectionId: ConnectionId;
  readonly server: ServerEntry;
  readonly connection: UpstreamConnection;
  tools: Promise<Result<readonly ListedTool[]>> | null;
  readonly openedAt: number;
}

/** Someone of this process who waits for a call's outcome, and the bodies not kept in the book. */
export interface Waiter {
  readonly listener: CallListener;
  readonly arguments: JsonObject;
  readonly meta: JsonObject;
  readonly settle: (outcome: CallOutcome) => void;
  stopHeartbeat: (() => void) | null;
  /** The connection its sending was recorded for together with its reception; null when that is still to do. */
  intent: ServerLink | null;
}

export function bookOf(live: LiveSession): Book {
  return live.log.book;
}

/** Words for a span, for messages to agents and people: "2 min 10 s". */
export function spanWords(spanMs: number): string {
  const seconds = Math.max(0, Math.round(spanMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
