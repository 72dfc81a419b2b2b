'use client';

import { type ReactNode, useState } from 'react';
import ArrowDown from 'lucide-react/icons/arrow-down';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import ShieldCheck from 'lucide-react/icons/shield-check';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Undo from 'lucide-react/icons/undo-2';
import X from 'lucide-react/icons/x';
import { Button } from '@/components/ui/Button';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import { type AnswerBarProps, shutWords } from './answer-bar-props';
import { Beside } from './Beside';
import { DeclineBox } from './DeclineBox';
import { useFieldKeys } from './use-field-keys';
import { quickReasons, reasonReaders } from './answer-words';
import { requestKeys } from './request-keys';

const declineButtonId = 'decline-button';
const nothing = (): void => undefined;

/** Decline and Accept, with the reason beside whatever is off. */
export function AnswerBar(props: AnswerBarProps): ReactNode {
  const [declining, setDeclining] = useState(false);
  const { sending, voted } = props;
  const shut = shutWords(props);
  const kept = sending.state === 'queued' || sending.state === 'held';
  const open = shut === null && !kept;
  const back = (): void => {
    setDeclining(false);
    document.getElementById(declineButtonId)?.focus();
  };
  const canAccept = open && props.off === 'on' && voted?.vote !== 'approve';
  const canDecline = open && voted?.vote !== 'deny';
  const needs = { canAccept, canDecline, declining, openDecline: () => setDeclining(true), back };
  useFieldKeys(canAccept && !declining ? () => props.onAccept('press') : null);
  useKeys(open ? keysOf(props, needs) : keptKeys(props), props.subject);
  return (
    <footer className="answer r-answer" aria-label="Answer">
      {declining && canDecline ? (
        <DeclineBox
          reason={props.reason}
          quick={quickReasons[props.kind]}
          readers={reasonReaders(props.kind, props.asker)}
          again={props.again}
          onReason={props.onReason}
          onBack={back}
          onDecline={(remember) => {
            setDeclining(false);
            props.onDecline(remember);
          }}
        />
      ) : null}
      {props.decline === 'in_body' || kept || voted?.vote === 'deny' ? null : (
        <Button
          id={declineButtonId}
          look="danger"
          size="lg"
          icon={X}
          hint="D"
          place={declining ? 'pressed' : ''}
          disabled={!canDecline}
          aria-expanded={declining}
          onClick={() => setDeclining(!declining)}
        >
          {voted === null ? 'Decline' : 'Decline after all'}
        </Button>
      )}
      <span className="grow wide" />
      <Beside {...props} shut={shut} />
      {kept ? <KeptButtons {...props} /> : <AcceptButton {...props} canAccept={canAccept} />}
    </footer>
  );
}

interface KeyNeeds {
  readonly canAccept: boolean;
  readonly canDecline: boolean;
  readonly declining: boolean;
  readonly openDecline: () => void;
  readonly back: () => void;
}

function keysOf(props: AnswerBarProps, needs: KeyNeeds): readonly KeyBinding[] {
  const { canAccept, canDecline, declining, openDecline, back } = needs;
  const bare: KeyBinding = { ...requestKeys.decline, guard: 'guarded', run: openDecline };
  const decline = props.decline === 'here' ? (canDecline ? [bare] : []) : [];
  const accept: KeyBinding = { ...requestKeys.accept, guard: 'guarded', run: () => props.onAccept('letter') };
  const escape: KeyBinding = {
    ...requestKeys.notYet,
    guard: 'free',
    run: declining ? back : props.onNotYet,
  };
  const all: KeyBinding = { ...requestKeys.showAll, guard: 'free', run: props.onShowAll };
  const run = canAccept && !declining ? props.onMissing : null;
  const missing: KeyBinding = { ...requestKeys.missing, guard: 'free', run: run ?? nothing };
  const withMissing = run === null ? [] : [missing];
  const withAll = props.unseen > 0 ? [all] : [];
  const withEscape = declining || props.arming.step !== 'calm' ? [escape] : [];
  const withAccept = canAccept && !declining ? [accept] : [];
  return [...nextKey(props), ...props.keys, ...withAll, ...decline, ...withAccept, ...withMissing, ...withEscape];
}

/** Nothing of it was sent: it can be undone, and the next one be looked at meanwhile. */
function keptKeys(props: AnswerBarProps): readonly KeyBinding[] {
  const { state } = props.sending;
  if ((state !== 'held' && state !== 'queued') || props.undoKey === 'elsewhere') return nextKey(props);
  return [{ ...requestKeys.undo, guard: 'free', run: props.onUnqueue }, ...nextKey(props)];
}

function nextKey({ onNext }: AnswerBarProps): readonly KeyBinding[] {
  return onNext === null ? [] : [{ ...requestKeys.next, guard: 'free', run: onNext }];
}

function KeptButtons({ sending, onUnqueue, undoKey, onNext }: AnswerBarProps): ReactNode {
  const held = sending.state === 'held';
  return (
    <>
      <Button size="lg" icon={Undo} hint={undoKey === 'here' ? 'U' : undefined} onClick={onUnqueue}>
        {held ? 'Undo' : 'Take back'}
      </Button>
      {held && onNext !== null ? (
        <Button look="primary" size="lg" icon={ArrowDown} hint="N" onClick={onNext}>
          Next
        </Button>
      ) : null}
    </>
  );
}

function AcceptButton(props: AnswerBarProps & { readonly canAccept: boolean }): ReactNode {
  const { commit, arming, reach, sending, voted, canAccept, onNotYet, onNext } = props;
  const accept = (): void => props.onAccept('press');
  if (sending.state === 'sending') {
    return (
      <Button look="primary" size="lg" disabled>
        <span className="dot-ring spin" aria-hidden="true" />
        Saving
      </Button>
    );
  }
  if (voted?.vote === 'approve') {
    return onNext === null ? null : (
      <Button look="primary" size="lg" icon={ArrowDown} hint="N" onClick={onNext}>
        Next request
      </Button>
    );
  }
  if ((arming.step === 'armed' || arming.step === 'hasty') && canAccept) {
    const hasty = arming.step === 'hasty';
    return (
      <>
        <Button look="ghost" size="lg" hint="Esc" onClick={onNotYet}>
          Not yet
        </Button>
        <Button look="armed" size="lg" icon={hasty ? TriangleAlert : ShieldCheck} hint="A" onClick={accept}>
          {hasty ? commit.armed.replace(/\?$/, ' anyway') : commit.armed}
        </Button>
      </>
    );
  }
  const words = reach === 'offline' ? commit.later : commit.words;
  return (
    <Button
      look={commit.look}
      size="lg"
      icon={reach === 'offline' ? Clock : Check}
      hint="A"
      disabled={!canAccept}
      onClick={accept}
    >
      {voted === null ? words : 'Approve after all'}
    </Button>
  );
}
