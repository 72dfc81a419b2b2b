import { setTimeout as pause } from 'node:timers/promises';
import type { AgentId } from '@/lib/domain/ids';
import { notNarrowed, type SessionNarrowing } from '@/lib/domain/session-query';
import type { Command } from '@/lib/protocol/commands';
import { percentile } from './statistics';
import { OpenWindow, type Seat } from './window';

/** What people ask about the past, each as one command over a socket. */
export const sessionQuestions = [
  'list',
  'list_deep',
  'filter_agent',
  'filter_server',
  'filter_end',
  'filter_all',
  'search_common',
  'search_nothing',
  'search_filtered',
  'counts',
  'counts_search',
  'picks',
  'overview_7_days',
  'overview_30_days',
  'overview_92_days',
] as const;
export type SessionQuestion = (typeof sessionQuestions)[number];

export interface QuestionTimes {
  readonly p50Ms: number;
  readonly p98Ms: number;
}

/** A window may say 50 commands a second. */
const betweenMs = 25;

/** Where the past lies, for questions that go into its middle. */
export interface Past {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** How long each takes, there and back. */
export async function timeQuestions(
  seat: Seat,
  { past, times }: { readonly past: Past; readonly times: number },
): Promise<Readonly<Record<SessionQuestion, QuestionTimes>>> {
  const window = await OpenWindow.open(seat);
  const commands = commandsOf(past);
  const measured: Partial<Record<SessionQuestion, QuestionTimes>> = {};
  for (const question of sessionQuestions) {
    const taken: number[] = [];
    // The first time the database reads its pages from the disk.
    await window.say(commands[question]);
    for (let turn = 0; turn < times; turn += 1) {
      const beganAt = performance.now();
      await window.say(commands[question]);
      taken.push(performance.now() - beganAt);
      await pause(betweenMs);
    }
    measured[question] = { p50Ms: percentile(taken, 0.5), p98Ms: percentile(taken, 0.98) };
  }
  window.close();
  return measured as Record<SessionQuestion, QuestionTimes>;
}

function commandsOf({ fromAt, untilAt }: Past): Readonly<Record<SessionQuestion, Command>> {
  const list = (narrow: Partial<SessionNarrowing>, search: string | null = null): Command => ({
    type: 'sessions.watch',
    live: null,
    search,
    narrow: { ...notNarrowed, ...narrow },
    before: null,
  });
  const middle = { startedAt: Math.round((fromAt + untilAt) / 2), sessionId: 'ses_000000000000' as never };
  const agentId = 'agt_cost-janitor' as AgentId;
  const overview = (period: { readonly from: string; readonly until: string } | 7 | 30): Command => ({
    type: 'overview.read',
    period: typeof period === 'number' ? { is: 'last', days: period } : { is: 'dates', ...period },
    timeZone: 'Asia/Kolkata',
  });
  const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return {
    list: list({}),
    list_deep: { type: 'sessions.watch', live: null, search: null, before: middle },
    filter_agent: list({ agentId }),
    filter_server: list({ server: 'payments' }),
    filter_end: list({ ends: ['lost'] }),
    filter_all: list({ agentId, server: 'payments', ends: ['lost'], startedBefore: middle.startedAt }),
    search_common: list({}, 'oncall'),
    search_nothing: list({}, 'nobody is called so'),
    search_filtered: list({ agentId, ends: ['lost'] }, 'cluster'),
    counts: { type: 'sessions.counts', search: null, narrow: notNarrowed },
    counts_search: { type: 'sessions.counts', search: 'nobody is called so', narrow: notNarrowed },
    picks: { type: 'sessions.picks' },
    overview_7_days: overview(7),
    overview_30_days: overview(30),
    overview_92_days: overview({ from: date(untilAt - 90 * 86_400_000), until: date(untilAt) }),
  };
}
