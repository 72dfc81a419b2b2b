import path from 'node:path';
import { startPostgres } from '@/tests/support/postgres';
import { against, type Figure } from './figures';
import { type Holdpoint, startHoldpoint, startLife } from './holdpoint';
import { checkPast } from './past-check';
import { type DatabaseName, databases, questionFigures, sides, type Side, type Times } from './past-figures';
import { loadPast } from './past-load';
import { type Past, questionsOf } from './past-questions';
import { timeSocket, timeStore } from './past-times';
import type { RunOrder } from './run-order';
import { withStore } from './saved';

/** Nobody calls it in this measurement. */
const nowhere = 'http://127.0.0.1:9/mcp';
const dayMs = 86_400_000;
const pastDays = 90;
/** Sessions read back to see that their rows are what their events come to. */
const checked = 50;

interface Measured {
  readonly events: number;
  readonly entries: number;
  readonly times: Readonly<Record<Side, Times>>;
}

/** What a long past costs who asks about it, against a short one of the same run, on each database. */
export async function measurePast(order: RunOrder): Promise<readonly Figure[]> {
  const { few, many } = order.amount.past;
  const postgres = await startPostgres().catch((error: unknown) => {
    order.print(`not measured on PostgreSQL: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  });
  if (postgres !== null) order.onEnd(() => postgres.stop());
  const figures: Figure[] = [];
  for (const database of databases) {
    if (database === 'postgres' && postgres === null) continue;
    const measure = async (sessions: number): Promise<Measured> => {
      const url = database === 'postgres' && postgres !== null ? postgres.url(await postgres.createDatabase()) : null;
      return measureSide(order, { database, sessions, databaseUrl: url });
    };
    const short = await measure(few);
    const long = await measure(many);
    figures.push(
      against(`past_sessions.${database}`, 'sessions', { value: many, baseline: few }),
      against(`past_events.${database}`, 'events', { value: long.events, baseline: short.events }),
      against(`past_audit_entries.${database}`, 'entries', { value: long.entries, baseline: short.entries }),
      ...sides.flatMap((side) =>
        questionFigures({ database, side }, { many: long.times[side], few: short.times[side] }),
      ),
    );
  }
  return figures;
}

interface PastSide {
  readonly database: DatabaseName;
  readonly sessions: number;
  readonly databaseUrl: string | null;
}

async function measureSide(order: RunOrder, side: PastSide): Promise<Measured> {
  const { serverFile, folder, amount, onEnd, print } = order;
  const { database, sessions, databaseUrl } = side;
  const holdpoint = await startHoldpoint({
    serverFile,
    folder: path.join(folder, `past-${database}-${sessions}`),
    mcpUrl: nowhere,
    ...(databaseUrl === null ? {} : { databaseUrl }),
  });
  onEnd(() => holdpoint.life.process.kill());
  // The schema is there, and someone who may come in. The past is written with nobody else at the database.
  await holdpoint.stop();
  const past = await writePast(order, holdpoint, sessions);
  const questions = questionsOf(past);
  const store = await withStore(holdpoint.home.databaseUrl, (opened) =>
    timeStore(opened, questions, amount.past.questions),
  );
  const life = await startLife(holdpoint.home);
  onEnd(() => life.process.kill());
  const socket = await timeSocket(holdpoint, questions, amount.past.questions);
  await life.process.stop();
  print(`measured: ${sessions} past sessions on ${database}`);
  return { events: past.events, entries: past.entries, times: { store, socket } };
}

async function writePast({ print }: RunOrder, { home }: Holdpoint, sessions: number): Promise<Past> {
  const beganAt = performance.now();
  const untilAt = Date.now();
  const { databaseUrl, secret } = home;
  const loaded = await withStore(
    databaseUrl,
    async (opened) => {
      const past = await loadPast(opened, { sessions, days: pastDays, untilAt, databaseUrl });
      await checkPast(opened.store, everyNth(past.ids, Math.ceil(past.ids.length / checked)));
      return past;
    },
    secret,
  );
  const tookS = ((performance.now() - beganAt) / 1_000).toFixed(0);
  print(
    `written: ${loaded.ids.length} sessions, ${loaded.events} events, ${loaded.entries} entries of the audit log, in ${tookS} s`,
  );
  return { ...loaded, fromAt: untilAt - pastDays * dayMs, untilAt };
}

function everyNth<T>(all: readonly T[], step: number): readonly T[] {
  return all.filter((_one, at) => at % step === 0);
}
