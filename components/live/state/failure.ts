import type { Refusal, RefusalCode } from '@/lib/domain/refusal';

/** Why something could not be read, for the screen that wanted it. */
export interface Failure {
  readonly code: RefusalCode;
  readonly words: string;
}

export function failureOf(refusal: Refusal): Failure {
  return { code: refusal.code, words: refusal.message };
}
