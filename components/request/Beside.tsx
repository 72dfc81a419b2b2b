'use client';

import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import Eye from 'lucide-react/icons/eye';
import Lock from 'lucide-react/icons/lock';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import X from 'lucide-react/icons/x';
import { Icon } from '@/components/ui/Icon';
import { Kbd } from '@/components/ui/Kbd';
import type { AnswerBarProps } from './answer-bar-props';
import { actionSending, useSecondsLeft } from './seconds-left';

/** The words beside Accept: one thing at a time, the most pressing first. */
export function Beside(props: AnswerBarProps & { readonly shut: string | null }): ReactNode {
  const { shut, closed, sending, arming, blocked, reach, rival, voted, commit } = props;
  if (sending.state === 'held') return <Held sending={sending} />;
  if (sending.state === 'queued')
    return (
      <span className="meta beside" role="status">
        Kept here, sent once when online
      </span>
    );
  if (shut !== null) return <Words icon={closed === null ? Clock : Lock} words={shut} />;
  const armed = armingWords(props);
  if (armed !== null) return armed;
  if (sending.state === 'refused') return <Words icon={TriangleAlert} tone="danger" words={sending.refusal.message} />;
  if (voted !== null)
    return (
      <Words
        icon={voted.vote === 'approve' ? Check : X}
        tone={voted.vote === 'approve' ? 'ok' : 'plain'}
        words={voted.words}
      />
    );
  if (blocked !== null)
    return (
      <Words
        icon={props.off === 'off' ? Lock : TriangleAlert}
        tone={props.off === 'off' ? 'plain' : 'danger'}
        words={blocked}
        hint={props.onMissing === null ? undefined : 'Enter'}
      />
    );
  if (props.unseen > 0 && arming.step === 'calm') return <Unseen {...props} />;
  if (props.masked !== null && arming.step === 'calm')
    return <Words icon={Lock} tone="person" words={`Masked, and not seen by you: ${props.masked}. Reveal it above.`} />;
  if (reach === 'offline') return <span className="meta beside">Sends when online</span>;
  if (rival !== null)
    return (
      <span className="meta beside">
        {rival} is typing, too.{props.shares === 'decides' ? ' The first answer counts.' : ''}
      </span>
    );
  return (
    <span className="meta beside wide">
      <span className="r-goes">{commit.goes}</span>
      <span className="r-typing">Ctrl Enter accepts, Esc leaves the field</span>
    </span>
  );
}

function armingWords({ arming, commit }: AnswerBarProps): ReactNode | null {
  switch (arming.step) {
    case 'calm':
      return null;
    case 'pointed':
      return (
        <Words
          icon={TriangleAlert}
          tone="person"
          words={`${valuesWords(arming.hidden)} not fully shown. Show all first`}
          hint="V"
        />
      );
    case 'hasty':
      return (
        <span className="beside armed-words" role="alert">
          <b className="strong">
            You opened this {(Math.max(100, arming.openForMs) / 1_000).toFixed(1)} s ago. Are you sure?
          </b>{' '}
          <span className="t3 wide">It may not be possible to undo it.</span>
        </span>
      );
    case 'armed':
      return (
        <span className="beside armed-words" role="status">
          <b className="strong">{commit.question}</b> <span className="t3 wide">{commit.seen}</span>
        </span>
      );
  }
}

function valuesWords(count: number): string {
  return count === 1 ? '1 value is' : `${count} values are`;
}

/** Pointed out before anyone presses; the press shows them all. */
function Unseen({ unseen, onShowAll }: AnswerBarProps): ReactNode {
  return (
    <button type="button" className="beside why-off person a-unseen" onClick={onShowAll}>
      <Icon of={Eye} size="xs" />
      {unseen === 1 ? '1 value is longer' : `${unseen} values are longer`} than what is shown. <u>Show all</u>{' '}
      <Kbd>V</Kbd>
    </button>
  );
}

/** Never "saved": nothing was sent yet (I2). */
function Held({
  sending,
}: {
  readonly sending: Extract<AnswerBarProps['sending'], { readonly state: 'held' }>;
}): ReactNode {
  const left = useSecondsLeft(sending.untilAt);
  return (
    <span className="beside a-held">
      <span className="sr" role="status">
        {actionSending[sending.action]} is sent in 4 seconds. Press U to undo.
      </span>
      <span aria-hidden="true">
        <b className="strong">{actionSending[sending.action]}:</b> sending in <span className="num">{left} s</span>
      </span>
    </span>
  );
}

interface WordsProps {
  readonly icon: typeof Lock;
  readonly words: string;
  readonly tone?: 'plain' | 'person' | 'danger' | 'ok';
  /** The key that leads there. */
  readonly hint?: string | undefined;
}

function Words({ icon, words, tone = 'plain', hint }: WordsProps): ReactNode {
  return (
    <span className={`beside why-off ${tone}`} role="status">
      <Icon of={icon} size="xs" />
      {words}
      {hint === undefined ? null : <Kbd>{hint}</Kbd>}
    </span>
  );
}
