import path from 'node:path';
import { pastAsks, seedPast } from '@/tests/support/past-ends';
import { startPostgres } from '@/tests/support/postgres';
import { against, type Figure } from './figures';
import { startHoldpoint } from './holdpoint';
import type { RunOrder } from './run-order';
import { withStore } from './saved';
import {
  type Past,
  type QuestionTimes,
  type SessionQuestion,
  sessionQuestions,
  timeQuestions,
} from './session-questions';

/** Nobody calls it in this measurement. */
const nowhere = 'http://127.0.0.1:9/mcp';
const dayMs = 86_400_000;
const pastDays = 90;

type Times = Readonly<Record<SessionQuestion, QuestionTimes>>;

/** What a long past costs who asks about it, against a short one of the same run, on each database. */
export async function measurePast(order: RunOrder): Promise<readonly Figure[]> {
  const { few, many } = order.amount.past;
  const postgres = await startPostgres().catch((error: unknown) => {
    order.print(`not measured on PostgreSQL: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  });
  if (postgres !== null) order.onEnd(() => postgres.stop());
  const figures: Figure[] = [];
  for (const database of ['sqlite', 'postgres'] as const) {
    if (database === 'postgres' && postgres === null) continue;
    const measure = async (sessions: number): Promise<Times> => {
      const name = database === 'postgres' && postgres !== null ? postgres.url(await postgres.createDatabase()) : null;
      const times = await measureSide(order, { name: `sessions-${database}-${sessions}`, sessions, databaseUrl: name });
      order.print(`measured: sessions, ${sessions} past on ${database}`);
      return times;
    };
    const short = await measure(few);
    const long = await measure(many);
    figures.push(against(`past_sessions.${database}`, 'sessions', { value: many, baseline: few }));
    for (const question of sessionQuestions) {
      for (const [name, of] of [
        ['p50_ms', ({ p50Ms }: QuestionTimes) => p50Ms],
        ['p98_ms', ({ p98Ms }: QuestionTimes) => p98Ms],
      ] as const) {
        const pair = { value: of(long[question]), baseline: of(short[question]) };
        figures.push(against(`${question}_${name}.${database}`, 'ms', pair));
      }
    }
  }
  return figures;
}

async function measureSide(
  { serverFile, folder, amount, onEnd }: RunOrder,
  side: { readonly name: string; readonly sessions: number; readonly databaseUrl: string | null },
): Promise<Times> {
  const { databaseUrl } = side;
  const holdpoint = await startHoldpoint({
    serverFile,
    folder: path.join(folder, side.name),
    mcpUrl: nowhere,
    ...(databaseUrl === null ? {} : { databaseUrl }),
  });
  onEnd(() => holdpoint.life.process.kill());
  const past = await withStore(holdpoint.home.databaseUrl, async ({ store }) => {
    const untilAt = Date.now();
    const asks = pastAsks(side.sessions, { days: pastDays, now: untilAt });
    await seedPast(store, asks);
    const found = await store.sessions({ live: false, search: null, before: null, limit: 1 });
    if (found.length === 0) throw new Error('The past was not written');
    return { fromAt: untilAt - pastDays * dayMs, untilAt } satisfies Past;
  });
  const times = await timeQuestions(holdpoint, { past, times: amount.past.questions });
  await holdpoint.stop();
  return times;
}
