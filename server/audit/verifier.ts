import type { AuditPlace } from '@/lib/domain/audit';
import type { AuditBreak, AuditHealth } from '@/lib/domain/audit-look';
import type { AuditTrail } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';

const entriesAtOnce = 500;
/** Between two steps everything else goes on. */
const pauseMs = 20;
const newEveryMs = 60_000;
const allEveryMs = 6 * 3_600_000;
/** The end of the chain goes to the process's log: a copy that who writes to the database cannot reach. */
const sayEveryMs = 3_600_000;

export interface VerifierParts {
  readonly trail: Pick<AuditTrail, 'check'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when it is found broken, and when it is whole again. */
  readonly changed: (broken: AuditBreak | null) => void;
}

/** The log's state as figures. */
export interface AuditFigures {
  readonly isBroken: boolean;
  /** The last entry up to which all verified; 0 before the first look is through. */
  readonly provenUpTo: number;
  /** When all of it was whole last, epoch milliseconds; null before the first look is through. */
  readonly wholeAt: number | null;
}

/**
 * Verifies the log in the background: all of it at the start and every few hours, what is new every minute. What it
 * finds broken is told and stays told; the work goes on, for an audit log that stopped it would be a switch for that.
 */
export class Verifier {
  private known: AuditHealth = { state: 'unverified' };
  private place: AuditPlace | null = null;
  private anew: readonly number[] = [];
  private allAt = 0;
  private wholeAt: number | null = null;
  private saidAt = Number.NEGATIVE_INFINITY;
  private cancel: () => void = () => undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: VerifierParts) {}

  get health(): AuditHealth {
    return this.known;
  }

  get broken(): AuditBreak | null {
    return this.known.state === 'broken' ? this.known.broken : null;
  }

  get figures(): AuditFigures {
    const { known, wholeAt } = this;
    const provenUpTo = known.state === 'whole' ? known.upTo : known.state === 'broken' ? known.broken.seq - 1 : 0;
    return { isBroken: known.state === 'broken', provenUpTo, wholeAt };
  }

  run(): void {
    this.running = this.round();
  }

  async drain(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.running;
  }

  private async round(): Promise<void> {
    const { clock, log } = this.parts;
    try {
      await this.verify();
    } catch (error) {
      // While the database is away nothing is known anew; what was found stays said.
      log.warn({ err: error }, 'the audit log could not be verified');
    }
    if (this.stopped) return;
    this.sayNowAndThen();
    this.cancel = clock.after(newEveryMs, () => {
      this.running = this.round();
    });
  }

  /** What is broken is looked at from the beginning each time: only so is it seen to be mended. */
  private async verify(): Promise<void> {
    const { clock, trail } = this.parts;
    if (this.known.state !== 'whole' || clock.now() - this.allAt >= allEveryMs) {
      this.place = null;
      this.anew = [];
    }
    const isAll = this.place === null;
    for (;;) {
      const step = await trail.check(this.place, entriesAtOnce);
      if (step.broken !== null) return this.found(step.broken);
      this.place = step.upTo;
      this.anew = [...this.anew, ...step.sealedAnew];
      if (step.isEnd) {
        if (isAll) this.allAt = clock.now();
        return this.whole(step.base.seq + 1, step.upTo);
      }
      await this.pause();
      if (this.stopped) return;
    }
  }

  private found(broken: AuditBreak): void {
    const isNew = this.broken?.seq !== broken.seq || this.broken.why !== broken.why;
    this.known = { state: 'broken', at: this.parts.clock.now(), broken };
    if (!isNew) return;
    this.say();
    this.parts.changed(broken);
  }

  private sayNowAndThen(): void {
    if (this.parts.clock.now() - this.saidAt >= sayEveryMs) this.say();
  }

  /** What is broken is an error each time, for whoever looked away the first. */
  private say(): void {
    const { known } = this;
    const { log, clock } = this.parts;
    if (known.state === 'unverified') return;
    this.saidAt = clock.now();
    if (known.state === 'broken') {
      const { seq, why } = known.broken;
      return log.error({ entry: seq, why }, 'the audit log is broken');
    }
    log.info({ entries: known.upTo, head: known.head }, 'the audit log so far');
  }

  private whole(first: number, upTo: AuditPlace): void {
    const wasBroken = this.broken !== null;
    const at = this.parts.clock.now();
    const sealedAnew = this.anew;
    this.known = { state: 'whole', upTo: upTo.seq, at, first, head: upTo.hash, sealedAnew };
    this.wholeAt = at;
    if (!wasBroken) return;
    this.parts.log.warn({ entries: upTo.seq, head: upTo.hash }, 'the audit log, which was broken, is whole again');
    this.parts.changed(null);
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      this.parts.clock.after(pauseMs, resolve);
    });
  }
}
