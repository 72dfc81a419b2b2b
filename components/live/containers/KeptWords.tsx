'use client';

import { type ReactNode, useEffect } from 'react';
import type { AnswerAction } from '@/lib/domain/event';
import { useLive } from '../hooks';
import type { Draft } from '../state/drafts';

const under: { readonly [A in AnswerAction]: string } = {
  accept: 'accepting',
  decline: 'declining',
  cancel: 'dismissing',
};

/** What this browser holds of a request, in a word or two; null for what was only looked at. */
export function keptWords({ text, attempt }: Pick<Draft, 'text' | 'attempt'>): string | null {
  if (attempt === null) return text === null ? null : 'begun';
  return attempt.state === 'queued' ? 'sent when online' : under[attempt.order.action];
}

/** Tells the list, by request; only when a word of it changes, so that a letter typed draws no row anew. */
export function KeptWords({ onKept }: { readonly onKept: (kept: ReadonlyMap<string, string>) => void }): ReactNode {
  const drafts = useLive((state) => state.drafts);
  const said = [...drafts].flatMap(([id, draft]) => {
    const words = keptWords(draft);
    return words === null ? [] : [[id, words]];
  });
  const text = JSON.stringify(said);
  useEffect(() => onKept(new Map(JSON.parse(text) as readonly [string, string][])), [text, onKept]);
  return null;
}
