import type { Result } from '@/lib/domain/refusal';
import type { EngineParts, LiveSession } from './parts';
import type { Decide, When } from './session-log';

const firstWaitMs = 100;
const longestWaitMs = 2_000;

/**
 * Records what already happened elsewhere: while the database is away it tries again, so that nothing
 * a server said is lost; its stream waits meanwhile. Gives up only when Holdpoint stops.
 */
export function insist<T>(parts: EngineParts, live: LiveSession, decide: Decide<T>): Promise<Result<T>> {
  return untilSaved(parts, live, { decide, when: 'now' });
}

/** The same for what nobody waits for: written with the next transaction. */
export function insistSoon<T>(parts: EngineParts, live: LiveSession, decide: Decide<T>): Promise<Result<T>> {
  return untilSaved(parts, live, { decide, when: 'soon' });
}

async function untilSaved<T>(
  parts: EngineParts,
  live: LiveSession,
  change: { readonly decide: Decide<T>; readonly when: When },
): Promise<Result<T>> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    const result = await live.log.change(change.decide, change.when);
    if (result.ok || result.code !== 'cannot_save' || parts.stopping) return result;
    await new Promise<void>((resolve) => {
      parts.clock.after(waitMs, resolve);
    });
  }
}
