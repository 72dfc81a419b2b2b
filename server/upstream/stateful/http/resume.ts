import type { Response } from 'undici';
import type { UpstreamTiming } from '../../timing';
import { discard, mediaTypeOf } from './body';
import type { Pause } from './pause';
import type { Pump } from './pump';
import { readRefusal } from './refusal';
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
  | { readonly kind: 'stream'; readonly response: Response }
  /** The server says no, for good. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'gone'; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'stopped' };

/** Refusals that may pass: a stream not yet known to be broken, a tired server, a proxy in between. */
const passing = new Set([401, 403, 408, 409, 425, 429]);

/** Asks for a stream by GET, from its place on, until there is an answer to go by. */
export async function resumeStream(parts: ResumeParts, firstDelayMs: number): Promise<Resumed> {
  const { wire, pump, pause, trouble, timing, placeName } = parts;
  let delayMs = firstDelayMs;
  let refusedSinceAt: number | null = null;
  for (;;) {
    if (delayMs > 0 && !pump.isStopped) await pause.wait(delayMs);
    if (pump.isStopped) return { kind: 'stopped' };
    const lastEventId = pump.cursor.eventId;
    const outcome = await wire.send({ method: 'GET', lastEventId, signal: pump.nextSignal() });
    if (pump.isStopped) {
      if (outcome.ok) await discard(outcome.response);
      return { kind: 'stopped' };
    }
    delayMs = Math.min(Math.max(delayMs * 2, timing.resumeFirstMs), timing.resumeMaxMs);
    if (!outcome.ok) {
      await trouble.broke(placeName, outcome.message);
      if (trouble.isForGood) return { kind: 'unreachable', message: outcome.message };
      continue;
    }
    trouble.reached();
    const { response } = outcome;
    if (response.ok) return streamOf(response);
    const refusal = await readRefusal(response, wire.sessionId !== null);
    if (refusal.gone) return { kind: 'gone', message: refusal.message };
    refusedSinceAt ??= performance.now();
    const mayPass = refusal.status >= 500 || passing.has(refusal.status);
    const tired = performance.now() - refusedSinceAt >= timing.refusedMs;
    if (!mayPass || tired) return { kind: 'refused', status: refusal.status, message: refusal.message };
  }
}

async function streamOf(response: Response): Promise<Resumed> {
  const mediaType = mediaTypeOf(response);
  if (mediaType === 'text/event-stream') return { kind: 'stream', response };
  await discard(response);
  const message = `The server answered with ${mediaType === '' ? 'no content' : mediaType} in place of a stream.`;
  return { kind: 'refused', status: response.status, message };
}
