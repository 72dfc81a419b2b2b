'use client';

import type { ReactNode } from 'react';
import ListChecks from 'lucide-react/icons/list-checks';
import { Button } from '@/components/ui/Button';
import { useKeys } from '@/components/ui/use-keys';
import { togetherWords } from './together-words';
import { queueKeys } from '../queue-keys';

export interface BulkBarProps {
  readonly count: number;
  readonly most: number;
  readonly onAnswer: () => void;
  readonly onNone: () => void;
}

/** What can be done with the selected requests. */
export function BulkBar({ count, most, onAnswer, onNone }: BulkBarProps): ReactNode {
  useKeys([{ ...queueKeys.together, guard: 'free', run: onAnswer }], 'bulk');
  return (
    <div className="q-bulk" role="region" aria-label="Selected requests">
      <span className="grow">
        <b className="medium num">{count}</b> selected
        {count === most ? <span className="meta"> · {most} at most</span> : null}
      </span>
      <Button size="sm" look="ghost" hint="Esc" onClick={onNone}>
        None
      </Button>
      <Button size="sm" look="primary" icon={ListChecks} hint="B" onClick={onAnswer}>
        {togetherWords(count)}
      </Button>
    </div>
  );
}
