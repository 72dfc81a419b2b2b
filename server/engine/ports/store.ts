import type { AuditDraft } from '@/lib/domain/audit';
import type { Call } from '@/lib/domain/call';
import type { Connection } from '@/lib/domain/connection';
import type { EndingsPlace, EndItem, EndOperation } from '@/lib/domain/end-operation';
import type { EventType, SessionEvent } from '@/lib/domain/event';
import type {
  AgentId,
  CallId,
  ConnectionId,
  EndingId,
  NoteId,
  PersonId,
  RequestId,
  SessionId,
  TeamId,
} from '@/lib/domain/ids';
import type { ConnectionFacts } from './upstream';
import type { Json } from '@/lib/domain/json';
import type { PauseList, PauseRecord } from '@/lib/domain/pause';
import type { Tally, TallyFact, TallyTotal, TimeSpan } from '@/lib/domain/overview/tally';
import type { QueueCounts, QueueLook, QueuePlace } from '@/lib/domain/queue-query';
import type { HoldRequest, RequestState } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionCounts, SessionNarrowing, SessionPicks } from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import type { AuditDueRow } from './audit';

/** The heavy bodies, kept beside the events so that they can be purged (I14). */
export type PayloadKind =
  | 'arguments'
  | 'edited'
  | 'meta'
  | 'result'
  | 'ask'
  | 'answer'
  | 'tool'
  | 'note'
  /** The last error by which a server turned the call back. */
  | 'turned_back';

export interface Payload {
  readonly owner: CallId | RequestId | NoteId;
  readonly kind: PayloadKind;
  readonly body: Json;
}

/** What a connection needs to be taken up again; the session id is a credential. */
export interface Attachment {
  readonly connectionId: ConnectionId;
  readonly sessionId: SessionId;
  /** What the handshake agreed, with the server's session id and our child's process. */
  readonly facts: ConnectionFacts;
}

/** What binds a call to its agent beyond its session: a key that makes it one call, or a task. */
export interface AgentCall {
  readonly callId: CallId;
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
  /** The agent's idempotency key; unique among its calls. */
  readonly key: string | null;
  /** SHA-256, hex, of server, tool and arguments: a key stands for exactly one call. */
  readonly digest: string;
  readonly task: { readonly ttlMs: number | null } | null;
  readonly createdAt: number;
}

export interface Cursor {
  readonly connectionId: ConnectionId;
  /** A call's rpc id, or `standalone`. */
  readonly stream: string;
  readonly eventId: string;
}

/** Everything one decision writes, in one transaction, whole or not at all. */
export interface Commit {
  readonly sessionId: SessionId;
  readonly events: readonly SessionEvent[];
  /** The states the events led to. */
  readonly summary: SessionSummary | null;
  readonly connections: readonly Connection[];
  readonly calls: readonly Call[];
  readonly requests: readonly HoldRequest[];
  readonly payloads: readonly Payload[];
  readonly attachments: readonly Attachment[];
  readonly cursors: readonly Cursor[];
  readonly agentCalls: readonly AgentCall[];
  readonly raw: readonly RawMessage[];
  /** What of it the audit log keeps; chained in the same transaction. */
  readonly audit: readonly AuditDraft[];
}

/** A live session as it was saved. */
export interface SavedSession {
  readonly summary: SessionSummary;
  readonly connections: readonly Connection[];
  readonly calls: readonly Call[];
  readonly requests: readonly HoldRequest[];
  readonly attachments: readonly Attachment[];
  readonly cursors: readonly Cursor[];
  /** The last `seq` of the raw messages, 0 when none. */
  readonly rawSeq: number;
}

export type CommitOutcome =
  | { readonly ok: true }
  /** Another writer was first: events with these sequence numbers exist already. */
  | { readonly ok: false; readonly code: 'conflict'; readonly message: string }
  | { readonly ok: false; readonly code: 'unavailable'; readonly message: string };

export interface SessionQuery {
  readonly live: boolean | null;
  readonly search: string | null;
  /** The store leaves `moods` aside: what a session waits for is judged where it lives. */
  readonly narrow?: SessionNarrowing;
  /** Page on from here: the last one's start and id. */
  readonly before: { readonly startedAt: number; readonly sessionId: SessionId } | null;
  readonly limit: number;
}

export interface RequestQuery {
  readonly states: readonly RequestState[];
  readonly before: { readonly openedAt: number; readonly requestId: RequestId } | null;
  readonly limit: number;
}

/** Whose requests may be read (I11): what is for everyone, and what is for these teams and people; `all` for admins. */
export type Visible = 'all' | { readonly teams: readonly TeamId[]; readonly people: readonly PersonId[] };

/** A page of the queue. Requests that a model answers are not in it while it does. */
export interface QueueQuery {
  readonly look: QueueLook;
  readonly visible: Visible;
  /** Who looks: what they claimed, and what is assigned to them or to whom they stand in for, is theirs. */
  readonly me: { readonly claims: PersonId; readonly assigned: readonly PersonId[]; readonly teams: readonly TeamId[] };
  readonly now: number;
  readonly after: QueuePlace | null;
  readonly limit: number;
}

/** A call as it was received, for trying rules on it. */
export interface PastCall {
  readonly callId: CallId;
  readonly sessionId: SessionId;
  readonly call: Call;
  readonly arguments: Json | null;
  readonly tool: Json | null;
  readonly agent: { readonly id: AgentId; readonly name: string };
  readonly client: string | null;
  readonly scope: string | null;
}

/** What was learned of one tool, as JSON; whoever reads it checks it. */
export interface SavedPace {
  readonly server: string;
  readonly tool: string;
  readonly heardAt: number;
  readonly body: Json;
}

/** What admins did that is no event of one session. Every method throws while the database is away. */
export interface ControlStore {
  /** Those that were not lifted, by the time they were set, with the highest `seq` ever saved. */
  pauses(): Promise<PauseList>;
  /** Whole or not at all, with what the audit log keeps of it. */
  savePauses(seq: number, records: readonly PauseRecord[], acts: readonly AuditDueRow[]): Promise<void>;
  /** The order and those of its sessions that changed, by their place in it; whole or not at all, as above. */
  saveEnding(operation: EndOperation, items: ReadonlyMap<number, EndItem>, acts: readonly AuditDueRow[]): Promise<void>;
  /** The latest first, those after `before`. */
  endings(query: {
    readonly open: 'open' | 'all';
    readonly before: EndingsPlace | null;
    readonly limit: number;
  }): Promise<readonly EndOperation[]>;
  ending(id: EndingId): Promise<EndOperation | null>;
  /** In the order they were named. */
  endItems(id: EndingId): Promise<readonly EndItem[]>;
}

/** The database as the engine sees it: SQLite or PostgreSQL behind one schema. Reads may throw when it is away. */
export interface Store extends ControlStore {
  /**
   * All commits of the batch in one transaction; resolved only when it is on disk (I2). Never throws. An empty batch
   * writes one meaningless row, so it tells whether the database takes writes.
   */
  commit(batch: readonly Commit[]): Promise<CommitOutcome>;
  /** Sessions that have not ended, with only their open calls, open or undelivered-yet requests, live connections. */
  loadLive(): Promise<readonly SavedSession[]>;
  session(id: SessionId): Promise<SessionSummary | null>;
  sessions(query: SessionQuery): Promise<readonly SessionSummary[]>;
  /** How many of those that are over ended how, each counted up to `countedMost`. */
  sessionEnds(query: Pick<SessionQuery, 'search' | 'narrow'>): Promise<SessionCounts['ends']>;
  /** The agents and servers of all recorded sessions, by name. */
  sessionPicks(): Promise<SessionPicks>;
  /** What happened in a span, added up by place, whatever the number of sessions. Its ends are quarters of an hour. */
  tallies(span: TimeSpan): Promise<readonly Tally[]>;
  /** The same of each of several spans, in their order, by kind alone. */
  tallyTotals(spans: readonly TimeSpan[]): Promise<readonly (readonly TallyTotal[])[]>;
  /** Adds a stall to what happened, unless it was counted under this key before. */
  countStall(stall: { readonly key: string; readonly fact: TallyFact }): Promise<void>;
  call(id: CallId): Promise<{ readonly sessionId: SessionId; readonly call: Call } | null>;
  request(id: RequestId): Promise<HoldRequest | null>;
  requests(query: RequestQuery): Promise<readonly HoldRequest[]>;
  /** A page of the queue in the look's order, one read whatever its length. */
  queue(query: QueueQuery): Promise<readonly QueueItem[]>;
  /** How many each view holds for who looks, the look's narrowing left aside; `answered` is always 0. */
  queueCounts(query: Pick<QueueQuery, 'visible' | 'me' | 'now'>): Promise<QueueCounts>;
  /** Events of one request, in order. */
  requestEvents(id: RequestId): Promise<readonly SessionEvent[]>;
  /** Events of these types at or after an instant, in the order of their instants. */
  eventsSince(query: {
    readonly types: readonly EventType[];
    readonly at: number;
    readonly limit: number;
  }): Promise<readonly SessionEvent[]>;
  /** The calls received last, newest first, with what rules look at. */
  pastCalls(query: { readonly limit: number; readonly sinceAt: number }): Promise<readonly PastCall[]>;
  /** Events with `seq` above `afterSeq`, in order. */
  events(id: SessionId, page: { readonly afterSeq: number; readonly limit: number }): Promise<readonly SessionEvent[]>;
  /** Events with `seq` below `beforeSeq`, the last of them, in order; of these types only, where some are named. */
  eventsBefore(
    id: SessionId,
    page: { readonly beforeSeq: number; readonly limit: number; readonly types: readonly EventType[] | null },
  ): Promise<readonly SessionEvent[]>;
  /** The events of these `seq`, in order; those that are not there are left out. */
  eventsAt(id: SessionId, seqs: readonly number[]): Promise<readonly SessionEvent[]>;
  /** The `seq` of the last event at or before an instant; 0 when there is none. */
  seqAt(id: SessionId, at: number): Promise<number>;
  raw(id: SessionId, page: { readonly afterSeq: number; readonly limit: number }): Promise<readonly RawMessage[]>;
  /** The last raw messages before `beforeSeq`, or the very last for null, in order. */
  rawBefore(
    id: SessionId,
    page: { readonly beforeSeq: number | null; readonly limit: number },
  ): Promise<readonly RawMessage[]>;
  payload(owner: CallId | RequestId | NoteId, kind: PayloadKind): Promise<Json | null>;
  agentOf(id: SessionId): Promise<AgentId | null>;
  /** Every request of a call, in the order they were opened. */
  requestsOfCall(id: CallId): Promise<readonly HoldRequest[]>;
  agentCall(id: CallId): Promise<AgentCall | null>;
  agentCallByKey(agentId: AgentId, key: string): Promise<AgentCall | null>;
  /** The agent's tasks, newest first. */
  agentTasks(
    agentId: AgentId,
    page: { readonly before: { readonly createdAt: number; readonly callId: CallId } | null; readonly limit: number },
  ): Promise<readonly AgentCall[]>;
  /** What was learned of tools, those heard of last first. */
  paces(limit: number): Promise<readonly SavedPace[]>;
  /** Replaces what was kept of these tools, and forgets those `gone`. */
  savePaces(
    paces: readonly SavedPace[],
    gone: readonly { readonly server: string; readonly tool: string }[],
  ): Promise<void>;
  close(): Promise<void>;
}
