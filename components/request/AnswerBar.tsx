'use client';

import { type ReactNode, useState } from 'react';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import Lock from 'lucide-react/icons/lock';
import ShieldCheck from 'lucide-react/icons/shield-check';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import X from 'lucide-react/icons/x';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import type { RequestKind } from '@/lib/domain/event';
import type { Arming } from './arming';
import { DeclineBox } from './DeclineBox';
import type { Reach, Sending } from './request-props';
import { type Asker, quickReasons, reasonReaders } from './words';

/** The committing button, in words. */
export interface BarCommit {
  readonly words: string;
  /** Its words while the line is away. */
  readonly later: string;
  readonly look: 'primary' | 'danger-solid';
  /** The button's words once it is armed, what is then asked beside it, and what the person has in sight. */
  readonly armed: string;
  readonly question: string;
  readonly seen: string;
  /** Where it goes. */
  readonly goes: string;
}

export interface AnswerBarProps {
  readonly subject: string;
  readonly commit: BarCommit;
  /** `in_body`: declining is one of the choices above, and the keys for it come with `keys`. */
  readonly decline: 'here' | 'in_body';
  readonly keys: readonly KeyBinding[];
  readonly kind: RequestKind;
  readonly asker: Asker;
  /** Why this person cannot answer at all. */
  readonly closed: string | null;
  /** What stands in the way of Accept, beside the button; the press then leads to it. */
  readonly blocked: string | null;
  /** Blocked in a way no press can help with: the button is off. */
  readonly off: 'off' | 'on';
  readonly arming: Arming;
  readonly reach: Reach;
  readonly sending: Sending;
  readonly reason: string;
  /** Someone else who types an answer without having claimed it. */
  readonly rival: string | null;
  /** Someone else's claim: while it holds, only they can answer. */
  readonly claimed: string | null;
  readonly onReason: (reason: string) => void;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
  readonly onNotYet: () => void;
  readonly onUnqueue: () => void;
}

const declineButtonId = 'decline-button';

/** Decline and Accept, with the reason beside whatever is off. */
export function AnswerBar(props: AnswerBarProps): ReactNode {
  const [declining, setDeclining] = useState(false);
  const shut = shutWords(props);
  const open = shut === null && props.sending.state !== 'queued';
  const back = (): void => {
    setDeclining(false);
    document.getElementById(declineButtonId)?.focus();
  };
  const canAccept = open && props.off === 'on';
  useKeys(
    open ? keysOf(props, { canAccept, declining, openDecline: () => setDeclining(true), back }) : [],
    props.subject,
  );
  return (
    <footer className="answer r-answer" aria-label="Answer">
      {declining && open ? (
        <DeclineBox
          reason={props.reason}
          quick={quickReasons[props.kind]}
          readers={reasonReaders(props.kind, props.asker)}
          onReason={props.onReason}
          onBack={back}
          onDecline={() => {
            setDeclining(false);
            props.onDecline();
          }}
        />
      ) : null}
      {props.decline === 'in_body' ? null : (
        <Button
          id={declineButtonId}
          look="danger"
          size="lg"
          icon={X}
          hint="D"
          place={declining ? 'pressed' : ''}
          disabled={!open}
          aria-expanded={declining}
          onClick={() => setDeclining(!declining)}
        >
          Decline
        </Button>
      )}
      <span className="grow wide" />
      <Beside {...props} shut={shut} />
      <AcceptButton {...props} canAccept={canAccept} />
    </footer>
  );
}

/** Why both buttons are off; null when they are on. */
function shutWords({ closed, reach, sending, claimed }: AnswerBarProps): string | null {
  if (closed !== null) return closed;
  if (sending.state === 'sending') return 'Saving your answer';
  if (claimed !== null) return claimed;
  if (reach === 'storage_away') return 'Answers cannot be saved right now';
  return null;
}

interface KeyNeeds {
  readonly canAccept: boolean;
  readonly declining: boolean;
  readonly openDecline: () => void;
  readonly back: () => void;
}

function keysOf(props: AnswerBarProps, { canAccept, declining, openDecline, back }: KeyNeeds): readonly KeyBinding[] {
  const bare: KeyBinding = { keys: 'd', words: 'Decline, with a reason', guard: 'guarded', run: openDecline };
  const decline = props.decline === 'here' ? [bare] : props.keys;
  const accept: KeyBinding = { keys: 'a', words: 'Accept', guard: 'guarded', run: props.onAccept };
  const escape: KeyBinding = {
    keys: 'Escape',
    words: 'Not yet',
    guard: 'free',
    run: declining ? back : props.onNotYet,
  };
  const withEscape = declining || props.arming.step !== 'calm' ? [escape] : [];
  return canAccept && !declining ? [...decline, accept, ...withEscape] : [...decline, ...withEscape];
}

/** The words beside Accept: one thing at a time, the most pressing first. */
function Beside(props: AnswerBarProps & { readonly shut: string | null }): ReactNode {
  const { shut, closed, sending, arming, commit, blocked, reach, rival } = props;
  if (sending.state === 'queued') {
    return (
      <span className="row beside">
        <span className="meta" role="status">
          Kept here, sent once when online
        </span>
        <Button look="ghost" onClick={props.onUnqueue}>
          Take back
        </Button>
      </span>
    );
  }
  if (shut !== null) return <Words icon={closed === null ? Clock : Lock} words={shut} />;
  if (arming.step === 'pointed') {
    const values = arming.hidden === 1 ? '1 value is' : `${arming.hidden} values are`;
    return <Words icon={TriangleAlert} tone="person" words={`${values} not fully shown. Show all first.`} />;
  }
  if (arming.step === 'armed') {
    return (
      <span className="beside armed-words" role="status">
        <b className="strong">{commit.question}</b> <span className="t3 wide">{commit.seen}</span>
      </span>
    );
  }
  if (sending.state === 'refused') return <Words icon={TriangleAlert} tone="danger" words={sending.refusal.message} />;
  if (blocked !== null)
    return (
      <Words
        icon={props.off === 'off' ? Lock : TriangleAlert}
        tone={props.off === 'off' ? 'plain' : 'danger'}
        words={blocked}
      />
    );
  if (reach === 'offline') return <span className="meta beside">Sends when online</span>;
  if (rival !== null) return <span className="meta beside">{rival} is typing, too. The first answer counts.</span>;
  return <span className="meta beside wide">{commit.goes}</span>;
}

interface WordsProps {
  readonly icon: typeof Lock;
  readonly words: string;
  readonly tone?: 'plain' | 'person' | 'danger';
}

function Words({ icon, words, tone = 'plain' }: WordsProps): ReactNode {
  return (
    <span className={`beside why-off ${tone}`} role="status">
      <Icon of={icon} size="xs" />
      {words}
    </span>
  );
}

function AcceptButton(props: AnswerBarProps & { readonly canAccept: boolean }): ReactNode {
  const { commit, arming, reach, sending, canAccept, onAccept, onNotYet } = props;
  if (sending.state === 'sending' || sending.state === 'queued') {
    return (
      <Button look="primary" size="lg" disabled icon={sending.state === 'queued' ? Clock : undefined}>
        {sending.state === 'sending' ? <span className="dot-ring spin" aria-hidden="true" /> : null}
        {sending.state === 'sending' ? 'Saving' : 'Waits for the line'}
      </Button>
    );
  }
  if (arming.step === 'armed' && canAccept) {
    return (
      <>
        <Button look="ghost" size="lg" hint="Esc" onClick={onNotYet}>
          Not yet
        </Button>
        <Button look="armed" size="lg" icon={ShieldCheck} hint="A" onClick={onAccept}>
          {commit.armed}
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
      onClick={onAccept}
    >
      {words}
    </Button>
  );
}
