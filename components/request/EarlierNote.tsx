'use client';

import { type ReactNode, useMemo } from 'react';
import History from 'lucide-react/icons/history';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { plainLine } from '@/lib/domain/form/plain-text';
import { type EarlierOffer, earlierOffer, withEarlier, withoutEarlier } from './earlier';
import { closedBecause } from './readiness';
import type { RequestScreenProps } from './request-props';
import { firstName } from './words';

export type EarlierNoteProps = Pick<RequestScreenProps, 'detail' | 'draft' | 'onDraft' | 'clockOffsetMs'>;

/** Says whose earlier answer fills the form, and takes it out again. It is sent only by the person's own hand (I4). */
export function EarlierNote({ detail, draft, onDraft, clockOffsetMs }: EarlierNoteProps): ReactNode {
  const now = useNow(clockOffsetMs);
  const offer = useMemo(() => earlierOffer(detail, draft), [detail, draft]);
  if (offer === null) return null;
  const canAnswer = closedBecause(detail) === null;
  return (
    <Note icon={History} tone={offer.use === 'offered' ? 'accent' : 'plain'}>
      <div className="row wrap r-earlier">
        <p className="grow">
          <span className="medium num">
            Answered before by {firstName(offer.by)} at {clockTimeFrom(offer.savedAt, now)}
          </span>
          , on the run that was interrupted. {offerWords(offer)}
        </p>
        {!canAnswer || offer.use === 'own' ? null : offer.use === 'offered' ? (
          <Button size="sm" onClick={() => onDraft(withoutEarlier(draft))}>
            Clear
          </Button>
        ) : (
          <Button size="sm" onClick={() => onDraft(withEarlier(draft))}>
            Fill it in
          </Button>
        )}
      </div>
    </Note>
  );
}

function offerWords({ use, left, masked }: EarlierOffer): string {
  if (use === 'own') return 'What you typed yourself is shown.';
  if (use === 'cleared') return 'It is not filled in.';
  return `Check, then send.${notFilled(left, 'this form has no place for')}${notFilled(masked, 'a rule masks')}`;
}

function notFilled(names: readonly string[], why: string): string {
  if (names.length === 0) return '';
  return ` Not filled in, since ${why} ${names.length === 1 ? 'it' : 'them'}: ${names.map(plainLine).join(', ')}.`;
}
