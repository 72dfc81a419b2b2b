import type { RequestKind } from '@/lib/domain/event';
import { ageWords, spanWords } from '@/lib/domain/timeline/time-words';
import type { Risk } from '@/lib/domain/tool';
import type { CallContent, NoticeContent, RequestContent } from './content';

const requestWords: { readonly [K in RequestKind]: string } = {
  approval: 'approval',
  form: 'question',
  url: 'page to open',
  sampling: 'model reply',
  recovery: 'decision about an interrupted call',
};

const riskWords: { readonly [R in Risk]: string } = {
  read_only: 'read only',
  writes: 'writes',
  destructive: 'may destroy',
};

/** One line: what happened and where. */
export function titleOf(content: NoticeContent, now: number): string {
  const what = content.about === 'request' ? happened(content, now) : happenedToCall(content, now);
  return `${what}: ${placeOf(content)}`;
}

function happenedToCall({ quietSinceAt, limit }: CallContent, now: number): string {
  if (quietSinceAt !== null) return `Server stalled, quiet for ${spanWords(now - quietSinceAt)}`;
  return limit === null || limit.at <= now ? 'The time of a call is up' : `A call ends in ${ageWords(limit.at - now)}`;
}

export function placeOf({ server, tool }: Pick<NoticeContent, 'server' | 'tool'>): string {
  return tool === null ? server : `${server} · ${tool}`;
}

function happened({ kind, requestKind, team, by, deadlineAt }: RequestContent, now: number): string {
  const what = requestWords[requestKind];
  switch (kind) {
    case 'opened':
      return `${what.charAt(0).toUpperCase()}${what.slice(1)} waits`;
    case 'expiring':
      return deadlineAt > now ? `${ageWords(deadlineAt - now)} left` : 'Time is up';
    case 'escalated':
      return team === null ? 'Escalated' : `Escalated to ${team}`;
    case 'assigned':
      return by === null ? 'Assigned to you' : `${by} assigned this to you`;
    case 'mentioned':
      return by === null ? 'You were mentioned' : `${by} mentioned you`;
    case 'expired':
      return 'Nobody answered in time';
    case 'undelivered':
      return 'Your answer was not delivered';
  }
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The rest, one fact a line. */
export function factsOf(
  content: NoticeContent,
  look: { readonly now: number; readonly timeZone: string },
): readonly Fact[] {
  if (content.about === 'call') return callFacts(content, look);
  const { team, assignedTo, by } = content;
  return [
    { name: 'Request', value: requestWords[content.requestKind] },
    { name: 'Server', value: content.server },
    ...given('Tool', content.tool),
    { name: 'Agent', value: content.agent },
    { name: 'Risk', value: riskWords[content.risk] },
    ...given('Team', team),
    ...given('Assigned to', assignedTo),
    ...given('By', by),
    { name: 'Deadline', value: deadlineWords(content.deadlineAt, look) },
    ...content.safe,
  ];
}

function given(name: string, value: string | null): readonly Fact[] {
  return value === null ? [] : [{ name, value }];
}

function callFacts(content: CallContent, look: { readonly now: number; readonly timeZone: string }): readonly Fact[] {
  const { server, tool, agent, risk, team, quietSinceAt, usual, limit } = content;
  return [
    { name: 'Server', value: server },
    { name: 'Tool', value: tool },
    { name: 'Agent', value: agent },
    { name: 'Risk', value: riskWords[risk] },
    ...given('Team', team),
    ...given('Last heard from', quietSinceAt === null ? null : `${spanWords(look.now - quietSinceAt)} ago`),
    ...given('Usual', usual),
    ...given('Ends', limit === null ? null : deadlineWords(limit.at, look)),
    ...given('Because', limit?.reason ?? null),
  ];
}

/** "22 Nov, 14:36 (Europe/Berlin), in 12 min" */
export function deadlineWords(
  at: number,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): string {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const when = new Intl.DateTimeFormat('en-GB', { ...parts, hourCycle: 'h23', timeZone }).format(at);
  return `${when} (${timeZone}), ${at > now ? `in ${ageWords(at - now)}` : 'over'}`;
}
