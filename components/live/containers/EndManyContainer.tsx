'use client';

import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { type EndManyOrder, EndManyDialog } from '@/components/ending/EndManyDialog';
import { EndUnknownDialog } from '@/components/ending/EndUnknownDialog';
import { EndManyProgress } from '@/components/ending/EndManyProgress';
import type { EndManyPreview, EndSelection } from '@/lib/domain/end-many';
import type { EndItemsLook, EndOperation } from '@/lib/domain/end-operation';
import { useEnding } from './use-ending';
import { useAct } from './use-read';

const noPreview = 'What ending would do could not be asked: Holdpoint cannot be reached. Nothing was done.';
const noOrder = 'There was no answer. The order may have been given: look under Endings before you try again.';

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
  /** With the order as it was last seen; null when none was given. */
  readonly onClose: (last: EndOperation | null) => void;
}

/** Ending many sessions: asks what it would do, orders it once, and follows it to its end. */
export function EndManyContainer(props: EndManyContainerProps): ReactNode {
  const { reason = '', onClose: close } = props;
  const onClose = useCallback(() => close(null), [close]);
  // What was chosen when it was opened: a list that moves meanwhile chooses nobody else.
  const [chosen] = useState(props.selection);
  const { stage, setStage, again } = usePreview(chosen);
  const act = useAct();
  if (stage.is === 'ordered') return <FollowEnding operation={stage.operation} onClose={close} />;
  if (stage.is === 'preview') {
    const { preview, sending, refusal } = stage;
    const refused = (message: string): void => setStage({ ...stage, sending: 'idle', refusal: message });
    const onEnd = (given: EndManyOrder): void => {
      setStage({ ...stage, sending: 'sending', refusal: null });
      const sessions = preview.sessions.map(({ sessionId, print }) => ({ sessionId, print }));
      void act({ type: 'sessions.end', selection: chosen, sessions, ...given }, () => props.onOrdered?.()).then(
        (reply) => (reply.ok ? setStage({ is: 'ordered', operation: reply.value }) : refused(reply.message)),
        () => refused(noOrder),
      );
    };
    return (
      <EndManyDialog
        preview={preview}
        reason={reason}
        sending={sending}
        refusal={refusal}
        onEnd={onEnd}
        onClose={onClose}
      />
    );
  }
  return (
    <EndUnknownDialog
      title="End sessions?"
      refusal={stage.is === 'loading' ? null : stage.message}
      onAgain={again}
      onClose={onClose}
    />
  );
}

interface Previewed {
  readonly stage: Stage;
  readonly setStage: (stage: Stage) => void;
  readonly again: () => void;
}

/** What ending them would do, asked once, and again only by who is told that it failed. */
function usePreview(chosen: EndSelection): Previewed {
  const act = useAct();
  const [stage, setStage] = useState<Stage>({ is: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    const put = (next: Stage): void => {
      if (state === 'wanted') setStage(next);
    };
    void act({ type: 'sessions.preview_end', selection: chosen }, () => undefined).then(
      (reply) =>
        put(
          reply.ok
            ? { is: 'preview', preview: reply.value, sending: 'idle', refusal: null }
            : { is: 'refused', message: reply.message },
        ),
      () => put({ is: 'refused', message: noPreview }),
    );
    return () => {
      state = 'left';
    };
  }, [act, chosen, round]);
  const again = useCallback((): void => {
    setStage({ is: 'loading' });
    setRound((before) => before + 1);
  }, []);
  return { stage, setStage, again };
}

const oddOnes: EndItemsLook = { show: 'odd', from: 0 };

/** An order on its way, or over: its latest state, whatever came first (I12). */
export function FollowEnding({
  operation: first,
  onClose,
}: {
  readonly operation: EndOperation;
  readonly onClose: (last: EndOperation) => void;
}): ReactNode {
  const act = useAct();
  const { data } = useEnding(first.endingId, oddOnes, first);
  const [refusal, setRefusal] = useState<string | null>(null);
  const onStop = (): void => {
    void act({ type: 'sessions.stop_ending', endingId: first.endingId }, () => setRefusal(null)).then(
      (reply) => {
        if (!reply.ok) setRefusal(reply.message);
      },
      () => setRefusal('There was no answer. It may have been stopped.'),
    );
  };
  const page = data.is === 'ready' ? data.value : { operation: first, items: [], total: 0 };
  return (
    <EndManyProgress
      operation={page.operation}
      odd={page.items}
      oddTotal={page.total}
      refusal={refusal ?? (data.is === 'failed' ? data.message : null)}
      onStop={onStop}
      onClose={() => onClose(page.operation)}
    />
  );
}
