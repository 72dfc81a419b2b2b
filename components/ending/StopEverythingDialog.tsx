'use client';

import { type ReactNode, useId, useState } from 'react';
import OctagonX from 'lucide-react/icons/octagon-x';
import { PauseEffects } from '@/components/pause/PauseDialog';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { ReasonForm } from '@/components/ui/ReasonForm';

/** What has to be typed: nothing that a slip of the hand brings about. */
export const stopWord = 'stop';

export interface StopOrder {
  readonly reason: string;
  readonly sessions: 'go on' | 'end';
}

export interface StopEverythingDialogProps {
  readonly liveSessions: number;
  readonly sending: 'idle' | 'sending';
  readonly refusal: string | null;
  readonly onStop: (order: StopOrder) => void;
  readonly onClose: () => void;
}

/** The switch for everything: pauses all at once; ending every session is a second choice, with its own preview. */
export function StopEverythingDialog(props: StopEverythingDialogProps): ReactNode {
  const { liveSessions, sending, refusal, onStop, onClose } = props;
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [sessions, setSessions] = useState<StopOrder['sessions']>('go on');
  const form = useId();
  const isTyped = typed.trim().toLowerCase() === stopWord;
  const ask = (
    <ReasonForm
      id={form}
      reason={reason}
      onReason={setReason}
      readBy="agents and everyone here"
      missing="Say why everything stops."
      refusal={refusal}
      onSend={(why) => {
        if (isTyped && sending === 'idle') onStop({ reason: why, sessions });
      }}
    >
      <TypedWord form={form} value={typed} onValue={setTyped} />
    </ReasonForm>
  );
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Keep running
      </Button>
      <Button
        size="lg"
        look="danger-solid"
        icon={OctagonX}
        type="submit"
        form={form}
        disabled={!isTyped || sending === 'sending'}
      >
        {sessions === 'end' ? 'Pause everything, then end' : 'Pause everything'}
      </Button>
    </>
  );
  return (
    <Dialog title="Stop everything?" onClose={onClose} ask={ask} footer={footer} size="lg">
      <p className="t2 end-lead">For every server and every agent, from now until the pause is lifted.</p>
      <PauseEffects />
      <SessionsBox live={liveSessions} value={sessions} onValue={setSessions} />
    </Dialog>
  );
}

interface TypedWordProps {
  readonly form: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function TypedWord({ form, value, onValue }: TypedWordProps): ReactNode {
  return (
    <>
      <label className="name" htmlFor={`${form}-word`}>
        Type <b className="mono">{stopWord}</b> to arm the button
      </label>
      <input
        id={`${form}-word`}
        className="input"
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onValue(event.target.value)}
      />
    </>
  );
}

function SessionsBox({
  live,
  value,
  onValue,
}: {
  readonly live: number;
  readonly value: StopOrder['sessions'];
  readonly onValue: (value: StopOrder['sessions']) => void;
}): ReactNode {
  return (
    <label className="row end-changed">
      <input
        type="checkbox"
        checked={value === 'end'}
        onChange={(event) => onValue(event.target.checked ? 'end' : 'go on')}
      />
      <span>
        Then end all live sessions{' '}
        <small className="hint">
          {live} now; you see what that does before it happens. Without this they go on and start nothing new.
        </small>
      </span>
    </label>
  );
}
