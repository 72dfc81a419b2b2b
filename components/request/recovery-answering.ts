import type { KeyBinding } from '@/components/ui/key-match';
import type { KeyName } from '@/components/ui/key-names';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { BarCommit } from './answer-bar-props';
import { choiceId, giveUpReasonId, noteId } from './RecoveryBody';
import { readRecoveryAsk } from './recovery-ask';
import { commitWords, type RecoveryChoice, type RecoveryReadiness } from './recovery-choice';
import type { RequestScreenProps } from './request-props';
import { requestKeys } from './request-keys';

/** Sending a destructive call once more is as grave as approving it: it takes two steps, the arguments in sight. */
export function needsArming({ request }: RequestDetail, choice: RecoveryChoice | null): boolean {
  return choice === 'run_again' && request.risk === 'destructive';
}

export function askedBefore({ ask }: RequestDetail): NonNullable<ReturnType<typeof readRecoveryAsk>>['answers'] {
  return readRecoveryAsk(ask)?.answers ?? [];
}

/** The committing button of a recovery, named after what is chosen. */
export function recoveryCommit({ request }: RequestDetail, choice: RecoveryChoice | null): BarCommit {
  const words = choice === null ? 'Decide' : commitWords[choice];
  return {
    words,
    later: `${words} when online`,
    look: choice === 'give_up' ? 'danger-solid' : 'primary',
    armed: 'Run again?',
    question: `Run ${request.tool ?? 'it'} again, now?`,
    seen: 'It may happen twice.',
    goes: choice === 'run_again' ? `Sends the call to ${request.server} again` : 'Goes to the agent',
  };
}

/** The keys choose; only `a` commits. */
export function recoveryKeys({ draft, onDraft }: RequestScreenProps): readonly KeyBinding[] {
  const choosing = (key: KeyName, choice: RecoveryChoice): KeyBinding => ({
    ...key,
    guard: 'guarded',
    run: () => {
      onDraft({ ...draft, choice });
      // What is to be typed next appears with the choice.
      requestAnimationFrame(() => focusChoice(choice));
    },
  });
  return [
    choosing(requestKeys.rerun, 'run_again'),
    choosing(requestKeys.byHand, 'done_by_hand'),
    choosing(requestKeys.giveUp, 'give_up'),
  ];
}

/** To what is to be typed. Where nothing is, the focus stays: inside a radio the next key would not be heard. */
function focusChoice(choice: RecoveryChoice): void {
  if (choice === 'run_again') return document.getElementById(choiceId(choice))?.scrollIntoView({ block: 'nearest' });
  document.getElementById(choice === 'done_by_hand' ? noteId : giveUpReasonId)?.focus();
}

/** What has to be put right; null when nothing has. */
export function recoveryProblem(readiness: RecoveryReadiness): HTMLElement | null {
  if (readiness.kind === 'ready') return null;
  return document.getElementById(readiness.field === 'note' ? noteId : choiceId('run_again'));
}
