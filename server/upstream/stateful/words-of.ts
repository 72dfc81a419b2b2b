import { maskText } from '@/lib/domain/mask';
import { shortened } from './limits';

/** An error's own words, short and without credentials (I14). */
export function wordsOf(error: unknown): string {
  return shortened(maskText(error instanceof Error ? error.message : String(error)));
}
