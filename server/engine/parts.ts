import type { Book } from '@/lib/domain/book';
import type { AgentId, CallId, ConnectionId, RandomBytes, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Pausable, Pause } from '@/lib/domain/pause';
import type { Result } from '@/lib/domain/refusal';
import type { Alarms } from './alarms';
import type { Committer } from './commit';
import type { LiveSummaries } from './live-summaries';
import type { AgentIdentity, CallListener, CallOutcome, ListedTool, SessionListener } from './ports/agents';
import type { Audit, AuditDue } from './ports/audit';
import type { Paces } from './paces';
import type { Clock } from './ports/clock';
import type { Keeping } from './ports/keeping';
import type { Log } from './ports/log';
import type { Models } from './ports/models';
import type { Choices, Policy } from './ports/policy';
import type { Publisher } from './ports/publisher';
import type { Roster } from './ports/roster';
import type { ServerRegister } from './ports/server-register';
import type { ServerEntry, Settings } from './ports/servers';
import type { Store } from './ports/store';
import type { Tracing } from './ports/tracing';
import type { ToolRecords } from './ports/tool-records';
import type { Upstream, UpstreamConnection } from './ports/upstream';
import type { ServerSights } from './server-sights';
import type { SessionLog } from './session-log';

/** The ports an engine is made with. */
export interface EnginePorts {
  readonly store: Store;
  /** For acts that are no events of a session. */
  readonly audit: Audit & AuditDue;
  readonly upstream: Upstream;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
  readonly settings: Settings;
  readonly policy: Policy;
  readonly choices: Choices;
  readonly roster: Roster;
  readonly models: Models;
  readonly tracing: Tracing;
  readonly keeping: Keeping;
  /** Null: those of the settings, for ever. */
  readonly register: ServerRegister | null;
  readonly toolRecords: ToolRecords;
  /** The agent of a session that is taken up again; null when it is no more. May throw while the database is away. */
  readonly identify: (id: AgentId) => Promise<AgentIdentity | null>;
}

/** What every part of the engine shares. */
export interface EngineParts extends EnginePorts {
  readonly committer: Committer;
  readonly live: Map<SessionId, LiveSession>;
  readonly summaries: LiveSummaries;
  readonly servers: ServerRegister;
  readonly alarms: Alarms;
  /** What is usual for each tool. */
  readonly paces: Paces;
  /** What was seen of each server since the start. */
  readonly sights: ServerSights;
  /** What keeps a call from being sent now; asked at the moment of deciding. */
  readonly pauses: { of(call: Pausable): Pause | null };
  stopping: boolean;
}

/** A session as this process holds it: its book, its connections, and who waits for what. */
export interface LiveSession {
  readonly sessionId: SessionId;
  agent: AgentIdentity;
  readonly scope: string | null;
  readonly log: SessionLog;
  /** Who hears what concerns the session: nobody, after a restart, until its agent comes back. */
  listener: SessionListener;
  readonly links: Map<string, Promise<Result<ServerLink>>>;
  /** What this process holds of calls beside the book: only of those it received, or that somebody waits for. */
  readonly work: Map<CallId, Work>;
  /** What each open call asks, to tell one that is the same; null until it is read back after a restart. */
  digests: Map<CallId, string> | null;
  /** Calls whose message is on its way out: their own send tells what became of them. */
  readonly sending: Set<CallId>;
  /** Calls whose agent was told that they could not be recorded: found on disk after all, they are not sent. */
  readonly disowned: Set<CallId>;
  lastContactAt: number;
}

/** One ready connection of a session. */
export interface ServerLink {
  readonly connectionId: ConnectionId;
  readonly server: ServerEntry;
  readonly connection: UpstreamConnection;
  tools: Promise<Result<readonly ListedTool[]>> | null;
  /** When it was opened, or last pinged. */
  pingedAt: number;
}

/** What goes to the server; kept in memory until it has left, on disk for as long as the call. */
export interface Outgoing {
  readonly arguments: JsonObject;
  readonly meta: JsonObject;
}

/** Someone of this process who waits for a call's outcome. */
export interface Attached {
  readonly listener: CallListener;
  readonly settle: (outcome: CallOutcome) => void;
}

/** What this process holds of one call. */
export interface Work {
  readonly attached: Set<Attached>;
  outgoing: Outgoing | null;
  /** The connection its sending was recorded for together with its reception; null when that is still to do. */
  intent: ServerLink | null;
  /** Until when its agent waits, where it cannot be given a ticket (I8). */
  patientUntilAt: number | null;
  stopHeartbeat: (() => void) | null;
  /** Counts the time until a call whose agent left is cancelled. */
  stopGrace: (() => void) | null;
}

/** The work of a call, begun when there is none yet. */
export function workOf(live: LiveSession, callId: CallId): Work {
  const known = live.work.get(callId);
  if (known !== undefined) return known;
  const work: Work = {
    attached: new Set(),
    outgoing: null,
    intent: null,
    patientUntilAt: null,
    stopHeartbeat: null,
    stopGrace: null,
  };
  live.work.set(callId, work);
  return work;
}

/** Nobody hears; for a session whose agent has not come back yet. */
export const nobody: SessionListener = {
  listChanged: () => {},
  notification: () => {},
  log: () => {},
  ended: () => {},
};

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
