import type { JsonObject } from '@/lib/domain/json';
import { pauseWords } from '@/lib/domain/pause-words';
import { isPermit } from '@/lib/domain/permit';
import { readRecovery } from '@/lib/domain/recovery';
import type { HoldRequest } from '@/lib/domain/request';
import type { EngineParts, LiveSession } from './parts';

/**
 * Why a call may not be let go now; null when nothing keeps it, or when the answer lets none go. It goes on waiting,
 * with its deadline: what is approved during a pause would be sent at some later moment nobody looks at.
 */
export function pauseRefusal(
  parts: Pick<EngineParts, 'pauses' | 'clock'>,
  live: LiveSession,
  answer: { readonly request: HoldRequest; readonly content: JsonObject | null },
): string | null {
  const { request, content } = answer;
  if (!isPermit(request) || isByHand(content)) return null;
  const pause = parts.pauses.of({ server: request.server, agentId: live.agent.id });
  return pause === null
    ? null
    : `${pauseWords(pause, parts.clock.now())} It can be declined; to let it run, lift the pause.`;
}

/** A recovery that sends nothing again. */
function isByHand(content: JsonObject | null): boolean {
  if (content === null) return false;
  const reading = readRecovery(content);
  return reading.ok && reading.decision.choice !== 'run_again';
}
