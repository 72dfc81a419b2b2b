import type { KeyBinding } from '@/components/ui/key-match';
import type { Vote } from '@/lib/domain/policy/approval';
import type { RememberOrder } from '@/lib/domain/policy/choice';
import type { Arming } from './arming';
import type { AskedAs } from './asked-as';
import type { DeclineAgain } from './remember-words';
import type { Reach, Sending } from './request-props';
import type { Asker } from './answer-words';

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

/** The bare key, which is pressed twice by habit, or a button and Ctrl+Enter. */
export type AcceptBy = 'letter' | 'press';

export interface AnswerBarProps {
  readonly subject: string;
  readonly commit: BarCommit;
  /** `in_body`: declining is one of the choices above, and the keys for it come with `keys`. */
  readonly decline: 'here' | 'in_body';
  readonly keys: readonly KeyBinding[];
  readonly kind: AskedAs;
  readonly asker: Asker;
  /** Why this person cannot answer at all. */
  readonly closed: string | null;
  /** `behind` while what is shown is not what would be answered. */
  readonly read: 'fresh' | 'behind';
  /** What stands in the way of Accept, beside the button; the press then leads to it. */
  readonly blocked: string | null;
  /** Blocked in a way no press can help with: the button is off. */
  readonly off: 'off' | 'on';
  readonly arming: Arming;
  /** Values that are not fully shown, said before they are asked for. */
  readonly unseen: number;
  /** Values of what is decided on that are masked, by name; null when none is. */
  readonly masked: string | null;
  readonly reach: Reach;
  readonly sending: Sending;
  /** This person's own vote, which did not decide, with what it waits for. */
  readonly voted: { readonly vote: Vote['vote']; readonly words: string } | null;
  readonly reason: string;
  /** What a decline may be remembered for; null where it may not be. */
  readonly again: DeclineAgain | null;
  /** Whether one person decides, or several vote. */
  readonly shares: 'decides' | 'votes';
  /** Someone else who types an answer without having claimed it. */
  readonly rival: string | null;
  /** Someone else's claim: while it holds, only they can answer. */
  readonly claimed: string | null;
  readonly onReason: (reason: string) => void;
  /** Into what is missing; null until it was asked for, or while nothing is. */
  readonly onMissing: (() => void) | null;
  readonly onAccept: (by: AcceptBy) => void;
  readonly onDecline: (remember: RememberOrder | null) => void;
  readonly onNotYet: () => void;
  readonly onUnqueue: () => void;
  /** Whether the key takes back this answer, or a newer one of another request. */
  readonly undoKey: 'here' | 'elsewhere';
  readonly onShowAll: () => void;
  /** The next open request; null when there is none. */
  readonly onNext: (() => void) | null;
}

/** Why both buttons are off; null when they are on. */
export function shutWords({ closed, read, reach, sending, claimed }: AnswerBarProps): string | null {
  if (closed !== null) return closed;
  if (sending.state === 'sending') return 'Saving your answer';
  if (read === 'behind') return 'This changed just now. Reading what it is.';
  if (claimed !== null) return claimed;
  if (reach === 'storage_away') return 'Answers cannot be saved right now';
  return null;
}
