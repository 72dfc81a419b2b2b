import type { SessionId } from '@/lib/domain/ids';
import type { Log } from '@/server/engine/ports/log';
import type { SavedSession } from '@/server/engine/ports/store';
import { openStore, type StoreOpening } from '@/server/store/open-store';
import { callsIn, type Spread } from './spread';
import { until } from './until';

export type OpenedStore = Extract<StoreOpening, { ok: true }>;

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent };
const savedWithinMs = 60_000;

/** Opens the database beside whoever has it, for as long as `work` takes. */
export async function withStore<T>(
  databaseUrl: string,
  work: (opened: OpenedStore) => Promise<T>,
  /** Seals what is written to the audit log. */
  secret?: string,
): Promise<T> {
  const opened = await openStore({ databaseUrl, log: silent, ...(secret === undefined ? {} : { secret }) });
  if (!opened.ok) throw new Error(opened.message);
  try {
    return await work(opened);
  } finally {
    await opened.store.close();
  }
}

/** What is saved of the live sessions. */
export interface SavedCounts {
  /** Calls that wait for an answer. */
  readonly parked: number;
  readonly openRequests: number;
  readonly readyConnections: number;
}

export function countSaved(sessions: readonly SavedSession[]): SavedCounts {
  return {
    parked: sessions.flatMap(({ calls }) => calls).filter(({ state }) => state === 'input_required').length,
    openRequests: sessions.flatMap(({ requests }) => requests).filter(({ state }) => state === 'open').length,
    readyConnections: sessions.flatMap(({ connections }) => connections).filter(({ state }) => state === 'ready')
      .length,
  };
}

/** Until every call of `spread` is saved as parked, its request as open and its connection as ready. */
export function allSaved(databaseUrl: string, spread: Spread): Promise<SavedCounts> {
  let last: SavedCounts | null = null;
  return withStore(databaseUrl, ({ store }) =>
    until(
      async () => {
        last = countSaved(await store.loadLive());
        const calls = callsIn(spread);
        const all = last.parked === calls && last.openRequests === calls && last.readyConnections === spread.sessions;
        return all ? last : null;
      },
      { words: () => `of ${spread.words} this is saved: ${JSON.stringify(last)}`, withinMs: savedWithinMs },
    ),
  );
}

/** How the connections of a restart fared, by the log. */
export interface Reattachment {
  /** Connections with a `connection.ready` after their `connection.reattaching`. */
  readonly connections: number;
  /** The last of those, epoch milliseconds; null when there is none. */
  readonly lastAt: number | null;
  /** Calls of which anything but patience is recorded. */
  readonly disturbed: number;
}

export async function readReattachment(databaseUrl: string, sessions: readonly SessionId[]): Promise<Reattachment> {
  const readyAt: number[] = [];
  let disturbed = 0;
  await withStore(databaseUrl, async ({ store }) => {
    for (const sessionId of sessions) {
      const events = await store.events(sessionId, { afterSeq: 0, limit: 1_000 });
      const away = new Set<string>();
      for (const event of events) {
        if (event.type === 'connection.reattaching') away.add(event.connectionId);
        if (event.type === 'connection.ready' && away.delete(event.connectionId)) readyAt.push(event.at);
        if (event.type === 'call.interrupted' || event.type === 'call.result_lost' || event.type === 'connection.lost')
          disturbed += 1;
      }
    }
  });
  return { connections: readyAt.length, lastAt: readyAt.length === 0 ? null : Math.max(...readyAt), disturbed };
}
