'use client';

import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import type { RememberOrder } from '@/lib/domain/policy/choice';
import { isSendKey } from '@/components/ui/send-key';
import { type DeclineAgain, declineOrders } from './remember-words';

export interface DeclineBoxProps {
  readonly reason: string;
  readonly quick: readonly string[];
  /** Who will read the reason. */
  readonly readers: string;
  readonly onReason: (reason: string) => void;
  readonly onBack: () => void;
  /** What may be declined from now on without asking; null where it may not be. */
  readonly again: DeclineAgain | null;
  readonly onDecline: (remember: RememberOrder | null) => void;
}

const reasonMax = 2_000;

export function DeclineBox(props: DeclineBoxProps): ReactNode {
  const { reason, quick, readers, again, onReason, onBack, onDecline } = props;
  const [order, setOrder] = useState<RememberOrder | null>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => text.current?.focus(), []);
  useEffect(() => {
    const element = box.current;
    const onKey = (event: KeyboardEvent): void => {
      const done = isSendKey(event) ? (): void => onDecline(order) : event.key === 'Escape' ? onBack : null;
      if (done === null) return;
      event.preventDefault();
      done();
    };
    element?.addEventListener('keydown', onKey);
    return () => element?.removeEventListener('keydown', onKey);
  }, [onBack, onDecline, order]);
  const take = (words: string): void => {
    onReason(words);
    text.current?.focus();
  };
  return (
    <div ref={box} className="decline float" role="dialog" aria-label="Decline">
      <label className="medium" htmlFor="decline-reason">
        Why do you decline?
      </label>
      <textarea
        ref={text}
        id="decline-reason"
        className="input"
        rows={3}
        maxLength={reasonMax}
        value={reason}
        onChange={(event) => onReason(event.target.value)}
        aria-describedby="decline-readers"
      />
      <Quick quick={quick} onTake={take} />
      {again === null ? null : <Again again={again} onOrder={setOrder} />}
      <div className="row decline-foot">
        <span className="meta grow" id="decline-readers">
          {readers} <span className="wide">Ctrl Enter declines.</span>
        </span>
        <Button onClick={onBack}>Back</Button>
        <Button look="danger-solid" onClick={() => onDecline(order)}>
          Decline
        </Button>
      </div>
    </div>
  );
}

interface QuickProps {
  readonly quick: readonly string[];
  readonly onTake: (words: string) => void;
}

function Quick({ quick, onTake }: QuickProps): ReactNode {
  return (
    <div className="row wrap">
      {quick.map((words) => (
        <Button key={words} size="sm" onClick={() => onTake(words)}>
          {words}
        </Button>
      ))}
    </div>
  );
}

interface AgainProps {
  readonly again: DeclineAgain;
  readonly onOrder: (order: RememberOrder | null) => void;
}

/** Whether the same is asked about again. It is, unless someone says otherwise. */
function Again({ again, onOrder }: AgainProps): ReactNode {
  const id = useId();
  const orders = declineOrders(again);
  return (
    <div className="row decline-again">
      <label className="meta" htmlFor={id}>
        If it is tried again
      </label>
      <select
        id={id}
        className="input grow"
        defaultValue=""
        onChange={(event) => onOrder(orders.find(({ words }) => words === event.target.value)?.order ?? null)}
      >
        <option value="">ask again</option>
        {orders.map(({ words }) => (
          <option key={words} value={words}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
