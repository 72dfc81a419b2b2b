import type { SessionEvent } from '@/lib/domain/event';
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
  const session = { ...plain.session, end: ask.end, endedAt: ask.at + ask.workMs } as (typeof plain)['session'];
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

/** Requests of the days before `now`, busier on some days than on others; the same for the same numbers. */
export function pastAsks(days: number, now: number): readonly PastAsk[] {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  return Array.from({ length: days }, (_, back) => {
    const many = [80, 112, 95, 24, 19, 118, 99][back % 7] ?? 50;
    return Array.from({ length: back === 0 ? Math.ceil(many / 3) : many }, (): PastAsk => {
      const place = places[Math.floor(random() * places.length)] ?? places[0];
      const became = random() < 0.04 * (many < 30 ? 5 : 1) ? 'expired' : random() < 0.1 ? 'decline' : 'accept';
      const tookMs =
        became === 'expired'
          ? 1_200_000
          : Math.round(place.slowness * 60_000 * 2 ** ((random() + random() + random() - 1.5) * 5));
      return {
        at: Math.round(now - back * dayMs - random() * dayMs * (back === 0 ? 0.02 : 0.6)),
        server: place.server,
        tool: place.tool,
        team: place.team,
        agent: agents[Math.floor(random() * agents.length)] ?? 'oncall-copilot',
        tookMs,
        became,
        workMs: Math.round(random() * 400_000),
        end: sessionEnds[Math.floor(random() * 1.05 * random() * sessionEnds.length)] ?? 'closed',
      };
    });
  }).flat();
}

export async function seedPast(store: Store, asks: readonly PastAsk[]): Promise<void> {
  const commits = asks.map(pastAsk);
  for (let from = 0; from < commits.length; from += 200) {
    const written = await store.commit(commits.slice(from, from + 200));
    if (!written.ok) throw new Error(written.message);
  }
}
