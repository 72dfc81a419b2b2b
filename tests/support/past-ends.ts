import type { SessionEvent } from '@/lib/domain/event';
import type { AgentId } from '@/lib/domain/ids';
import { sessionEnds } from '@/lib/domain/session-query';
import type { Commit, Store } from '@/server/engine/ports/store';
import { team } from '@/tests/store/queue-model';
import {
  commitOf,
  completedCall,
  eventOf,
  newCallId,
  newRequestId,
  newSessionId,
  requestOf,
  summaryOf,
  workingCall,
} from '@/tests/store/samples';

/** One request of the past: where it was asked, how long it waited and what became of it. */
export interface PastAsk {
  readonly at: number;
  readonly server: string;
  readonly tool: string;
  readonly team: string | null;
  readonly agent: string;
  readonly tookMs: number;
  readonly became: 'accept' | 'decline' | 'expired';
  readonly workMs: number;
  readonly end: (typeof sessionEnds)[number];
}

/** A session that is over, with one call that asked a person. */
export function pastAsk(ask: PastAsk): Commit {
  const sessionId = newSessionId();
  const callId = newCallId();
  const openedAt = ask.at - ask.tookMs;
  const plain = summaryOf(sessionId, {
    startedAt: openedAt - 1_000,
    name: ask.agent,
    servers: [ask.server],
    state: 'ended',
  });
  const agent = { id: `agt_${ask.agent}` as AgentId, name: ask.agent };
  const session = { ...plain.session, agent, end: ask.end, endedAt: ask.at + ask.workMs } as (typeof plain)['session'];
  const call = {
    ...completedCall(workingCall(callId)),
    server: ask.server,
    tool: ask.tool,
    sent: { ...sentOf(callId), sentAt: ask.at },
    endedAt: ask.at + ask.workMs,
  } as Commit['calls'][number];
  const facts = { server: ask.server, tool: ask.tool, openedAt, team: ask.team === null ? null : team(ask.team) };
  const requestId = newRequestId();
  const request = requestOf(sessionId, requestId, {
    state: ask.became === 'expired' ? 'expired' : 'delivered',
    callId,
    facts,
  });
  const over =
    'answer' in request
      ? { ...request, answer: { ...request.answer, action: ask.became, savedAt: ask.at } }
      : { ...request, endedAt: ask.at };
  const place = { callId, server: ask.server, tool: ask.tool, title: ask.tool, annotations: {} };
  const received = { ...place, risk: 'writes', argumentsBytes: 2, questionsTeam: null, sampling: 'person' } as const;
  const events: readonly SessionEvent[] = [
    eventOf(sessionId, 1, { type: 'call.received', ...received }),
    'answer' in request
      ? eventOf(sessionId, 2, {
          type: 'request.answered',
          requestId,
          ...request.answer,
          as: null,
          action: ask.became === 'expired' ? 'cancel' : ask.became,
        })
      : eventOf(sessionId, 2, { type: 'request.expired', requestId }),
    eventOf(sessionId, 3, { type: 'call.completed', callId, isError: false, resultBytes: 1, summary: 'ok' }),
    eventOf(sessionId, 4, { type: 'session.ended', end: ask.end, reason: 'done' }),
  ].map((event, at) => ({
    ...event,
    at: [openedAt - 500, ask.at, ask.at + ask.workMs, ask.at + ask.workMs][at] ?? ask.at,
  }));
  return commitOf(sessionId, {
    summary: { ...plain, session },
    calls: [call],
    requests: [over as typeof request],
    events,
  });
}

function sentOf(callId: Commit['calls'][number]['callId']): { readonly connectionId: string; readonly rpcId: string } {
  const { connectionId, rpcId } = workingCall(callId);
  return { connectionId, rpcId };
}

const places = [
  { server: 'cluster-ops', tool: 'drain_node', team: 'Platform', slowness: 4 },
  { server: 'payments', tool: 'issue_refund', team: 'Payments', slowness: 1 },
  { server: 'postgres-admin', tool: 'run_migration', team: 'Platform', slowness: 2 },
  { server: 'release-desk', tool: 'promote', team: null, slowness: 0.5 },
  { server: 'feature-flags', tool: 'set_flag', team: null, slowness: 0.3 },
] as const;
const agents = ['oncall-copilot', 'release-pilot', 'cost-janitor'] as const;
const dayMs = 86_400_000;

/** So many requests of the days before `now`, busier on some days than on others; the same for the same numbers. */
export function pastAsks(
  count: number,
  { days, now }: { readonly days: number; readonly now: number },
): readonly PastAsk[] {
  const weights = Array.from({ length: days }, (_, back) => dayWeights[back % dayWeights.length] ?? 1);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const random = randomFrom(7);
  return weights
    .flatMap((weight, back) =>
      Array.from({ length: Math.ceil((count * weight) / all) }, () => {
        const at = now - back * dayMs - random() * dayMs * (back === 0 ? 0.02 : 0.6);
        return askAt(Math.round(at), { random, isQuiet: weight < 30 });
      }),
    )
    .slice(0, count);
}

const dayWeights = [27, 112, 95, 24, 19, 118, 99];

/** The same numbers for the same seed. */
function randomFrom(first: number): () => number {
  let seed = first;
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
}

/** On quiet days nobody is there more often. */
function askAt(at: number, { random, isQuiet }: { readonly random: () => number; readonly isQuiet: boolean }): PastAsk {
  const place = places[Math.floor(random() * places.length)] ?? places[0];
  const became = random() < (isQuiet ? 0.2 : 0.04) ? 'expired' : random() < 0.1 ? 'decline' : 'accept';
  const spread = (random() + random() + random() - 1.5) * 5;
  return {
    at,
    server: place.server,
    tool: place.tool,
    team: place.team,
    agent: agents[Math.floor(random() * agents.length)] ?? 'oncall-copilot',
    tookMs: became === 'expired' ? 1_200_000 : Math.round(place.slowness * 60_000 * 2 ** spread),
    became,
    workMs: Math.round(random() * 400_000),
    end: sessionEnds[Math.floor(random() * 1.05 * random() * sessionEnds.length)] ?? 'closed',
  };
}

/** Sessions of one transaction. */
const batch = 500;

export async function seedPast(store: Store, asks: readonly PastAsk[]): Promise<void> {
  for (let from = 0; from < asks.length; from += batch) {
    const written = await store.commit(asks.slice(from, from + batch).map(pastAsk));
    if (!written.ok) throw new Error(written.message);
  }
}
