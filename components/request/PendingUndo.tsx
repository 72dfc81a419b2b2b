'use client';

import type { ReactNode } from 'react';
import Undo from 'lucide-react/icons/undo-2';
import { Button } from '@/components/ui/Button';
import { useKeys } from '@/components/ui/use-keys';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { PendingAnswer, RequestScreenProps } from './request-props';
import { actionSending, useSecondsLeft } from './seconds-left';

/** More than these are counted. */
const rowsMost = 3;

type PendingUndoProps = Pick<RequestScreenProps, 'pending' | 'lastUnsent' | 'onUnqueue'>;

/** Answers to requests that are no longer on screen, of which no byte was sent: they can be taken back. */
export function PendingUndo({ pending, lastUnsent, onUnqueue }: PendingUndoProps): ReactNode {
  const last = pending.find(({ requestId }) => requestId === lastUnsent);
  useKeys(
    last === undefined
      ? []
      : [{ keys: 'u', words: 'Undo the last answer', guard: 'free', run: () => onUnqueue(last.requestId) }],
    'pending',
  );
  if (pending.length === 0) return null;
  const more = pending.length - rowsMost;
  return (
    <ul className="a-pending" aria-label="Answers that can still be undone">
      {more > 0 ? <li className="meta">{more} more to be sent</li> : null}
      {pending.slice(-rowsMost).map((one) => (
        <Row key={one.requestId} pending={one} hint={one === last ? 'U' : undefined} onUnqueue={onUnqueue} />
      ))}
    </ul>
  );
}

interface RowProps {
  readonly pending: PendingAnswer;
  readonly hint: string | undefined;
  readonly onUnqueue: RequestScreenProps['onUnqueue'];
}

function Row({ pending, hint, onUnqueue }: RowProps): ReactNode {
  const { untilAt } = pending;
  return (
    <li>
      <span className="grow cut">
        {actionSending[pending.action]} of <b className="medium">{plainLine(pending.title)}</b>
      </span>
      {untilAt === null ? <span className="meta">sent when online</span> : <Left untilAt={untilAt} />}
      <Button size="sm" icon={Undo} hint={hint} onClick={() => onUnqueue(pending.requestId)}>
        {untilAt === null ? 'Take back' : 'Undo'}
      </Button>
    </li>
  );
}

function Left({ untilAt }: { readonly untilAt: number }): ReactNode {
  return (
    <span className="meta num" aria-hidden="true">
      in {useSecondsLeft(untilAt)} s
    </span>
  );
}
