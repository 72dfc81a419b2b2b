import type { UpstreamTiming } from '../../timing';
import { discard } from './body';
import type { Pause } from './pause';
import type { Pump } from './pump';
import { readRefusal } from './refusal';
import type { WireBody, WireResponse } from './response';
import type { Trouble } from './trouble';
import type { Wire } from './wire';

export interface ResumeParts {
  readonly wire: Wire;
  readonly pump: Pump;
  readonly pause: Pause;
  readonly trouble: Trouble;
  readonly timing: UpstreamTiming;
  readonly placeName: string;
}

export type Resumed =
  | { readonly kind: 'stream'; readonly body: WireBody }
  /** The server says no, for good. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'gone'; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'stopped' };

/** Refusals that may pass: a stream not yet known to be broken, a tired server, a proxy in between. */
export const passingRefusals: ReadonlySet<number> = new Set([401, 403, 408, 409, 425, 429]);
const conflict = 409;

/** Asks for a stream by GET, from its place on, until there is an answer to go by. */
export async function resumeStream(parts: ResumeParts, firstDelayMs: number): Promise<Resumed> {
  const { wire, pump, pause, trouble, timing, placeName } = parts;
  let delayMs = firstDelayMs;
  let refusedSinceAt: number | null = null;
  for (;;) {
    if (delayMs > 0 && !pump.isStopped) await pause.wait(delayMs);
    if (pump.isStopped) return { kind: 'stopped' };
    const lastEventId = pump.cursor.eventId;
    const outcome = await wire.send({ method: 'GET', lastEventId, abort: pump.nextAbort() });
    if (pump.isStopped) {
      if (outcome.ok) outcome.response.body.cancel();
      return { kind: 'stopped' };
    }
    delayMs = Math.min(Math.max(delayMs * 2, timing.resumeFirstMs), timing.resumeMaxMs);
    if (!outcome.ok) {
      await trouble.broke(placeName, outcome.message);
      if (trouble.isForGood) return { kind: 'unreachable', message: outcome.message };
      continue;
    }
    const { response } = outcome;
    if (response.ok) {
      trouble.reached();
      return streamOf(response);
    }
    const refusal = await readRefusal(response, wire.sessionId !== null);
    if (refusal.gone) return { kind: 'gone', message: refusal.message };
    refusedSinceAt ??= performance.now();
    const refusedMs = performance.now() - refusedSinceAt;
    const mayPass = refusal.status >= 500 || passingRefusals.has(refusal.status);
    // A server that believes the old stream to be open notices in the end that nobody takes what it writes.
    const isTired = refusedMs >= (refusal.status === conflict ? timing.conflictMs : timing.refusedMs);
    if (!mayPass || isTired) {
      trouble.reached();
      return { kind: 'refused', status: refusal.status, message: refusal.message };
    }
    if (refusedMs > timing.resumeMaxMs) await trouble.broke(placeName, refusal.message);
    trouble.reached();
  }
}

async function streamOf(response: WireResponse): Promise<Resumed> {
  const { mediaType, status, body } = response;
  if (mediaType === 'text/event-stream') return { kind: 'stream', body };
  await discard(response);
  const message = `The server answered with ${mediaType === '' ? 'no content' : mediaType} in place of a stream.`;
  return { kind: 'refused', status, message };
}
