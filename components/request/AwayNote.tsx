'use client';

import type { ReactNode } from 'react';
import CirclePause from 'lucide-react/icons/circle-pause';
import Unplug from 'lucide-react/icons/unplug';
import { Note } from '@/components/ui/Note';
import { useNow } from '@/components/ui/use-now';
import { visibleText } from '@/components/ui/visible-text';
import { awayWords } from './away-words';
import type { RequestScreenProps } from './request-props';

type AwayNoteProps = Pick<RequestScreenProps, 'detail' | 'standstill' | 'clockOffsetMs'>;

/** What it needs is away or paused. */
export function AwayNote({ detail, standstill, clockOffsetMs }: AwayNoteProps): ReactNode {
  const now = useNow(clockOffsetMs);
  if (standstill === null) return null;
  const { title, means, why } = awayWords(detail.request, standstill, now);
  return (
    <Note icon={standstill.is === 'paused' ? CirclePause : Unplug} tone="person" live="status">
      <p className="medium">{visibleText(title)}</p>
      <p className="t2">
        {means}
        {why === null ? null : <> What we know: {visibleText(why)}</>}
      </p>
    </Note>
  );
}
