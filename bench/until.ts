import { setTimeout as pause } from 'node:timers/promises';

const lookEveryMs = 50;

/** Looks again and again until `found` is not null. Throws with `words` of what there was when that takes too long. */
export async function until<T>(
  look: () => Promise<T | null>,
  { words, withinMs }: { readonly words: () => string; readonly withinMs: number },
): Promise<T> {
  const endAt = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > endAt) throw new Error(`After ${withinMs / 1_000} s: ${words()}`);
    await pause(lookEveryMs);
  }
}
