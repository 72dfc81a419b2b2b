import { readRecovery, type RecoveryAsk } from '@/lib/domain/recovery';
import type { Risk } from '@/lib/domain/tool';
import type { RequestDraft } from './draft';
import type { AnswerIntent } from './request-props';
import type { Asker } from './answer-words';

/** What a person can decide on a call whose outcome is not known. */
export type RecoveryChoice = 'run_again' | 'done_by_hand' | 'give_up';
export const recoveryChoices: readonly RecoveryChoice[] = ['run_again', 'done_by_hand', 'give_up'];

export const choiceNames: { readonly [C in RecoveryChoice]: string } = {
  run_again: 'Run again',
  done_by_hand: 'Mark as done by hand',
  give_up: 'Give up',
};

/** On the button that commits it. */
export const commitWords: { readonly [C in RecoveryChoice]: string } = {
  run_again: 'Run again',
  done_by_hand: 'Mark as done',
  give_up: 'Give up',
};

/** What each choice leads to, in a sentence or two. */
export function choiceConsequence(
  choice: RecoveryChoice,
  { agent }: Asker,
  call: { readonly risk: Risk; readonly asked: RecoveryAsk['answers'] },
): string {
  switch (choice) {
    case 'run_again': {
      const twice =
        call.risk === 'read_only'
          ? 'It is marked read-only: running it twice should change nothing.'
          : 'It may happen twice: the first run may have taken effect.';
      const asksAgain = call.asked.some(({ kind }) => kind !== 'approval' && kind !== 'recovery');
      return asksAgain ? `${twice} What it asked comes again, with the earlier answers filled in.` : twice;
    }
    case 'done_by_hand':
      return `Nothing is sent. ${agent} gets your note in place of a result, and goes on.`;
    case 'give_up':
      return `Nothing is sent. ${agent} hears that the outcome is unknown, and not to repeat it unchecked.`;
  }
}

export type RecoveryReadiness =
  | { readonly kind: 'ready'; readonly intent: AnswerIntent }
  | { readonly kind: 'blocked'; readonly field: 'choice' | 'note'; readonly words: string };

/** Whether what is chosen and typed can be committed, and as what. Giving up is the request's decline. */
export function recoveryReadiness({
  choice,
  note,
  reason,
}: Pick<RequestDraft, 'choice' | 'note' | 'reason'>): RecoveryReadiness {
  if (choice === null) return { kind: 'blocked', field: 'choice', words: 'Choose one of the three' };
  if (choice === 'give_up') {
    const why = reason.trim();
    return {
      kind: 'ready',
      intent: { action: 'decline', reason: why === '' ? null : why, content: null, remember: null },
    };
  }
  const reading = readRecovery(choice === 'run_again' ? { choice } : { choice, note });
  if (!reading.ok)
    return { kind: 'blocked', field: reading.field === 'note' ? 'note' : 'choice', words: reading.message };
  return {
    kind: 'ready',
    intent: { action: 'accept', reason: null, content: { ...reading.decision }, remember: null },
  };
}
