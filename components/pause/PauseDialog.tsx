'use client';

import { type ReactNode, useId, useState } from 'react';
import Pause from 'lucide-react/icons/pause';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { ReasonForm } from '@/components/ui/ReasonForm';
import type { PauseTarget } from '@/lib/domain/pause';
import { pausedWords, pauseWords } from '@/lib/domain/pause-words';
import type { PersonRef } from '@/lib/domain/event';
import type { PauseId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import { type PauseSpan, pauseSpans, spanEnd } from './pause-spans';

export interface PauseOrder {
  readonly reason: string;
  readonly untilAt: number | null;
}

export interface PauseDialogProps {
  readonly target: PauseTarget;
  /** The person who pauses. */
  readonly me: PersonRef;
  /** The server's clock. */
  readonly now: number;
  readonly onPause: (order: PauseOrder) => Promise<Result<unknown>>;
  readonly onClose: () => void;
}

/** Pausing a server, an agent or everything: what it holds up, what goes on, why and until when. */
export function PauseDialog({ target, me, now, onPause, onClose }: PauseDialogProps): ReactNode {
  const { state, run } = useAction<unknown>(onClose);
  const [reason, setReason] = useState('');
  const [span, setSpan] = useState<PauseSpan>('lifted');
  const form = useId();
  const what = pausedWords(target);
  const ask = (
    <ReasonForm
      id={form}
      reason={reason}
      onReason={setReason}
      readBy="agents and everyone here"
      missing="Say why: agents and people read it."
      refusal={state.is === 'refused' ? state.message : null}
      onSend={(why) => {
        if (state.is !== 'busy') run(() => onPause({ reason: why, untilAt: spanEnd(span, now) }));
      }}
    />
  );
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Keep running
      </Button>
      <Button size="lg" look="danger-solid" icon={Pause} type="submit" form={form} disabled={state.is === 'busy'}>
        Pause {what}
      </Button>
    </>
  );
  return (
    <Dialog title={`Pause ${what}?`} onClose={onClose} ask={ask} footer={footer}>
      <PauseEffects />
      <SpanField span={span} onSpan={setSpan} />
      <Told order={{ reason, untilAt: spanEnd(span, now) }} target={target} me={me} now={now} />
    </Dialog>
  );
}

function SpanField({
  span,
  onSpan,
}: {
  readonly span: PauseSpan;
  readonly onSpan: (span: PauseSpan) => void;
}): ReactNode {
  return (
    <fieldset className="field pause-span">
      <legend className="name">Until</legend>
      <span className="seg">
        {pauseSpans.map(({ key, label }) => (
          <button key={key} type="button" aria-pressed={span === key} onClick={() => onSpan(key)}>
            {label}
          </button>
        ))}
      </span>
    </fieldset>
  );
}

interface ToldProps extends Pick<PauseDialogProps, 'target' | 'me' | 'now'> {
  readonly order: PauseOrder;
}

/** Exactly what an agent that calls meanwhile hears. */
function Told({ target, me, now, order }: ToldProps): ReactNode {
  const reason = order.reason.trim() === '' ? '…your reason…' : order.reason.trim();
  const pause = { pauseId: '' as PauseId, target, reason, by: me, at: now, untilAt: order.untilAt };
  return (
    <>
      <h3 className="h">Agents will be told</h3>
      <p className="told mono">{pauseWords(pause, now)} Nothing was sent. Try again later.</p>
    </>
  );
}

/** What a pause does and does not: the same words wherever one is set. */
export function PauseEffects(): ReactNode {
  return (
    <ul className="pause-does t2">
      <li>
        <b className="medium">New calls are refused</b>, and nothing is sent.
      </li>
      <li>
        <b className="medium">Running calls go on</b>, and what they ask can be answered.
      </li>
      <li>
        <b className="medium">Held calls keep waiting</b> to their deadline. They can be declined, not approved.
      </li>
      <li>Agents may still connect and list tools.</li>
    </ul>
  );
}
