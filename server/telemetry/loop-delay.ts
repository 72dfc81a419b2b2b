import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const windowMs = 60_000;
const resolutionMs = 20;

/** The 99th percentile of the last one to two minutes: one bad moment is not told for ever, and is not missed either. */
export class LoopDelay {
  private before = 0;

  constructor(private readonly delays: Pick<IntervalHistogram, 'percentile' | 'reset'>) {}

  /** What is measured from now on is a window of its own. */
  roll(): void {
    this.before = this.now;
    this.delays.reset();
  }

  get seconds(): number {
    return Math.max(this.before, this.now);
  }

  /** Node counts nanoseconds, and nothing measured yet is no number. */
  private get now(): number {
    const nanoseconds = this.delays.percentile(99);
    return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0;
  }
}

/** How late the event loop runs what is due. `stop` ends the watching. */
export function watchLoop(): { readonly delay: LoopDelay; readonly stop: () => void } {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const delay = new LoopDelay(delays);
  const timer = setInterval(() => delay.roll(), windowMs);
  timer.unref();
  return {
    delay,
    stop() {
      clearInterval(timer);
      delays.disable();
    },
  };
}
