export type ViolationKind =
  | 'lost_answer'
  | 'altered_answer'
  | 'swapped_answer'
  | 'invented_answer'
  | 'two_winners'
  | 'unsaved_answer'
  | 'denied_repeat'
  | 'stuck_open'
  | 'not_listening'
  | 'unexplained_execution'
  | 'executed_though_not_approved'
  | 'hung_call'
  | 'wrong_result'
  | 'phantom_completion'
  | 'changed_outcome'
  | 'false_denial'
  | 'unexplained_outcome'
  | 'given_up'
  | 'slow_stop'
  | 'orphan';

/** A result may be long; its beginning tells whose it is. */
const mostWords = 400;

/** One broken promise. */
export interface Violation {
  readonly kind: ViolationKind;
  /** The mark, request or question it is about. */
  readonly subject: string;
  readonly words: string;
}

export function wordsOf({ kind, subject, words }: Violation): string {
  return `${kind} (${subject}): ${words.length > mostWords ? `${words.slice(0, mostWords)}…` : words}`;
}
