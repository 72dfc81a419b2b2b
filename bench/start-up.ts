import path from 'node:path';
import type { Commit } from '@/server/engine/ports/store';
import { against, alone, type Figure } from './figures';
import { type Home, makeHome, startLife } from './holdpoint';
import { pastSession } from './past-session';
import type { RunOrder } from './run-order';
import { type OpenedStore, withStore } from './saved';
import { median } from './statistics';

/** Sessions of one transaction while the past is written. */
const batchSize = 250;
const betweenSessionsMs = 60_000;
/** Nobody calls it in this measurement. */
const nowhere = 'http://127.0.0.1:9/mcp';

/** How long a start takes, to the word that the port is open: with many past sessions in the database, and with none. */
export async function measureStartUp({ serverFile, folder, amount, print }: RunOrder): Promise<readonly Figure[]> {
  const home = (name: string): Promise<Home> =>
    makeHome({ serverFile, folder: path.join(folder, `start-up-${name}`), mcpUrl: nowhere });
  const [empty, full] = await Promise.all([home('empty'), home('full')]);
  // The first start of each makes the schema, which no later one does.
  await startOnce(empty);
  await startOnce(full);
  const past = await withStore(full.databaseUrl, (opened) => writePast(opened, amount.pastSessions));
  const emptyMs: number[] = [];
  const fullMs: number[] = [];
  for (let start = 0; start < amount.starts; start += 1) {
    emptyMs.push(await startOnce(empty));
    fullMs.push(await startOnce(full));
  }
  print(`measured: start-up, ${past.sessions} past sessions`);
  return [
    against('start_up_ms', 'ms', { value: median(fullMs), baseline: median(emptyMs) }),
    alone('past_sessions', 'sessions', past.sessions),
    alone('past_events', 'events', past.events),
  ];
}

async function startOnce(home: Home): Promise<number> {
  const life = await startLife(home);
  await life.process.stop();
  return life.openAt - life.startedAt;
}

/** Through the store's own writes; counted afterwards in the tables. */
async function writePast(
  { store, db }: OpenedStore,
  sessions: number,
): Promise<{ readonly sessions: number; readonly events: number }> {
  const firstAt = Date.now() - sessions * betweenSessionsMs;
  for (let first = 0; first < sessions; first += batchSize) {
    const batch = Array.from(
      { length: Math.min(batchSize, sessions - first) },
      (_, index): Commit => pastSession(first + index, firstAt + (first + index) * betweenSessionsMs),
    );
    const written = await store.commit(batch);
    if (!written.ok) throw new Error(written.message);
  }
  const rowsOf = async (table: 'hp_session' | 'hp_event'): Promise<number> =>
    Number(
      (
        await db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll().as('rows'))
          .executeTakeFirstOrThrow()
      ).rows,
    );
  return { sessions: await rowsOf('hp_session'), events: await rowsOf('hp_event') };
}
