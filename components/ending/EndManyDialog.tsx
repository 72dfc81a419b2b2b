'use client';

import { type ReactNode, useId, useState } from 'react';
import OctagonX from 'lucide-react/icons/octagon-x';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { ReasonForm } from '@/components/ui/ReasonForm';
import type { EndManyPreview } from '@/lib/domain/end-many';
import type { WhenChanged } from '@/lib/domain/end-operation';
import { countOf } from '@/lib/domain/timeline/end-step-words';
import { spanWords } from '@/lib/domain/timeline/time-words';
import { EndManyEffects } from './EndManyEffects';

export interface EndManyOrder {
  readonly reason: string;
  readonly whenChanged: WhenChanged;
}

export interface EndManyDialogProps {
  readonly preview: EndManyPreview;
  /** To begin with. */
  readonly reason?: string;
  readonly sending: 'idle' | 'sending';
  readonly refusal: string | null;
  readonly onEnd: (order: EndManyOrder) => void;
  readonly onClose: () => void;
}

/** Ending many sessions: everything that will happen, added up, before anything does. */
export function EndManyDialog(props: EndManyDialogProps): ReactNode {
  const { preview, sending, refusal, onEnd, onClose } = props;
  const [reason, setReason] = useState(props.reason ?? '');
  const [whenChanged, setWhenChanged] = useState<WhenChanged>('leave');
  const form = useId();
  const count = preview.sessions.length;
  const ask = (
    <ReasonForm
      id={form}
      reason={reason}
      onReason={setReason}
      readBy="the agents"
      missing="Say why these sessions end."
      refusal={refusal}
      onSend={(why) => {
        if (sending === 'idle') onEnd({ reason: why, whenChanged });
      }}
    >
      <WhenChangedBox value={whenChanged} onValue={setWhenChanged} />
    </ReasonForm>
  );
  const footer = (
    <>
      <span className="meta grow">Servers have {spanWords(preview.graceMs)} to stop, then they are forced.</span>
      <Button size="lg" hint="Esc" onClick={onClose}>
        Keep running
      </Button>
      <Button size="lg" look="danger-solid" icon={OctagonX} type="submit" form={form} disabled={sending === 'sending'}>
        {sending === 'sending' ? 'Ending' : `End ${countOf(count, 'session')}`}
      </Button>
    </>
  );
  if (count === 0) return <NothingToEnd preview={preview} onClose={onClose} />;
  return (
    <Dialog title={`End ${countOf(count, 'session')}?`} onClose={onClose} ask={ask} footer={footer} size="lg">
      <p className="t2 end-lead">
        Of {preview.about}. Nothing has happened yet. Ending cannot be undone; sessions that start meanwhile are not
        touched.
        {preview.over === 0 ? '' : ` ${countOf(preview.over, 'session')} of your choice ended already.`}
        {preview.beyond === 0
          ? ''
          : ` ${countOf(preview.beyond, 'session')} more were found: one order takes ${count}, so end them after these.`}
      </p>
      <EndManyEffects preview={preview} reason={reason.trim()} />
    </Dialog>
  );
}

function NothingToEnd({ preview, onClose }: Pick<EndManyDialogProps, 'preview' | 'onClose'>): ReactNode {
  return (
    <Dialog title="No session to end" onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
      <p className="t2">
        {preview.over === 0
          ? `Of ${preview.about} none is live.`
          : `All ${preview.over} of your choice ended before you came here.`}
      </p>
    </Dialog>
  );
}

function WhenChangedBox({
  value,
  onValue,
}: {
  readonly value: WhenChanged;
  readonly onValue: (value: WhenChanged) => void;
}): ReactNode {
  return (
    <label className="row end-changed">
      <input
        type="checkbox"
        checked={value === 'end'}
        onChange={(event) => onValue(event.target.checked ? 'end' : 'leave')}
      />
      <span>
        Also end sessions that change before their turn{' '}
        <small className="hint">otherwise they are left, and shown</small>
      </span>
    </label>
  );
}
