import { randomBytes } from 'node:crypto';
import type { AuditDraft } from '@/lib/domain/audit';
import { type IdKind, type IdOf, mintId, type SessionId } from '@/lib/domain/ids';
import type { Commit } from '@/server/engine/ports/store';
import { type PastAsk, pastAsks } from '@/tests/support/past-ends';
import { endedSession, type EndedIds } from './ended-session';
import { openLongSql, shelveIndexes } from './index-shelf';
import type { OpenedStore } from './saved';

/** Sessions, or entries of the audit log, of one transaction. */
const batch = 500;
/** Sessions of the list's last page. */
const lastSessions = 30;
/** SQLite's own cache while much is written, KiB. */
const cacheKib = 262_144;
/** One session in so many is of an agent and a server that hardly anything else was of. */
const rareEvery = 5_000;
const firstRare = 50;
export const rareName = 'quarter-close';
export const rareServer = 'ledger';

export interface PastOrder {
  readonly sessions: number;
  readonly days: number;
  readonly untilAt: number;
  readonly databaseUrl: string;
}

/** A place in the list of sessions. */
export interface Place {
  readonly startedAt: number;
  readonly sessionId: SessionId;
}

/** What was written. */
export interface Loaded {
  readonly ids: readonly SessionId[];
  readonly events: number;
  /** Of the audit log. */
  readonly entries: number;
  /** Half way down the list, and before its last page. */
  readonly places: { readonly middle: Place; readonly end: Place };
}

/**
 * Writes a past through the store's own commits, in the order of the keys and with the other indexes built afterwards:
 * what stands there is what years would have left, in minutes.
 */
export async function loadPast(opened: OpenedStore, order: PastOrder): Promise<Loaded> {
  const { db, kind } = opened;
  const { databaseUrl } = order;
  const long = await openLongSql(db as never, { kind, databaseUrl });
  try {
    if (kind === 'sqlite') {
      await long.read(`pragma cache_size = -${cacheKib}`);
      // What a power cut would leave of it is thrown away with the rest.
      await long.read('pragma synchronous = off');
    }
    const restore = await shelveIndexes(long, kind);
    const loaded = await write(opened, order);
    await restore();
    // A database that was written to over months has been looked at by its own autovacuum; SQLite does no such thing.
    if (kind === 'postgres') await long.run('vacuum (analyze)');
    return loaded;
  } finally {
    await long.end();
  }
}

async function write({ store }: OpenedStore, { sessions, days, untilAt }: PastOrder): Promise<Loaded> {
  const asks = pastAsks(sessions, { days, now: untilAt }).map(withRare);
  const ids = sortedIds(asks.length);
  const order = shuffled(asks.length);
  const acts: AuditDraft[] = [];
  const starts: number[] = [];
  let events = 0;
  for (const numbers of chunksOf(order)) {
    const commits = numbers.flatMap(({ place, number }): readonly Commit[] => {
      const [ask, of] = [asks[number], ids[place]];
      if (ask === undefined || of === undefined) return [];
      const { commit, acts: its } = endedSession(ask, of);
      acts.push(...its);
      events += commit.events.length;
      starts.push(commit.events[0]?.at ?? 0);
      return [commit];
    });
    await save(store, commits);
  }
  // The log is written as things happen.
  acts.sort((a, b) => a.at - b.at);
  const sessionIds = ids.map(({ sessionId }) => sessionId);
  for (const audit of chunksOf(acts)) await save(store, [onlyActs(sessionIds[0] ?? mint('session'), audit)]);
  return { ids: sessionIds, events, entries: acts.length, places: placesOf(starts) };
}

function placesOf(starts: readonly number[]): Loaded['places'] {
  const sorted = [...starts].sort((a, b) => a - b);
  const after = (count: number): Place => ({
    startedAt: sorted[count] ?? 0,
    sessionId: 'ses_000000000000' as SessionId,
  });
  return { middle: after(Math.floor(sorted.length / 2)), end: after(lastSessions) };
}

function withRare(ask: PastAsk, number: number): PastAsk {
  return number % rareEvery === firstRare
    ? { ...ask, agent: rareName, server: rareServer, tool: 'close_month', team: null }
    : ask;
}

/** Of each kind in the order of its table's key. */
function sortedIds(count: number): readonly EndedIds[] {
  const all = <K extends IdKind>(kind: K): readonly IdOf[K][] =>
    Array.from({ length: count }, () => mint(kind)).sort((a, b) => (a < b ? -1 : 1));
  const [sessions, connections, calls, requests] = [all('session'), all('connection'), all('call'), all('request')];
  return sessions.map((sessionId, at) => ({
    sessionId,
    connectionId: connections[at] ?? mint('connection'),
    callId: calls[at] ?? mint('call'),
    requestId: requests[at] ?? mint('request'),
    operationId: mint('operation'),
  }));
}

function mint<K extends IdKind>(kind: K): IdOf[K] {
  return mintId(kind, randomBytes);
}

/** Ids tell nothing of time: which session has which is left to chance. */
function shuffled(count: number): readonly { readonly place: number; readonly number: number }[] {
  const order = Array.from({ length: count }, (_, number) => ({ number, by: Math.random() }));
  order.sort((a, b) => a.by - b.by);
  return order.map(({ number }, place) => ({ place, number }));
}

function* chunksOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += batch) yield all.slice(from, from + batch);
}

async function save(store: OpenedStore['store'], commits: readonly Commit[]): Promise<void> {
  const written = await store.commit(commits);
  if (!written.ok) throw new Error(written.message);
}

function onlyActs(sessionId: SessionId, audit: readonly AuditDraft[]): Commit {
  return {
    sessionId,
    events: [],
    summary: null,
    connections: [],
    calls: [],
    requests: [],
    payloads: [],
    attachments: [],
    cursors: [],
    agentCalls: [],
    raw: [],
    audit,
  };
}
