'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '@/components/ui/Button';

export interface DeclineBoxProps {
  readonly reason: string;
  readonly quick: readonly string[];
  /** Who will read the reason. */
  readonly readers: string;
  readonly onReason: (reason: string) => void;
  readonly onBack: () => void;
  readonly onDecline: () => void;
}

const reasonMax = 2_000;

export function DeclineBox({ reason, quick, readers, onReason, onBack, onDecline }: DeclineBoxProps): ReactNode {
  const text = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => text.current?.focus(), []);
  useEffect(() => {
    const element = box.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      onBack();
    };
    element?.addEventListener('keydown', onKey);
    return () => element?.removeEventListener('keydown', onKey);
  }, [onBack]);
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
      <div className="row wrap">
        {quick.map((words) => (
          <Button key={words} size="sm" onClick={() => onReason(words)}>
            {words}
          </Button>
        ))}
      </div>
      <div className="row decline-foot">
        <span className="meta grow" id="decline-readers">
          {readers}
        </span>
        <Button onClick={onBack}>Back</Button>
        <Button look="danger-solid" onClick={onDecline}>
          Decline
        </Button>
      </div>
    </div>
  );
}
