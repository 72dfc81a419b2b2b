import type { LucideIcon } from 'lucide-react';
import Link2 from 'lucide-react/icons/link';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import ShieldCheck from 'lucide-react/icons/shield-check';
import Sparkle from 'lucide-react/icons/sparkle';
import SquareText from 'lucide-react/icons/square-text';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { AnswerAction, RequestKind } from '@/lib/domain/event';
import type { HoldRequest } from '@/lib/domain/request';
import type { Risk } from '@/lib/domain/tool';

export const kindNames: { readonly [K in RequestKind]: string } = {
  form: 'Question',
  url: 'Link',
  approval: 'Approval',
  sampling: 'Model reply',
  recovery: 'Recovery',
};

export const kindIcons: { readonly [K in RequestKind]: LucideIcon } = {
  form: SquareText,
  url: Link2,
  approval: ShieldCheck,
  sampling: Sparkle,
  recovery: RotateCcw,
};

export const riskNames: { readonly [R in Risk]: string } = {
  read_only: 'read-only',
  writes: 'writes',
  destructive: 'destructive',
};

/** Where something may destroy only because its server does not say what it does. */
export const unsaidRisk = 'unknown, treated as destructive';

/** What a request asks, in one line. A recovery is named by its tool; the question is ours. */
export function titleWords({ kind, title }: Pick<HoldRequest, 'kind' | 'title'>): string {
  const line = plainLine(title);
  return kind === 'recovery' ? `Run again? ${line}` : line;
}

export const actionDone: { readonly [A in AnswerAction]: string } = {
  accept: 'accepted',
  decline: 'declined',
  cancel: 'dismissed',
};

/** What an answer did, in a word. A recovery that was accepted was decided one way or the other. */
export function doneWords({ kind }: Pick<HoldRequest, 'kind'>, action: AnswerAction): string {
  if (kind !== 'recovery') return actionDone[action];
  return { accept: 'decided', decline: 'given up', cancel: 'dismissed' }[action];
}

/** How a request ended, in a word or two; null while it is open. */
export function outcomeWords(request: HoldRequest): string | null {
  switch (request.state) {
    case 'open':
      return null;
    case 'expired':
      return 'no one answered';
    case 'withdrawn':
      return 'withdrawn';
    case 'undelivered':
      return 'did not arrive';
    case 'answered':
    case 'delivered':
      return doneWords(request, request.answer.action);
  }
}

/** The first word of a name, for short sentences. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] || name;
}

/** The title when the engine's own is missing its subject. */
export function shortId(id: string): string {
  return id.replace(/^([a-z]+_.{6}).*$/, '$1');
}
