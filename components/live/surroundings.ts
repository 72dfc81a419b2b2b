import type { RandomBytes } from '@/lib/domain/ids';

/** What the live part needs of its browser; a test brings its own. */
export interface Surroundings {
  readonly now: () => number;
  readonly random: RandomBytes;
  /** Runs once after `afterMs`; the returned function prevents it. */
  readonly later: (afterMs: number, run: () => void) => () => void;
  /** Runs with the next frame; also in a hidden tab, where frames stop. */
  readonly nextFrame: (run: () => void) => void;
  /** What outlives a reload of this tab; null where the browser forbids it. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
}

const hiddenFrameMs = 250;

export function browserSurroundings(): Surroundings {
  return {
    now: () => Date.now(),
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    later: (afterMs, run) => {
      const timer = setTimeout(run, afterMs);
      return () => clearTimeout(timer);
    },
    nextFrame: (run) => {
      let ran = false;
      const once = (): void => {
        if (ran) return;
        ran = true;
        cancelAnimationFrame(frame);
        clearTimeout(timer);
        run();
      };
      const frame = requestAnimationFrame(once);
      const timer = setTimeout(once, hiddenFrameMs);
    },
    storage: sessionStorageOrNull(),
  };
}

function sessionStorageOrNull(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    // A browser may forbid it; drafts then last as long as the page.
    return null;
  }
}
