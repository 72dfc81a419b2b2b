import type { RequestKind } from '@/lib/domain/event';
import { ageWords } from '@/lib/domain/timeline/time-words';
import type { Risk } from '@/lib/domain/tool';
import type { NoticeContent } from './content';

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
  return `${happened(content, now)}: ${placeOf(content)}`;
}

export function placeOf({ server, tool }: NoticeContent): string {
  return tool === null ? server : `${server} · ${tool}`;
}

function happened({ kind, requestKind, team, by, deadlineAt }: NoticeContent, now: number): string {
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
  const { team, assignedTo, by } = content;
  const given = (name: string, value: string | null): readonly Fact[] => (value === null ? [] : [{ name, value }]);
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

/** "22 Nov, 14:36 (Europe/Berlin), in 12 min" */
export function deadlineWords(
  at: number,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): string {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const when = new Intl.DateTimeFormat('en-GB', { ...parts, hourCycle: 'h23', timeZone }).format(at);
  return `${when} (${timeZone}), ${at > now ? `in ${ageWords(at - now)}` : 'over'}`;
}
