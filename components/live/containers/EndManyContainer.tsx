'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { type EndManyOrder, EndManyDialog } from '@/components/ending/EndManyDialog';
import { EndManyProgress } from '@/components/ending/EndManyProgress';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import type { EndManyPreview, EndSelection } from '@/lib/domain/end-many';
import { type EndItem, type EndOperation, settledOf } from '@/lib/domain/end-operation';
import type { EndingId } from '@/lib/domain/ids';
import { useLivePart } from '../hooks';
import { useAct } from './use-read';

type Stage =
  | { readonly is: 'loading' }
  | { readonly is: 'refused'; readonly message: string }
  | {
      readonly is: 'preview';
      readonly preview: EndManyPreview;
      readonly sending: 'idle' | 'sending';
      readonly refusal: string | null;
    }
  | { readonly is: 'ordered'; readonly operation: EndOperation };

export interface EndManyContainerProps {
  readonly selection: EndSelection;
  /** To begin with. */
  readonly reason?: string;
  readonly onOrdered?: () => void;
  readonly onClose: () => void;
}

/** Ending many sessions: asks what it would do, orders it once, and follows it to its end. */
export function EndManyContainer({
  selection,
  reason: first = '',
  onOrdered,
  onClose,
}: EndManyContainerProps): ReactNode {
  const act = useAct();
  const [stage, setStage] = useState<Stage>({ is: 'loading' });
  // What was chosen when it was opened: a list that moves meanwhile chooses nobody else.
  const [chosen] = useState(selection);
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    void act({ type: 'sessions.preview_end', selection: chosen }, () => undefined).then((reply) => {
      if (state === 'left') return;
      setStage(
        reply.ok
          ? { is: 'preview', preview: reply.value, sending: 'idle', refusal: null }
          : { is: 'refused', message: reply.message },
      );
    });
    return () => {
      state = 'left';
    };
  }, [act, chosen]);
  if (stage.is === 'ordered') return <FollowEnding operation={stage.operation} onClose={onClose} />;
  if (stage.is === 'preview') {
    const { preview, sending, refusal } = stage;
    const onEnd = ({ reason, whenChanged }: EndManyOrder): void => {
      setStage({ ...stage, sending: 'sending', refusal: null });
      const sessions = preview.sessions.map(({ sessionId, print }) => ({ sessionId, print }));
      const order = { type: 'sessions.end', selection: chosen, sessions, reason, whenChanged } as const;
      void act(order, () => onOrdered?.()).then((reply) => {
        setStage(
          reply.ok ? { is: 'ordered', operation: reply.value } : { ...stage, sending: 'idle', refusal: reply.message },
        );
      });
    };
    return (
      <EndManyDialog
        preview={preview}
        reason={first}
        sending={sending}
        refusal={refusal}
        onEnd={onEnd}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title="End sessions?" onClose={onClose} footer={<Button onClick={onClose}>Keep running</Button>}>
      {stage.is === 'loading' ? (
        <p className="t2">Working out what ending would do.</p>
      ) : (
        <p className="err">{stage.message}</p>
      )}
    </Dialog>
  );
}

/** An order on its way, or over: its latest state, whatever came first (I12). */
export function FollowEnding({
  operation: first,
  onClose,
}: {
  readonly operation: EndOperation;
  readonly onClose: () => void;
}): ReactNode {
  const act = useAct();
  const { operation, items } = useEnding(first);
  const [refusal, setRefusal] = useState<string | null>(null);
  const onStop = (): void => {
    void act({ type: 'sessions.stop_ending', endingId: first.endingId }, () => setRefusal(null)).then((reply) => {
      if (!reply.ok) setRefusal(reply.message);
    });
  };
  return <EndManyProgress operation={operation} items={items} refusal={refusal} onStop={onStop} onClose={onClose} />;
}

function useEnding(first: EndOperation): {
  readonly operation: EndOperation;
  readonly items: readonly EndItem[] | null;
} {
  const live = useLivePart();
  const [operation, setOperation] = useState(first);
  const [items, setItems] = useState<readonly EndItem[] | null>(null);
  const { endingId } = first;
  useEffect(() => {
    const take = (next: EndOperation): void => setOperation((before) => newer(before, next));
    const stop = live.hearing.on('ending.changed', ({ operation: next }) => {
      if (next.endingId === endingId) take(next);
    });
    void live.send({ type: 'sessions.endings' }).then((reply) => {
      const found = reply.ok ? reply.value.endings.find((one) => one.endingId === endingId) : undefined;
      if (found !== undefined) take(found);
    });
    return stop;
  }, [live, endingId]);
  const settled = settledOf(operation.counts);
  const isOver = operation.endedAt !== null;
  useItems(endingId, isOver ? -1 : settled, setItems);
  return { operation, items };
}

/** Each of its sessions, read again as more are settled. */
function useItems(endingId: EndingId, settled: number, put: (items: readonly EndItem[]) => void): void {
  const live = useLivePart();
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    void live.send({ type: 'sessions.ending', endingId }).then((reply) => {
      if (reply.ok && state === 'wanted') put(reply.value.items);
    });
    return () => {
      state = 'left';
    };
  }, [live, endingId, settled, put]);
}

function newer(a: EndOperation, b: EndOperation): EndOperation {
  if (a.endedAt !== null) return a;
  if (b.endedAt !== null || settledOf(b.counts) > settledOf(a.counts)) return b;
  return a.state === 'stopped' && b.state === 'running' ? a : b;
}
