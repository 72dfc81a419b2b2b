import type { RequestKind } from '@/lib/domain/event';
import type { Alarm } from '@/lib/domain/alarm';
import type { CallId, RequestId, SessionId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { isSecretKey, maskJson, masked, maskText } from '@/lib/domain/mask';
import type { CallNoticeKind, RequestNoticeKind } from '@/lib/domain/notice';
import { usualWords } from '@/lib/domain/timeline/verdict-words';
import type { Risk } from '@/lib/domain/tool';
import type { CallSubject, NoticeSubject } from '../ports';
import { oneLine } from './one-line';

/** All that a notice may say (I14): names and times, and of a request the fields a rule marked as safe. */
export type NoticeContent = RequestContent | CallContent;

export interface RequestContent {
  readonly about: 'request';
  readonly kind: RequestNoticeKind;
  readonly requestId: RequestId;
  readonly requestKind: RequestKind;
  readonly server: string;
  readonly tool: string | null;
  readonly agent: string;
  readonly risk: Risk;
  readonly team: string | null;
  readonly assignedTo: string | null;
  /** The person whose doing it was. */
  readonly by: string | null;
  readonly deadlineAt: number;
  readonly safe: readonly { readonly name: string; readonly value: string }[];
}

export interface CallContent {
  readonly about: 'call';
  readonly kind: CallNoticeKind;
  readonly callId: CallId;
  readonly sessionId: SessionId;
  readonly server: string;
  readonly tool: string;
  readonly agent: string;
  readonly risk: Risk;
  readonly team: string | null;
  /** Of one that stalled: its last sign of life. */
  readonly quietSinceAt: number | null;
  /** What is usual for its tool, in words; null when that is not known. */
  readonly usual: string | null;
  /** Of one with little time left: when it ends, and who says so. */
  readonly limit: { readonly at: number; readonly reason: string } | null;
}

const longestName = 80;
const longestValue = 100;
const mostSafeFields = 10;

/** Names are chosen by others: each becomes one visible line of bounded length before it is kept or sent. */
export function contentOf(
  kind: RequestNoticeKind,
  subject: NoticeSubject,
  { by, team }: { readonly by: string | null; readonly team: string | null },
): RequestContent {
  return {
    about: 'request',
    kind,
    requestId: subject.requestId,
    requestKind: subject.kind,
    server: name(subject.server),
    tool: nameOrNull(subject.tool),
    agent: name(subject.agent),
    risk: subject.risk,
    team: nameOrNull(team ?? subject.team?.name ?? null),
    assignedTo: nameOrNull(subject.assignedTo?.name ?? null),
    by: nameOrNull(by),
    deadlineAt: subject.deadlineAt,
    safe: subject.safe.slice(0, mostSafeFields).map((field) => ({
      name: name(field.name),
      value: isSecretKey(lastStep(field.name)) ? masked : oneLine(maskText(withoutSecrets(field.value)), longestValue),
    })),
  };
}

export function callContentOf(alarm: Alarm, subject: CallSubject): CallContent {
  const { callId, sessionId, server, tool, agent, risk, team, underWay } = subject;
  return {
    about: 'call',
    kind: alarm.kind,
    callId,
    sessionId,
    server: name(server),
    tool: name(tool),
    agent: name(agent),
    risk,
    team: nameOrNull(team?.name ?? null),
    quietSinceAt: alarm.kind === 'stalled' ? alarm.quietSinceAt : null,
    usual: underWay === null ? null : usualWords(underWay.pace),
    limit: alarm.kind === 'stalled' ? null : { at: alarm.limit.at, reason: name(alarm.limit.reason) },
  };
}

function name(text: string): string {
  return oneLine(maskText(text), longestName);
}

function nameOrNull(text: string | null): string | null {
  return text === null ? null : name(text);
}

/** Where a notice leads; a path of ours. */
export function pathOf(content: NoticeContent): string {
  return content.about === 'request' ? `/queue/${content.requestId}` : `/sessions/${content.sessionId}`;
}

/** An object or a list that was marked as a whole may hold secrets under names of its own. */
function withoutSecrets(value: string): string {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(maskJson(JSON.parse(value) as Json));
  } catch {
    return value;
  }
}

function lastStep(pointer: string): string {
  return pointer.split('/').at(-1) ?? pointer;
}

/** A body as `add` wrote it; those of an earlier release were all about requests. */
export function readContent(body: string): NoticeContent {
  const content = JSON.parse(body) as NoticeContent | Omit<RequestContent, 'about'>;
  return 'about' in content ? content : { about: 'request', ...content };
}
