import type { Result } from '@/lib/domain/refusal';
import type { EngineParts, LiveSession } from './parts';
import type { Decide } from './session-log';

const firstWaitMs = 100;
const longestWaitMs = 2_000;

/**
 * Records what already happened elsewhere: while the database is away it tries again, so that nothing
 * a server said is lost; its stream waits meanwhile. Gives up only when Holdpoint stops.
 */
export async function insist<T>(parts: EngineParts, live: LiveSession, decide: Decide<T>): Promise<Result<T>> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    const result = await live.log.change(decide);
    if (result.ok || result.code !== 'cannot_save' || parts.stopping) return result;
    await new Promise<void>((resolve) => {
      parts.clock.after(waitMs, resolve);
    });
  }
}
