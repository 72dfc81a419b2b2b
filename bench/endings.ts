import path from 'node:path';
import type { SessionId } from '@/lib/domain/ids';
import { type AgentPlace, type BenchAgent, connectAgent } from './agent';
import { startBenched } from './benched';
import { against, type Figure } from './figures';
import { startHoldpoint } from './holdpoint';
import type { RunOrder } from './run-order';
import { median, percentile } from './statistics';
import { until } from './until';
import { OpenWindow } from './window';

const warmUp = 3;
const waitsWithinMs = 30_000;

/**
 * How long an agent whose call waits for a person takes to hear that an admin ended its session, from the admin's word
 * on; against a whole round trip of the bare SDK (call, question, answer, result) one at a time.
 */
export async function measureEndings(order: RunOrder): Promise<readonly Figure[]> {
  const { benchFile, serverFile, folder, amount, onEnd, print } = order;
  const benched = await startBenched(benchFile, 'none');
  onEnd(() => benched.process.stop());
  const { mcpUrl } = benched;
  const holdpoint = await startHoldpoint({ serverFile, folder: path.join(folder, 'endings'), mcpUrl });
  onEnd(() => holdpoint.stop());
  const window = await OpenWindow.open(holdpoint);
  onEnd(async () => window.close());
  const direct = { url: mcpUrl, tool: 'ask', apiKey: null, answer: (question: string) => question };
  const through = {
    url: `${holdpoint.origin}/mcp`,
    tool: 'bench__ask',
    apiKey: holdpoint.home.apiKey,
    answer: null,
  };
  const bare = await connectAgent(direct);
  const [told, trips]: [number[], number[]] = [[], []];
  // In turns, so that the machine's noise falls on both.
  for (let count = 1; count <= amount.endings + warmUp; count += 1) {
    const toldMs = await endOne(window, through, count);
    const tripMs = await timed(() => bare.trip(count));
    if (count <= warmUp) continue;
    told.push(toldMs);
    trips.push(tripMs);
  }
  await bare.close();
  window.close();
  await holdpoint.stop();
  await benched.process.stop();
  print('measured: endings');
  return [
    against('ending_told_p50_ms', 'ms', { value: median(told), baseline: median(trips) }),
    against('ending_told_p98_ms', 'ms', { value: percentile(told, 0.98), baseline: percentile(trips, 0.98) }),
  ];
}

async function endOne(window: OpenWindow, place: AgentPlace, trip: number): Promise<number> {
  const agent = await connectAgent(place);
  const heard = heardOf(agent, trip);
  const sessionId = await until(() => waiting(window), {
    words: () => 'no session waits for a person',
    withinMs: waitsWithinMs,
  });
  const before = performance.now();
  const ending = window.say({ type: 'session.end', sessionId, reason: 'measured' });
  const at = await heard;
  await ending;
  await agent.drop();
  return at - before;
}

/** When the agent heard that its session was ended. A result that says anything else is an error of the run. */
function heardOf(agent: BenchAgent, trip: number): Promise<number> {
  return agent.trip(trip).then(
    () => Promise.reject(new Error(`Trip ${trip} was answered, and nobody answers here`)),
    (error: unknown) => {
      if (String(error).includes('Session ended by an admin')) return performance.now();
      throw error;
    },
  );
}

/** The one live session, once its call waits for a person. */
async function waiting(window: OpenWindow): Promise<SessionId | null> {
  const { sessions } = await window.say({ type: 'sessions.watch', live: true, search: null, before: null });
  const found = sessions.find(({ session, waits }) => session.state === 'active' && waits.person !== null);
  return found?.session.sessionId ?? null;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}
