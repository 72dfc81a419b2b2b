import type { UpstreamTiming } from '../../timing';
import type { PumpEnd } from './pump';

/** How a run of the standalone stream ended. */
export interface RunEnd {
  readonly kind: PumpEnd['kind'];
  readonly lastedMs: number;
  /** Nothing came on it. */
  readonly isQuiet: boolean;
  /** What the server wishes; null when it said nothing. */
  readonly retryMs: number | null;
}

type Timing = Pick<UpstreamTiming, 'resumeFirstMs' | 'resumeMaxMs' | 'repollMaxMs'>;

/**
 * How long the standalone stream is left alone before it is asked for again. At once where that helps, for what is said
 * meanwhile may be lost; but each break and return is on record, so one that never lasts is asked for less and less.
 */
export class ReturnWait {
  readonly #timing: Timing;
  #waitMs = 0;
  #breaks = 0;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  after({ kind, lastedMs, isQuiet, retryMs }: RunEnd): number {
    const { resumeFirstMs, resumeMaxMs, repollMaxMs } = this.#timing;
    if (kind === 'repoll') return 0;
    this.#breaks = kind === 'broke' && lastedMs < resumeMaxMs ? this.#breaks + 1 : 0;
    const isBackingOff = kind === 'broke' ? this.#breaks > 1 : isQuiet;
    const mostMs = kind === 'broke' ? repollMaxMs : resumeMaxMs * 4;
    this.#waitMs = isBackingOff ? Math.min(Math.max(this.#waitMs * 2, resumeFirstMs), mostMs) : 0;
    if (kind === 'broke') return Math.max(this.#waitMs, retryMs ?? 0);
    return retryMs ?? this.#waitMs;
  }

  /** Somebody asked for it in vain: the next time counts from here. */
  refused(): number {
    this.#waitMs = this.#timing.resumeMaxMs;
    return this.#waitMs;
  }
}
