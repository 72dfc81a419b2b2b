'use client';

import type { ReactNode } from 'react';
import Undo from 'lucide-react/icons/undo-2';
import { Button } from '@/components/ui/Button';
import { useKeys } from '@/components/ui/use-keys';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { PendingAnswer, RequestScreenProps } from './request-props';
import { actionSending, useSecondsLeft } from './seconds-left';

/** Answers to requests that are no longer on screen, while they can still be undone. */
export function PendingUndo({ pending, onUnqueue }: Pick<RequestScreenProps, 'pending' | 'onUnqueue'>): ReactNode {
  const last = pending[pending.length - 1];
  useKeys(
    last === undefined
      ? []
      : [{ keys: 'u', words: 'Undo the last answer', guard: 'free', run: () => onUnqueue(last.requestId) }],
    'pending',
  );
  if (last === undefined) return null;
  return (
    <ul className="a-pending" aria-label="Answers that can still be undone">
      {pending.map((one) => (
        <Row key={one.requestId} pending={one} hint={one === last ? 'U' : undefined} onUnqueue={onUnqueue} />
      ))}
    </ul>
  );
}

function Row({
  pending,
  hint,
  onUnqueue,
}: {
  readonly pending: PendingAnswer;
  readonly hint: string | undefined;
  readonly onUnqueue: RequestScreenProps['onUnqueue'];
}): ReactNode {
  const left = useSecondsLeft(pending.untilAt);
  return (
    <li className="float">
      <span className="grow cut">
        {actionSending[pending.action]} of <b className="medium">{plainLine(pending.title)}</b>
      </span>
      <span className="meta num" aria-hidden="true">
        in {left} s
      </span>
      <Button size="sm" icon={Undo} hint={hint} onClick={() => onUnqueue(pending.requestId)}>
        Undo
      </Button>
    </li>
  );
}
