import { wholeAudit } from '@/lib/domain/audit-look';
import type {
  AgentId,
  CallId,
  ChoiceId,
  EndingId,
  PauseId,
  PersonId,
  RequestId,
  SessionId,
  TeamId,
} from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import { notNarrowed } from '@/lib/domain/session-query';
import type { Command, CommandType } from '@/lib/protocol/commands';
import { protocolVersion } from '@/lib/protocol/version';
import { operation } from '@/tests/engine/workplace';
import { plainAnswer } from '@/tests/support/desk';
import { lookAt, watchOpen } from '@/tests/support/looks';
import { serverCommands } from './server-commands';

type RequestCommand = Extract<CommandType, `request.${string}`>;

/** What somebody says about a request. */
export function aboutRequest(type: RequestCommand, { requestId, revision }: HoldRequest): Command {
  switch (type) {
    case 'request.note':
      return { type, requestId, text: 'Who is Ada?', mentions: [] };
    case 'request.reveal':
      return { type, requestId, path: '/far' };
    case 'request.look':
      return { type, requestId, typing: true };
    case 'request.assign':
      return { type, requestId, to: null };
    case 'request.draft':
      return { type, requestId, model: null, systemPrompt: null, messages: [] };
    case 'request.edit':
      return { type, requestId, revision, arguments: { far: false, more: 1 } };
    case 'request.answer':
      return {
        type,
        requestId,
        revision,
        operationId: operation(),
        action: 'decline',
        reason: null,
        content: null,
        ...plainAnswer,
      };
    default:
      return { type, requestId };
  }
}

const nobody = 'per_000000000000' as PersonId;
const agentId = 'agt_000000000000' as AgentId;
const teamId = 'no-such-team' as TeamId;
const keptMs = null;

/** What is masked, kept and revealed. */
const aboutKeeping: readonly Command[] = [
  { type: 'keeping.read' },
  { type: 'keeping.preview_masking', rules: [] },
  { type: 'keeping.save_masking', base: 99, rules: [] },
  {
    type: 'keeping.preview_purge',
    retention: { payloads: keptMs, raw: keptMs, events: keptMs, deliveries: keptMs, audit: keptMs },
  },
  {
    type: 'keeping.save_retention',
    base: 99,
    retention: { payloads: keptMs, raw: keptMs, events: keptMs, deliveries: keptMs, audit: keptMs },
  },
  { type: 'call.bodies', callId: 'call_000000000000' as CallId },
  {
    type: 'value.reveal',
    callId: 'call_000000000000' as CallId,
    of: 'result',
    requestId: null,
    path: '',
    reason: 'a customer asked',
  },
];
const times = { timeZone: 'UTC', quiet: null, digestMinutes: null };
const id = 'none';

/** Everything else that can be said, of things that do not exist wherever it would change something. */
export function aboutOthers(sessionId: SessionId): readonly Command[] {
  const missing = 'ses_000000000000' as SessionId;
  const call = {
    server: 'bank',
    trusted: true,
    tool: 'x',
    description: '',
    annotations: {},
    agent: 'a',
    owner: null,
    client: null,
    args: {},
  };
  return [
    { type: 'hello', version: protocolVersion },
    watchOpen,
    { type: 'queue.page', look: lookAt('open'), after: { at: 0, requestId: 'req_000000000000' as RequestId } },
    { type: 'queue.counts' },
    { type: 'sessions.watch', live: null, search: null, before: null },
    { type: 'sessions.counts', search: null, narrow: notNarrowed },
    { type: 'sessions.picks' },
    { type: 'overview.read', period: { is: 'last', days: 7 }, timeZone: 'UTC' },
    { type: 'audit.read', look: wholeAudit, side: { before: null }, limit: 100 },
    { type: 'session.watch', sessionId, afterSeq: 0 },
    { type: 'session.page', sessionId, place: { is: 'before', seq: 9 } },
    { type: 'session.find', sessionId, search: 'call', group: 'all' },
    { type: 'session.unwatch', sessionId },
    { type: 'session.raw', sessionId: missing, page: { is: 'newest' } },
    { type: 'session.preview_end', sessionId },
    { type: 'session.end', sessionId, reason: 'stuck' },
    { type: 'servers.list' },
    ...serverCommands,
    { type: 'agents.list' },
    { type: 'agents.create', name: 'another', servers: null, owner: null },
    { type: 'agents.revoke', agentId },
    { type: 'agents.set_owner', agentId, owner: null },
    { type: 'people.list' },
    { type: 'people.invite', email: 'new@example.com', role: 'observer' },
    { type: 'people.withdraw', invitationId: id },
    { type: 'people.set_role', personId: nobody, role: 'observer' },
    { type: 'people.disable', personId: nobody },
    { type: 'people.enable', personId: nobody },
    { type: 'people.reset', personId: nobody, tokens: 'revoke' },
    { type: 'teams.list' },
    { type: 'teams.create', teamId: 'ops' as TeamId, name: 'Ops' },
    { type: 'teams.rename', teamId, name: 'Other' },
    { type: 'teams.set_members', teamId, members: [] },
    { type: 'teams.remove', teamId },
    { type: 'rules.read' },
    { type: 'rules.version', version: 1 },
    { type: 'rules.check', rules: [] },
    { type: 'rules.save', base: 0, rules: [], note: null },
    { type: 'rules.try', rules: [], call },
    { type: 'rules.backtest', rules: [], days: 1 },
    { type: 'rules.import', text: '' },
    { type: 'rules.export' },
    { type: 'choices.list' },
    { type: 'choices.revoke', choiceId: 'chc_000000000000' as ChoiceId },
    { type: 'me.read' },
    { type: 'me.set_away', away: null },
    { type: 'me.save_views', views: [] },
    { type: 'me.create_token', name: 'more', expiresAt: null },
    { type: 'me.revoke_token', id },
    { type: 'notices.read' },
    { type: 'notices.save', preferences: { kinds: { desktop: [], email: [] }, ...times } },
    { type: 'notices.read_team', teamId },
    { type: 'notices.save_team', teamId, preferences: { kinds: { slack: [], webhook: [] }, ...times } },
    { type: 'notices.endpoints' },
    { type: 'notices.add_endpoint', kind: 'webhook', team: null, url: 'not a url', kinds: [] },
    { type: 'notices.remove_endpoint', id },
    { type: 'notices.enable_endpoint', id },
    { type: 'notices.test', to: 'desktop' },
    { type: 'notices.log', before: null },
    { type: 'sessions.preview_end', selection: { sessionIds: [missing], live: null, search: null, narrow: null } },
    {
      type: 'sessions.end',
      selection: { sessionIds: [missing], live: null, search: null, narrow: null },
      sessions: [{ sessionId: missing, print: 'x' }],
      reason: 'stuck',
      whenChanged: 'leave',
    },
    { type: 'sessions.endings', before: null },
    { type: 'sessions.ending', endingId: 'end_000000000000' as EndingId, look: { show: 'all', from: 0 } },
    { type: 'sessions.stop_ending', endingId: 'end_000000000000' as EndingId },
    { type: 'session.force_end', sessionId: missing },
    { type: 'call.cancel', sessionId: missing, callId: 'call_000000000000' as CallId, reason: 'stuck' },
    { type: 'pauses.list' },
    { type: 'pauses.set', target: { kind: 'server', server: 'no-such-server' }, reason: 'late', untilAt: null },
    { type: 'pauses.lift', pauseId: 'pse_000000000000' as PauseId },
    ...aboutKeeping,
  ];
}
