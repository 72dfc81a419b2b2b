'use client';

import { type ReactNode, useId, useState } from 'react';
import OctagonX from 'lucide-react/icons/octagon-x';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { ReasonForm } from '@/components/ui/ReasonForm';
import type { Result } from '@/lib/domain/refusal';
import { waitingBreak } from '@/lib/domain/timeline/lane';
import type { Lane } from '@/lib/domain/timeline/lane-model';

export interface CancelCallDialogProps {
  readonly lane: Lane;
  readonly onCancel: (reason: string) => Promise<Result<unknown>>;
  readonly onClose: () => void;
}

/** Ending one call: what becomes of it, its questions and its agent, and why. */
export function CancelCallDialog({ lane, onCancel, onClose }: CancelCallDialogProps): ReactNode {
  const { state, run } = useAction<unknown>(onClose);
  const [reason, setReason] = useState('');
  const form = useId();
  const ask = (
    <ReasonForm
      id={form}
      reason={reason}
      onReason={setReason}
      readBy="the agent"
      missing="Say why this call ends."
      refusal={state.is === 'refused' ? state.message : null}
      onSend={(why) => {
        if (state.is !== 'busy') run(() => onCancel(why));
      }}
    />
  );
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Keep running
      </Button>
      <Button size="lg" look="danger-solid" icon={OctagonX} type="submit" form={form} disabled={state.is === 'busy'}>
        {state.is === 'busy' ? 'Cancelling' : 'Cancel call'}
      </Button>
    </>
  );
  return (
    <Dialog title={`Cancel ${lane.tool}?`} onClose={onClose} ask={ask} footer={footer}>
      <p className="t2 end-lead">Its session and its other calls go on. This cannot be undone.</p>
      <ul className="pause-does t2">
        <li>{effectWords(lane)}</li>
        <li>What it asks people is withdrawn.</li>
        <li>The agent hears at once who cancelled it and why.</li>
      </ul>
    </Dialog>
  );
}

function effectWords(lane: Lane): string {
  if (lane.sentAt === null && lane.runs === 0) return 'It was never sent: it is rejected, and nothing is run.';
  if (waitingBreak(lane)?.next === 'urls') return 'It is not sent again: its server said that it was not run.';
  if (lane.risk === 'read_only') return `${lane.server} is told to stop. Read-only, nothing to undo.`;
  return `${lane.server} is told to stop. What it already did stays done, so its outcome is unknown.`;
}
