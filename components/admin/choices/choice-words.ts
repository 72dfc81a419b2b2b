import { placeWords } from '@/components/request/diff-lines';
import type { Json } from '@/lib/domain/json';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { roughLeft, spanWords } from '@/components/ui/time-words';

const minuteMs = 60_000;
/** From here on the last minutes are counted by the second. */
const closeMs = 2 * minuteMs;

export interface Left {
  readonly words: string;
  readonly tone: 'calm' | 'soon' | 'over';
  /** When the words change next; null for never. */
  readonly changesInMs: number | null;
}

/** How long a choice still holds: "12 min left", "48 s left", "this session", "until revoked". */
export function leftOf({ untilAt, remembered }: Pick<RememberedChoice, 'untilAt' | 'remembered'>, now: number): Left {
  if (untilAt === null) {
    return { words: remembered === 'session' ? 'this session' : 'until revoked', tone: 'calm', changesInMs: null };
  }
  const leftMs = untilAt - now;
  if (leftMs <= 0) return { words: 'over', tone: 'over', changesInMs: null };
  const step = leftMs < closeMs ? 1_000 : minuteMs;
  const changesInMs = Math.min(leftMs, (leftMs % step) + 1);
  const words = leftMs < closeMs ? spanWords(leftMs) : roughLeft(leftMs);
  return { words: `${words} left`, tone: leftMs < closeMs ? 'soon' : 'calm', changesInMs };
}

/** What is done without asking. */
export function doesWords({ decision }: Pick<RememberedChoice, 'decision'>): string {
  return decision === 'approve' ? 'Approve' : 'Decline';
}

export function fieldWords({ pointer, value }: RememberedChoice['fields'][number]): string {
  return `${placeWords(pointer)} = ${JSON.stringify(value as Json)}`;
}

export function usedWords(used: number): string {
  if (used === 0) return 'not yet';
  return used === 1 ? 'once' : `${used.toLocaleString('en-US')} times`;
}
