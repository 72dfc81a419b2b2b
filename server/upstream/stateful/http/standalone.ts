import type { Log } from '@/server/engine/ports/log';
import type { UpstreamTiming } from '../../timing';
import type { Down, LegListener } from '../leg';
import { Absence } from './absence';
import type { Habits } from './endpoint';
import { Pause } from './pause';
import { Pump, type PumpEnd } from './pump';
import type { WireBody } from './response';
import { type Resumed, resumeStream } from './resume';
import { ReturnWait } from './return-wait';
import type { Seen } from './seen';
import type { Trouble } from './trouble';
import type { Wire } from './wire';

export interface StandaloneParts {
  readonly wire: Wire;
  readonly trouble: Trouble;
  readonly seen: Seen;
  readonly listener: LegListener;
  readonly timing: UpstreamTiming;
  readonly habits: Habits;
  readonly log: Log;
  readonly down: (why: Down) => void;
  /** Asks by POST whether the session is still known: some servers have no GET at all and answer 404. */
  readonly askSession: () => Promise<'known' | 'gone' | 'unclear'>;
  /** The session is an earlier life's: the stream was there. */
  readonly isEarlier: boolean;
  /** Where an earlier life left it; null when it had no place. */
  readonly eventId: string | null;
}

export const standaloneName = 'standalone';
const name = standaloneName;
const noSuchMethod = 405;

/**
 * The GET stream on which a server speaks by itself. Kept attached for as long as the connection lives: what is said
 * while it is away is never delivered by a server that keeps no events.
 */
export class Standalone {
  readonly #parts: StandaloneParts;
  readonly #pump: Pump;
  readonly #pause = new Pause();
  readonly #returning: ReturnWait;
  readonly #absence: Absence;
  #wasAttached: boolean;

  constructor(parts: StandaloneParts) {
    this.#parts = parts;
    this.#returning = new ReturnWait(parts.timing);
    this.#absence = new Absence(parts.isEarlier);
    const { listener, seen, timing, habits, eventId } = parts;
    this.#wasAttached = eventId !== null;
    this.#pump = new Pump({
      listener,
      seen,
      timing,
      habits,
      stream: name,
      placeName: name,
      callRpcId: null,
      eventId,
    });
  }

  /** Resolves when the stream is there, is known not to exist, or is late. */
  attach(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#parts.timing.attachMs);
      timer.unref();
      const attached = (): void => {
        clearTimeout(timer);
        resolve();
      };
      void this.#keep(attached).finally(() => {
        this.#absence.over();
        attached();
      });
    });
  }

  /** It was there and is away: what is asked now may be asked of nobody. */
  get isAway(): boolean {
    return this.#absence.isOn;
  }

  /** Asks for it at once, and resolves when it is there again, is known not to exist, or is late. */
  untilBack(): Promise<void> {
    this.#pause.wake();
    return this.#absence.wait(this.#parts.timing.attachMs);
  }

  stop(): void {
    this.#pump.stop();
    this.#pause.wake();
    this.#absence.over();
  }

  nudge(): void {
    this.#pump.nudge();
  }

  interrupt(why: string): void {
    this.#pump.interrupt(why);
    this.#pause.wake();
  }

  async #keep(attached: () => void): Promise<void> {
    let wait = 0;
    for (;;) {
      const resumed = await resumeStream(
        { ...this.#parts, pump: this.#pump, pause: this.#pause, placeName: name },
        wait,
      );
      if (resumed.kind !== 'stream') {
        if (!(await this.#isWorthAsking(resumed))) return;
        wait = this.#returning.refused();
        continue;
      }
      attached();
      this.#absence.over();
      await this.#parts.trouble.over(name);
      const leftAloneMs = await this.#follow(resumed.body);
      if (this.#pump.isStopped) return;
      wait = this.#absence.isAwaited ? 0 : leftAloneMs;
    }
  }

  /** Until it ends; how long to wait before it is asked for again. */
  async #follow(body: WireBody): Promise<number> {
    const { events, cursor } = this.#pump;
    const startedAt = performance.now();
    this.#wasAttached = true;
    const end = await this.#pump.run(body, cursor.eventId === null ? 'first' : 'resumed');
    if (this.#pump.isStopped) return 0;
    this.#absence.begins();
    await this.#afterRun(end);
    return this.#returning.after({
      kind: end.kind,
      lastedMs: performance.now() - startedAt,
      isQuiet: this.#pump.events === events,
      retryMs: this.#pump.retryMs,
    });
  }

  async #afterRun(end: PumpEnd): Promise<void> {
    this.#pump.cursor.resume();
    if (end.kind === 'broke') await this.#parts.trouble.broke(name, end.why);
    // What lies behind the place cannot be read: go on without it.
    if (end.kind === 'too_large') {
      this.#pump.cursor.lose();
      this.#parts.log.warn({}, 'A message on the standalone stream was too large and was dropped');
    }
  }

  /** Whether it may come about yet. Otherwise what there is to say is said. */
  async #isWorthAsking(why: Exclude<Resumed, { kind: 'stream' }>): Promise<boolean> {
    const { down, trouble, log, askSession } = this.#parts;
    const { cursor } = this.#pump;
    switch (why.kind) {
      case 'stopped':
        return false;
      case 'unreachable':
        down({ code: 'unreachable', message: why.message });
        return false;
      case 'gone': {
        const session = this.#wasAttached ? 'gone' : await askSession();
        if (session === 'gone') down({ code: 'gone', message: why.message });
        if (session !== 'known') return session === 'unclear' && !this.#pump.isStopped;
        break;
      }
      case 'refused':
        if (cursor.eventId === null || why.status === noSuchMethod) break;
        // The server does not know the place: what was said since is lost, what it says from now on is not.
        log.warn({ why: why.message }, 'The standalone stream cannot be resumed from its place, and begins anew');
        cursor.lose();
        return true;
      default:
        return why satisfies never;
    }
    await trouble.over(name);
    log.debug({ why: why.message }, 'The server offers no standalone stream');
    return false;
  }
}
