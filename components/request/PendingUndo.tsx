'use client';

import { type ReactNode, useEffect, useState } from 'react';
import Undo from 'lucide-react/icons/undo-2';
import { Button } from '@/components/ui/Button';
import { useKeys } from '@/components/ui/use-keys';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { PendingAnswer, RequestScreenProps } from './request-props';
import { actionSending, useSecondsLeft } from './seconds-left';
import { requestKeys } from './request-keys';

/** More than these are counted. */
const rowsMost = 3;
const toldMs = 5_000;

type PendingUndoProps = Pick<RequestScreenProps, 'pending' | 'lastUnsent' | 'onUnqueue'>;

/** Answers to requests that are no longer on screen, of which no byte was sent: they can be taken back. */
export function PendingUndo({ pending, lastUnsent, onUnqueue }: PendingUndoProps): ReactNode {
  const [undone, setUndone] = useUndone();
  const undo = (one: PendingAnswer): void => {
    onUnqueue(one.requestId);
    setUndone(one);
  };
  const last = pending.find(({ requestId }) => requestId === lastUnsent);
  useKeys(last === undefined ? [] : [{ ...requestKeys.undoLast, guard: 'free', run: () => undo(last) }], 'pending');
  if (pending.length === 0 && undone === null) return null;
  const more = pending.length - rowsMost;
  return (
    <ul className="a-pending" aria-label="Answers that can still be undone">
      {more > 0 ? <li className="meta">{more} more to be sent</li> : null}
      {pending.slice(-rowsMost).map((one) => (
        <Row key={one.requestId} pending={one} hint={one === last ? 'U' : undefined} onUndo={() => undo(one)} />
      ))}
      {undone === null ? null : (
        <li role="status">
          <span className="grow cut">
            Not sent: <b className="medium">{plainLine(undone.title)}</b> waits for an answer again
          </span>
        </li>
      )}
    </ul>
  );
}

/** What was taken back last, said for a while: a line that only goes could as well have been sent. */
function useUndone(): readonly [PendingAnswer | null, (one: PendingAnswer) => void] {
  const [undone, setUndone] = useState<PendingAnswer | null>(null);
  useEffect(() => {
    if (undone === null) return;
    const timer = setTimeout(() => setUndone(null), toldMs);
    return () => clearTimeout(timer);
  }, [undone]);
  return [undone, setUndone];
}

interface RowProps {
  readonly pending: PendingAnswer;
  readonly hint: string | undefined;
  readonly onUndo: () => void;
}

function Row({ pending, hint, onUndo }: RowProps): ReactNode {
  const { untilAt } = pending;
  return (
    <li>
      <span className="grow cut">
        {actionSending[pending.action]} of <b className="medium">{plainLine(pending.title)}</b>
      </span>
      {untilAt === null ? <span className="meta">sent when online</span> : <Left untilAt={untilAt} />}
      <Button size="sm" icon={Undo} hint={hint} onClick={onUndo}>
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
