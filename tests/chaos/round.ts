import { Agent } from '@/tests/chaos/agents/agent';
import { Pursuit } from '@/tests/chaos/agents/pursuit';
import { strike } from '@/tests/chaos/faults/striker';
import { People } from '@/tests/chaos/people/people';
import { Moments } from '@/tests/chaos/moments';
import { agentsPerRound, type RoundPlan, type When } from '@/tests/chaos/plan';
import type { Random } from '@/tests/chaos/random';
import type { Stage } from '@/tests/chaos/stage';

const lookAgainMs = 60;
/** Everything is whole and everyone answers: what has not settled by then never will. */
export const settleWithinMs = 25_000;

export interface RoundReport {
  readonly tookMs: number;
  readonly healedAfterMs: number;
  /** What had not settled when the harness stopped waiting. */
  readonly unsettled: readonly string[];
}

/** One round: calls and faults at their instants, then all is made whole, answered, and waited for. */
export async function playRound(stage: Stage, plan: RoundPlan, random: Random): Promise<RoundReport> {
  const { product, ledger, first, second, watcher } = stage;
  const startedAt = performance.now();
  const place = { mcpUrl: product.mcpUrl, key: product.agentKey };
  const agents = await Promise.all(Array.from({ length: agentsPerRound }, () => Agent.start(place)));
  const people = new People({ first, second, watcher, ledger, random: random.fork('people') });
  ledger.moments = new Moments();
  stage.listen((item) => people.shown(item));
  const waiting = new Set<string>();
  const pursuits = plan.calls.map(async (call) => {
    const agent = agents[call.agent];
    if (agent === undefined) throw new Error(`there is no agent ${call.agent}`);
    waiting.add(`call ${call.mark} ${call.server}__${call.tool}`);
    await after(call.startMs);
    await new Pursuit(agent, call, ledger).run();
    waiting.delete(`call ${call.mark} ${call.server}__${call.tool}`);
  });
  const targets = { ...stage, agents };
  await Promise.all(
    plan.faults.map(async (fault) => {
      await comes(fault.when, ledger.moments);
      await strike(fault, targets);
    }),
  );
  const healedAfterMs = performance.now() - startedAt;
  people.allIsWhole();
  const unsettled = await settled(async () => [...waiting, ...(await people.unfinished())]);
  const looked = people.leave();
  await Promise.all(agents.map((agent) => agent.close()));
  await Promise.all([...pursuits, looked]);
  return { tookMs: performance.now() - startedAt, healedAfterMs, unsettled };
}

/** What is still under way in the end; nothing as soon as nothing is. */
async function settled(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const until = performance.now() + settleWithinMs;
  for (;;) {
    const left = await look();
    if (left.length === 0 || performance.now() > until) return left;
    await after(lookAgainMs);
  }
}

async function comes(when: When, moments: Moments): Promise<void> {
  const latest = after(when.atMs);
  if (when.by === 'clock') return latest;
  await Promise.race([latest, moments.until(when.moment, when.count).then(() => after(when.delayMs))]);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
