'use client';

import type { ReactNode } from 'react';
import Lock from 'lucide-react/icons/lock';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '@/components/ui/Icon';
import { type RecoveryAsk, recoveryNoteMost } from '@/lib/domain/recovery';
import type { Risk } from '@/lib/domain/tool';
import type { RequestDraft } from './draft';
import {
  choiceConsequence,
  choiceNames,
  type RecoveryChoice,
  recoveryChoices,
  type RecoveryReadiness,
} from './recovery-choice';
import type { Asker } from './answer-words';

export const choiceId = (choice: RecoveryChoice): string => `recovery-${choice}`;
export const noteId = 'recovery-note';
export const giveUpReasonId = 'recovery-reason';
/** Room is shown as running out from here on. */
const nearlyFull = recoveryNoteMost - 200;

export interface RecoveryBodyProps {
  readonly draft: RequestDraft;
  readonly onDraft: (draft: RequestDraft) => void;
  readonly asker: Asker;
  readonly call: { readonly risk: Risk; readonly asked: RecoveryAsk['answers'] };
  readonly readiness: RecoveryReadiness;
  readonly attempt: 'none' | 'made';
  /** Why nothing can be decided; null when it can. */
  readonly closed: string | null;
}

/** The three ways on from a call whose outcome is not known, each with what it leads to. */
export function RecoveryBody(props: RecoveryBodyProps): ReactNode {
  const { draft, onDraft, asker, call, readiness, attempt, closed } = props;
  const problem = attempt === 'made' && readiness.kind === 'blocked' ? readiness : null;
  return (
    <fieldset
      className="r-choices"
      disabled={closed !== null}
      aria-describedby={problem?.field === 'choice' ? 'recovery-problem' : undefined}
    >
      <legend className="h">What now?</legend>
      {closed === null ? null : (
        <p className="note">
          <Icon of={Lock} size="sm" />
          <span>{closed}</span>
        </p>
      )}
      {recoveryChoices.map((choice) => (
        <label key={choice} className="choice" htmlFor={choiceId(choice)}>
          <input
            type="radio"
            id={choiceId(choice)}
            name="recovery"
            checked={draft.choice === choice}
            onChange={() => onDraft({ ...draft, choice })}
            // The label holds the consequence, too: named by its first words alone, it is not read twice.
            aria-labelledby={`${choiceId(choice)}-name`}
            aria-describedby={`${choiceId(choice)}-means`}
          />
          <span className="medium" id={`${choiceId(choice)}-name`}>
            {choiceNames[choice]}
          </span>
          <small id={`${choiceId(choice)}-means`}>{choiceConsequence(choice, asker, call)}</small>
        </label>
      ))}
      {problem?.field === 'choice' ? <Problem words={problem.words} /> : null}
      {draft.choice === 'done_by_hand' ? (
        <Note {...props} problem={problem?.field === 'note' ? problem.words : null} />
      ) : null}
      {draft.choice === 'give_up' ? <GiveUpReason {...props} /> : null}
    </fieldset>
  );
}

function Problem({ words }: { readonly words: string }): ReactNode {
  return (
    <p className="err" id="recovery-problem" role="alert">
      <Icon of={TriangleAlert} size="xs" />
      {words}
    </p>
  );
}

function Note({ draft, onDraft, asker, problem }: RecoveryBodyProps & { readonly problem: string | null }): ReactNode {
  const length = draft.note.trim().length;
  return (
    <div className="field">
      <label className="name" htmlFor={noteId}>
        What was done? <span className="opt">required, read by {asker.agent} word for word</span>
      </label>
      <textarea
        id={noteId}
        className="input"
        rows={3}
        value={draft.note}
        onChange={(event) => onDraft({ ...draft, note: event.target.value })}
        aria-required="true"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? 'recovery-note-hint' : 'recovery-problem'}
      />
      {problem === null ? (
        <p className="hint" id="recovery-note-hint">
          {length > nearlyFull
            ? `${length.toLocaleString('en')} of ${recoveryNoteMost.toLocaleString('en')} characters.`
            : 'Say what you checked and what is true now. The agent goes on from these words.'}
        </p>
      ) : (
        <Problem words={problem} />
      )}
    </div>
  );
}

const reasonMost = 2_000;

function GiveUpReason({ draft, onDraft, asker }: RecoveryBodyProps): ReactNode {
  return (
    <div className="field">
      <label className="name" htmlFor={giveUpReasonId}>
        Why? <span className="opt">optional, read by {asker.agent}</span>
      </label>
      <textarea
        id={giveUpReasonId}
        className="input"
        rows={2}
        maxLength={reasonMost}
        value={draft.reason}
        onChange={(event) => onDraft({ ...draft, reason: event.target.value })}
      />
    </div>
  );
}
