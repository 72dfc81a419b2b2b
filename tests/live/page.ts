import { Live } from '@/components/live/live';
import { createSocketWire } from '@/components/live/socket';
import type { LiveState } from '@/components/live/state/live-state';
import type { Surroundings } from '@/components/live/surroundings';
import { memoryStorage } from './memory-storage';

/** A page without a browser: real clock, real socket, frames that a test can hold back. */
export class Page {
  readonly live: Live;
  readonly storage: NonNullable<Surroundings['storage']>;
  private held: (() => void)[] | null = null;

  constructor(url: string, storage = memoryStorage(), ackTimeoutMs = 5_000) {
    this.storage = storage;
    this.live = new Live(createSocketWire({ url, ackTimeoutMs }), {
      now: () => Date.now(),
      random: (count) => crypto.getRandomValues(new Uint8Array(count)),
      later: (afterMs, run) => {
        const timer = setTimeout(run, afterMs);
        return () => clearTimeout(timer);
      },
      nextFrame: (run) => (this.held === null ? void setTimeout(run, 0) : void this.held.push(run)),
      storage,
    });
  }

  get state(): LiveState {
    return this.live.store.state;
  }

  /** Waits until the state is so; the test's own time limit ends it. */
  async until(isSo: (state: LiveState) => boolean): Promise<LiveState> {
    if (isSo(this.state)) return this.state;
    return new Promise((resolve) => {
      const stop = this.live.store.api.subscribe((state) => {
        if (!isSo(state)) return;
        stop();
        resolve(state);
      });
    });
  }

  async online(): Promise<void> {
    this.live.start();
    await this.until((state) => state.line.state === 'online' && state.queue.status === 'ready');
  }

  holdFrames(): void {
    this.held = [];
  }

  runFrames(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const run of held) run();
  }
}
