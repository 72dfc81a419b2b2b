'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { Button } from '@/components/ui/Button';
import type { CallBodies as Bodies } from '@/lib/domain/call-bodies';
import type { CallId } from '@/lib/domain/ids';
import { useAct } from './use-read';

const CallBodies = dynamic(() => import('@/components/keeping/CallBodies').then((file) => file.CallBodies), {
  ssr: false,
});

type Reading =
  | { readonly is: 'closed' }
  | { readonly is: 'reading' }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'read'; readonly bodies: Bodies };

const nothing = (): void => undefined;

/** A call's arguments, result and answers, read when they are asked for. */
export function CallBodiesContainer({ callId }: { readonly callId: CallId }): ReactNode {
  // Of another call nothing is shown, and nothing stays revealed.
  return <OfCall key={callId} callId={callId} />;
}

function OfCall({ callId }: { readonly callId: CallId }): ReactNode {
  const act = useAct();
  const [reading, setReading] = useState<Reading>({ is: 'closed' });
  const toggle = (): void => {
    if (reading.is !== 'closed') return setReading({ is: 'closed' });
    setReading({ is: 'reading' });
    void act({ type: 'call.bodies', callId }, nothing).then((said) => {
      setReading((now) => {
        if (now.is !== 'reading') return now;
        return said.ok ? { is: 'read', bodies: said.value } : { is: 'refused', message: said.message };
      });
    });
  };
  return (
    <div className="s-rawf kp-open">
      <Button
        size="sm"
        look="ghost"
        icon={reading.is === 'closed' ? ChevronRight : ChevronDown}
        aria-expanded={reading.is !== 'closed'}
        onClick={toggle}
      >
        Arguments and result
      </Button>
      {reading.is === 'reading' ? <span className="t3">Reading them</span> : null}
      {reading.is === 'refused' ? <span className="t2">{reading.message}</span> : null}
      {reading.is === 'read' ? (
        <CallBodies bodies={reading.bodies} onReveal={(order) => act({ type: 'value.reveal', ...order }, nothing)} />
      ) : null}
    </div>
  );
}
