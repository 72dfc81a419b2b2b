import type { RequestKind } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { isSecretKey, maskJson, masked, maskText } from '@/lib/domain/mask';
import type { NoticeKind } from '@/lib/domain/notice';
import type { Risk } from '@/lib/domain/tool';
import type { NoticeSubject } from '../ports';
import { oneLine } from './one-line';

/** All that a notice may say (I14): names, times, and the fields a rule marked as safe. */
export interface NoticeContent {
  readonly kind: NoticeKind;
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

const longestName = 80;
const longestValue = 100;
const mostSafeFields = 10;

/** Names are chosen by others: each becomes one visible line of bounded length before it is kept or sent. */
export function contentOf(
  kind: NoticeKind,
  subject: NoticeSubject,
  { by, team }: { readonly by: string | null; readonly team: string | null },
): NoticeContent {
  const name = (text: string): string => oneLine(maskText(text), longestName);
  const nameOrNull = (text: string | null): string | null => (text === null ? null : name(text));
  return {
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

/** A body as `add` wrote it. */
export function readContent(body: string): NoticeContent {
  return JSON.parse(body) as NoticeContent;
}
