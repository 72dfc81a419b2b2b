import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import type { AgentId, SessionId } from '@/lib/domain/ids';
import { daysOf, type Period } from '@/lib/domain/overview/period';
import { notNarrowed, type SessionNarrowing } from '@/lib/domain/session-query';
import type { Command } from '@/lib/protocol/commands';
import type { SessionQuery } from '@/server/engine/ports/store';
import { type Loaded, rareName, rareServer } from './past-load';
import type { OpenedStore } from './saved';

/** One thing people ask about the past: as their page says it, and as it then comes to the store. */
export interface PastQuestion {
  readonly command: Command;
  readonly read: (opened: OpenedStore) => Promise<unknown>;
}

/** What the questions speak of. */
export interface Past extends Loaded {
  readonly fromAt: number;
  readonly untilAt: number;
}

const dayMs = 86_400_000;
const timeZone = 'Asia/Kolkata';
/** What the gateway and the audit log read for a page. */
const sessionsRead = 51;
const entriesRead = 100;
/** Entries of the last page of the audit log. */
const lastEntries = 60;
const agentId = 'agt_cost-janitor' as AgentId;
const rareAgentId = `agt_${rareName}` as AgentId;
const nobody = 'nobody is called so';

export type PastQuestions = ReadonlyMap<string, PastQuestion>;

export function questionsOf(past: Past): PastQuestions {
  return new Map([
    ...listQuestions(past),
    ...sessionCountQuestions(past),
    ...overviewQuestions(past),
    ...auditQuestions(past),
  ]);
}

type Named = readonly [string, PastQuestion];

function listQuestions({ fromAt, untilAt, places }: Past): readonly Named[] {
  const at = (share: number): number => Math.round(fromAt + (untilAt - fromAt) * share);
  const week = { startedFrom: at(0.5), startedBefore: at(0.5) + 7 * dayMs };
  const { middle, end } = places;
  return [
    ['list', list({})],
    ['list_middle', list({ before: middle })],
    ['list_end', list({ before: end })],
    ['list_live', list({ live: true })],
    ['list_over', list({ live: false })],
    ['list_over_end', list({ live: false, before: end })],
    ['agent', list({ narrow: { agentId } })],
    ['agent_end', list({ narrow: { agentId }, before: end })],
    ['agent_rare', list({ narrow: { agentId: rareAgentId } })],
    ['agent_nobody', list({ narrow: { agentId: 'agt_nobody' as AgentId } })],
    ['server', list({ narrow: { server: 'payments' } })],
    ['server_end', list({ narrow: { server: 'payments' }, before: end })],
    ['server_ends', list({ narrow: { server: 'payments', ends: ['lost'] } })],
    ['server_rare', list({ narrow: { server: rareServer } })],
    ['ends', list({ narrow: { ends: ['lost'] } })],
    ['ends_two', list({ narrow: { ends: ['lost', 'terminated'] }, before: middle })],
    ['dates', list({ narrow: week })],
    ['agent_server', list({ narrow: { agentId, server: 'payments' } })],
    ['agent_server_none', list({ narrow: { agentId: rareAgentId, server: 'payments' } })],
    ['agent_rare_ends', list({ narrow: { agentId: rareAgentId, ends: ['closed'] } })],
    ['server_rare_ends', list({ narrow: { server: rareServer, ends: ['closed'] } })],
    ['agent_server_ends_dates', list({ narrow: { agentId, server: 'payments', ends: ['lost'], ...week } })],
    ['search_frequent', list({ search: 'oncall' })],
    ['search_frequent_end', list({ search: 'oncall', before: end })],
    ['search_rare', list({ search: rareServer })],
    ['search_nothing', list({ search: nobody })],
    ['search_agent_ends', list({ search: 'cluster', narrow: { agentId, ends: ['lost'] } })],
    ['search_rare_agent', list({ search: 'cluster', narrow: { agentId: rareAgentId } })],
    ['search_rare_server', list({ search: 'oncall', narrow: { server: rareServer } })],
    ['search_dates', list({ search: rareServer, narrow: week })],
  ];
}

interface ListLook {
  readonly live?: boolean;
  readonly search?: string;
  readonly narrow?: Partial<SessionNarrowing>;
  readonly before?: SessionQuery['before'];
}

function list(look: ListLook): PastQuestion {
  const { live = null, search = null, before = null } = look;
  const narrow = { ...notNarrowed, ...look.narrow };
  const query = { live, search, narrow, before };
  return {
    command: { type: 'sessions.watch', ...query },
    read: ({ store }) => store.sessions({ ...query, limit: sessionsRead }),
  };
}

function sessionCountQuestions({ fromAt, untilAt }: Past): readonly Named[] {
  const middle = Math.round((fromAt + untilAt) / 2);
  const picks: PastQuestion = { command: { type: 'sessions.picks' }, read: ({ store }) => store.sessionPicks() };
  return [
    ['counts', counts({})],
    ['counts_agent', counts({ narrow: { agentId } })],
    ['counts_rare', counts({ narrow: { agentId: rareAgentId } })],
    ['counts_server', counts({ narrow: { server: 'payments' } })],
    ['counts_server_rare', counts({ narrow: { server: rareServer } })],
    ['counts_agent_server', counts({ narrow: { agentId: rareAgentId, server: 'payments' } })],
    ['counts_dates', counts({ narrow: { startedBefore: middle } })],
    ['counts_search', counts({ search: 'oncall' })],
    ['counts_search_nothing', counts({ search: nobody })],
    ['picks', picks],
  ];
}

function counts({
  search,
  narrow,
}: {
  readonly search?: string;
  readonly narrow?: Partial<SessionNarrowing>;
}): PastQuestion {
  const query = { search: search ?? null, narrow: { ...notNarrowed, ...narrow } };
  return { command: { type: 'sessions.counts', ...query }, read: ({ store }) => store.sessionEnds(query) };
}

function overviewQuestions({ fromAt, untilAt }: Past): readonly Named[] {
  const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return [
    ['overview_7_days', overview({ is: 'last', days: 7 })],
    ['overview_30_days', overview({ is: 'last', days: 30 })],
    ['overview_90_days', overview({ is: 'dates', from: date(fromAt + dayMs), until: date(untilAt) })],
  ];
}

/** At the store: the sums of the period, of the one before it, and of each day, as the overview reads them. */
function overview(period: Period): PastQuestion {
  return {
    command: { type: 'overview.read', period, timeZone },
    read({ store }) {
      const days = daysOf(period, { timeZone, now: Date.now() });
      const [fromAt, untilAt] = [days[0]?.fromAt ?? 0, days.at(-1)?.untilAt ?? 0];
      return Promise.all([
        store.tallies({ fromAt, untilAt }),
        store.tallies({ fromAt: fromAt - (untilAt - fromAt), untilAt: fromAt }),
        store.tallyTotals(days),
      ]);
    },
  };
}

function auditQuestions({ fromAt, untilAt, entries, ids }: Past): readonly Named[] {
  const week = { fromAt: Math.round((fromAt + untilAt) / 2), toAt: Math.round((fromAt + untilAt) / 2) + 7 * dayMs };
  const wide = { fromAt: fromAt + 7 * dayMs, toAt: untilAt - dayMs };
  const who = 'per_bench';
  const session = ids[Math.floor(ids.length / 2)] ?? ('ses_000000000000' as SessionId);
  return [
    ['audit', audit({})],
    ['audit_middle', audit({}, Math.max(2, Math.floor(entries / 2)))],
    ['audit_end', audit({}, lastEntries)],
    ['audit_act', audit({ act: 'session.ended' })],
    ['audit_act_rare', audit({ act: 'person.joined' })],
    ['audit_act_none', audit({ act: 'masking.saved' })],
    ['audit_who', audit({ who })],
    ['audit_who_nobody', audit({ who: 'per_nobody' })],
    ['audit_about', audit({ about: session })],
    ['audit_about_nothing', audit({ about: 'ses_000000000000' })],
    ['audit_dates', audit(week)],
    ['audit_dates_wide', audit(wide)],
    ['audit_dates_wide_who', audit({ ...wide, who })],
    ['audit_dates_none', audit({ fromAt: 0, toAt: 1 })],
    ['audit_dates_act', audit({ ...week, act: 'request.expired' })],
    ['audit_dates_act_none', audit({ ...week, act: 'masking.saved' })],
    ['audit_dates_who', audit({ ...week, who })],
    ['audit_dates_who_nobody', audit({ ...week, who: 'per_nobody' })],
    ['audit_dates_who_act', audit({ ...week, who, act: 'session.ended' })],
    ['audit_act_who', audit({ act: 'session.ended', who })],
    ['audit_act_who_apart', audit({ act: 'call.allowed', who })],
    ['audit_act_who_none', audit({ act: 'request.answered', who: rareAgentId })],
    ['audit_search_frequent', audit({ text: 'payments' })],
    ['audit_search_nothing', audit({ text: nobody })],
    ['audit_search_dates', audit({ ...week, text: 'payments' })],
    ['audit_search_act', audit({ act: 'session.ended', text: rareName })],
  ];
}

function audit(narrow: Partial<AuditLook>, before: number | null = null): PastQuestion {
  const look = { ...wholeAudit, ...narrow };
  return {
    command: { type: 'audit.read', look, side: { before }, limit: entriesRead },
    read: ({ audit: trail }) => trail.page(look, { before, limit: entriesRead }),
  };
}
