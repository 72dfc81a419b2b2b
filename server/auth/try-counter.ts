import type { Clock } from '@/server/engine/ports/clock';

interface Window {
  readonly endsAt: number;
  tries: number;
}

interface TryRule {
  /** Seconds, as better-auth counts them. */
  readonly window: number;
  readonly max: number;
}

const mostWindows = 10_000;

/** Counts tries by client address and path, in memory: each node counts its own. */
export class TryCounter {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  consume(key: string, rule: TryRule): Promise<{ allowed: boolean; retryAfter: number | null }> {
    const now = this.#clock.now();
    const known = this.#windows.get(key);
    const window = known !== undefined && known.endsAt > now ? known : this.#open(key, now + rule.window * 1_000);
    window.tries += 1;
    const allowed = window.tries <= rule.max;
    return Promise.resolve({ allowed, retryAfter: allowed ? null : Math.ceil((window.endsAt - now) / 1_000) });
  }

  /** Whoever comes from ever new addresses pushes out the oldest window, never the memory's end. */
  #open(key: string, endsAt: number): Window {
    this.#windows.delete(key);
    if (this.#windows.size >= mostWindows) {
      const [oldest] = this.#windows.keys();
      if (oldest !== undefined) this.#windows.delete(oldest);
    }
    const window = { endsAt, tries: 0 };
    this.#windows.set(key, window);
    return window;
  }
}
