import type { UpstreamTiming } from '../../timing';
import type { LegListener } from '../leg';
import { Abort } from './abort';
import { Cursor } from './cursor';
import type { Habits } from './endpoint';
import { EventReader, type StreamEvent } from './events';
import { failureWords } from './failure-words';
import type { WireBody } from './response';
import type { Seen } from './seen';

export interface PumpParts {
  readonly listener: LegListener;
  readonly seen: Seen;
  readonly timing: UpstreamTiming;
  readonly habits: Habits;
  /** The name in the raw view. */
  readonly stream: string;
  /** The name its places are kept under; null when nobody will ask for them. */
  readonly placeName: string | null;
  readonly callRpcId: string | null;
  /** Where an earlier life left it. */
  readonly eventId: string | null;
}

export type PumpEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'broke'; readonly why: string }
  | { readonly kind: 'too_large' }
  /** It was quiet after a resumption, and is to be asked for again. */
  | { readonly kind: 'repoll' };

/** A stream seen to deliver this long after its resumption is live: what came before may have been a replay. */
const liveAfterMs = 500;
/** And this long after it, so is every resumed stream of that server. */
const habitAfterMs = 2_000;

interface Watch {
  live(): void;
  readonly fired: boolean;
}

/** The reading of one response. */
interface Run {
  readonly body: WireBody;
  readonly how: 'first' | 'resumed';
  readonly ended: (end: PumpEnd) => void;
  readonly attachedAt: number;
  readonly watch: Watch | null;
  readonly reader: EventReader;
  readonly goOn: () => void;
}

/** Hands the events of one stream on, in order, one after the other, and keeps its place. */
export class Pump {
  readonly cursor: Cursor;
  readonly #parts: PumpParts;
  #abort = new Abort();
  #stopped = false;
  #state: 'idle' | 'asking' | 'running' = 'idle';
  #doubt: string | null = null;
  #retryMs: number | null = null;
  #repollMs: number;
  #repoll: (() => void) | null = null;
  #events = 0;

  constructor(parts: PumpParts) {
    this.#parts = parts;
    const { repollFirstMs, repollMaxMs } = parts.timing;
    // One of an earlier life has no hurry until something is answered: with it, all others are asked for too.
    this.#repollMs = parts.eventId === null ? repollFirstMs : Math.max(repollFirstMs, repollMaxMs / 3);
    this.cursor = new Cursor(parts.placeName, parts.eventId);
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

  /** Of the request under way; aborting it ends the run that reads its response. */
  get abort(): Abort {
    return this.#abort;
  }

  /** For asking for the stream anew. */
  nextAbort(): Abort {
    if (!this.#stopped) this.#abort = new Abort();
    this.#state = 'asking';
    return this.#abort;
  }

  stop(): void {
    this.#stopped = true;
    this.#abort.abort();
  }

  /** Something was sent that a quiet resumed stream may be waiting for. */
  nudge(): void {
    this.#repollMs = this.#parts.timing.repollFirstMs;
    this.#repoll?.();
  }

  /** The path may be dead: a stream that can be resumed is asked for again. One that cannot is left as it is. */
  interrupt(why: string): void {
    if (this.#stopped || this.#state === 'idle') return;
    if (this.#state === 'running') {
      if (this.cursor.eventId === null) return;
      this.#doubt = why;
    }
    this.#abort.abort();
  }

  run(body: WireBody, how: 'first' | 'resumed'): Promise<PumpEnd> {
    return new Promise((resolve) => this.start(body, how, resolve));
  }

  /** Calls back at the end. Between two events nothing waits in a function: most streams are quiet, and there are many. */
  start(body: WireBody, how: 'first' | 'resumed', ended: (end: PumpEnd) => void): void {
    const watch = how === 'resumed' ? this.#watchQuiet() : null;
    const reader = new EventReader((retryMs) => this.#wish(retryMs));
    // Not while the one who brings the news is at work still.
    const goOn = (): void => queueMicrotask(() => void this.#read(run));
    const run: Run = { body, how, ended, attachedAt: performance.now(), watch, reader, goOn };
    this.#state = 'running';
    goOn();
  }

  /** Takes in what is here; then leaves word for what comes, or tells the end. */
  async #read(run: Run): Promise<void> {
    let end: PumpEnd | null;
    try {
      end = await this.#takeIn(run);
    } catch (error) {
      end = this.#brokenEnd(run, error);
    }
    if (end === null) return run.body.onNews(run.goOn);
    run.watch?.live();
    this.#state = 'idle';
    this.#doubt = null;
    run.ended(end);
  }

  /** Null when more may come. */
  async #takeIn({ body, how, attachedAt, watch, reader }: Run): Promise<PumpEnd | null> {
    for (let chunk = body.take(); chunk !== null; chunk = body.take()) {
      const events = reader.push(chunk);
      if (events.length > 0 && watch !== null) this.#sawEvents(watch, performance.now() - attachedAt);
      const isReplay = how === 'resumed' && performance.now() - attachedAt <= liveAfterMs;
      for (const event of events) await this.#take(event, { how, isReplay });
      this.#events += events.length;
      if (!reader.isTooLarge) continue;
      body.cancel();
      return { kind: 'too_large' };
    }
    return body.isOpen() ? null : { kind: 'ended' };
  }

  #brokenEnd({ watch }: Run, error: unknown): PumpEnd {
    if (this.#doubt !== null) return { kind: 'broke', why: this.#doubt };
    return watch?.fired === true ? { kind: 'repoll' } : { kind: 'broke', why: failureWords(error) };
  }

  async #take(
    event: StreamEvent,
    { how, isReplay }: { readonly how: 'first' | 'resumed'; readonly isReplay: boolean },
  ): Promise<void> {
    const { listener, seen, stream, callRpcId } = this.#parts;
    const { cursor } = this;
    if (!event.isMessage || event.data === '') {
      const before = cursor.eventId;
      cursor.advance(event.id);
      if (cursor.place !== null && cursor.eventId !== before) await listener.placeMoved(cursor.place);
      return;
    }
    if (how === 'first' || !seen.has(event.id, event.data)) {
      const origin = { stream, callRpcId, place: cursor.placeAfter(event.id), before: cursor.place, isReplay };
      if (!(await listener.message(event.data, origin))) {
        cursor.freeze();
        return;
      }
      seen.add(event.id, event.data);
      this.#repollMs = this.#parts.timing.repollFirstMs;
    }
    cursor.advance(event.id);
  }

  #sawEvents(watch: Watch, afterMs: number): void {
    if (afterMs > liveAfterMs) watch.live();
    if (afterMs > habitAfterMs) this.#parts.habits.writesToResumed = true;
  }

  #watchQuiet(): Watch {
    const { timing, habits } = this.#parts;
    const abort = this.#abort;
    let fired = false;
    const fire = (): void => {
      fired = true;
      abort.abort();
    };
    const timer = setTimeout(
      () => {
        this.#repollMs = Math.min(this.#repollMs * 2, timing.repollMaxMs);
        fire();
      },
      habits.writesToResumed ? timing.repollKnownMs : this.#repollMs,
    );
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
