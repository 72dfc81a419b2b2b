'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useEffect, useState } from 'react';
import type { EndProgress } from '@/components/session/EndDialog';
import type { SessionId } from '@/lib/domain/ids';
import { type Refusal, refuse } from '@/lib/domain/refusal';
import type { Timeline } from '@/lib/domain/timeline';
import { useCommand } from '../hooks';
import type { Offline } from '../wire';

const EndDialog = dynamic(() => import('@/components/session/EndDialog').then((file) => file.EndDialog), {
  ssr: false,
});

export interface EndContainerProps {
  readonly sessionId: SessionId;
  readonly timeline: Timeline;
  readonly now: number;
  readonly onClose: () => void;
}

/** Ending one session: asks what it would do, does it once, and shows its events. */
export function EndContainer({ sessionId, timeline, now, onClose }: EndContainerProps): ReactNode {
  const send = useCommand();
  const [progress, setProgress] = useState<EndProgress>({ is: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    void send({ type: 'session.preview_end', sessionId }).then((reply) => {
      if (state === 'left') return;
      if (reply.ok) setProgress({ is: 'preview', preview: reply.value, sending: 'idle', refusal: null });
      else
        setProgress({
          is: 'refused',
          refusal: inWords(reply, 'What ending would do could not be asked: Holdpoint cannot be reached.'),
        });
    });
    return () => {
      state = 'left';
    };
  }, [send, sessionId, round]);
  const onEnd = (reason: string): void => {
    setProgress((before) => (before.is === 'preview' ? { ...before, sending: 'sending', refusal: null } : before));
    void send({ type: 'session.end', sessionId, reason }).then((reply) => {
      // Accepted: the session's events take over from here.
      if (reply.ok) return;
      const refusal = inWords(
        reply,
        'There was no answer. Ending may have begun; look at the timeline before you try again.',
      );
      setProgress((before) => (before.is === 'preview' ? { ...before, sending: 'idle', refusal } : before));
    });
  };
  return (
    <EndDialog
      progress={progress}
      timeline={timeline}
      now={now}
      onEnd={onEnd}
      onAgain={() => {
        setProgress({ is: 'loading' });
        setRound((before) => before + 1);
      }}
      onForce={() => void send({ type: 'session.force_end', sessionId })}
      onClose={onClose}
    />
  );
}

function inWords(reply: Refusal | Offline, words: string): Refusal {
  return reply.code === 'offline' ? refuse('stopping', words) : reply;
}
