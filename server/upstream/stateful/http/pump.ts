import type { Response } from 'undici';
import type { UpstreamTiming } from '../../timing';
import type { LegListener } from '../leg';
import { Cursor } from './cursor';
import { EventTooLarge, readEvents, type StreamEvent } from './events';
import { failureWords } from './failure-words';
import type { Seen } from './seen';

export interface PumpParts {
  readonly listener: LegListener;
  readonly seen: Seen;
  readonly timing: UpstreamTiming;
  /** The name in the raw view. */
  readonly stream: string;
  /** The name its places are kept under. */
  readonly placeName: string;
  readonly callRpcId: string | null;
}

export type PumpEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'broke'; readonly why: string }
  | { readonly kind: 'too_large' }
  /** It was quiet after a resumption, and is to be asked for again. */
  | { readonly kind: 'repoll' };

/** A stream seen to deliver this long after its resumption is live: what came before may have been a replay. */
const liveAfterMs = 500;

/** Hands the events of one stream on, in order, one after the other, and keeps its place. */
export class Pump {
  readonly cursor: Cursor;
  readonly #parts: PumpParts;
  #controller = new AbortController();
  #stopped = false;
  #retryMs: number | null = null;
  #repollMs: number;
  #repoll: (() => void) | null = null;
  #events = 0;

  constructor(parts: PumpParts) {
    this.#parts = parts;
    this.#repollMs = parts.timing.repollFirstMs;
    this.cursor = new Cursor(parts.placeName, null);
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** The server's wish, within reason. */
  get retryMs(): number | null {
    return this.#retryMs;
  }

  /** How many events came in so far, on all runs. */
  get events(): number {
    return this.#events;
  }

  /** The signal of the next request; aborting it ends the run that reads its response. */
  nextSignal(): AbortSignal {
    if (!this.#stopped) this.#controller = new AbortController();
    return this.#controller.signal;
  }

  stop(): void {
    this.#stopped = true;
    this.#controller.abort();
  }

  /** Something was sent that a quiet resumed stream may be waiting for. */
  nudge(): void {
    this.#repollMs = this.#parts.timing.repollFirstMs;
    this.#repoll?.();
  }

  async run(response: Response, how: 'first' | 'resumed'): Promise<PumpEnd> {
    const attachedAt = performance.now();
    const watch = how === 'resumed' ? this.#watchQuiet() : null;
    try {
      for await (const batch of readEvents(response, (retryMs) => this.#wish(retryMs))) {
        if (watch !== null && performance.now() - attachedAt > liveAfterMs) watch.live();
        for (const event of batch) await this.#take(event, how);
        this.#events += batch.length;
      }
      return { kind: 'ended' };
    } catch (error) {
      if (watch?.fired === true) return { kind: 'repoll' };
      if (error instanceof EventTooLarge) return { kind: 'too_large' };
      return { kind: 'broke', why: failureWords(error) };
    } finally {
      watch?.live();
    }
  }

  async #take(event: StreamEvent, how: 'first' | 'resumed'): Promise<void> {
    const { listener, seen, stream, callRpcId } = this.#parts;
    const isReplay = how === 'resumed' && seen.has(event.id, event.data);
    if (event.isMessage && event.data !== '' && !isReplay) {
      const origin = { stream, callRpcId, place: this.cursor.placeAfter(event.id), before: this.cursor.place };
      if (!(await listener.message(event.data, origin))) {
        this.cursor.freeze();
        return;
      }
      seen.add(event.id, event.data);
      this.#repollMs = this.#parts.timing.repollFirstMs;
    }
    this.cursor.advance(event.id);
  }

  #watchQuiet(): { live(): void; readonly fired: boolean } {
    const controller = this.#controller;
    let fired = false;
    const fire = (): void => {
      fired = true;
      controller.abort();
    };
    const timer = setTimeout(() => {
      this.#repollMs = Math.min(this.#repollMs * 1.5, this.#parts.timing.repollMaxMs);
      fire();
    }, this.#repollMs);
    timer.unref();
    this.#repoll = fire;
    return {
      live: () => {
        clearTimeout(timer);
        this.#repoll = null;
      },
      get fired() {
        return fired;
      },
    };
  }

  #wish(retryMs: number): void {
    this.#retryMs = Math.min(Math.max(retryMs, 50), 30_000);
  }
}
