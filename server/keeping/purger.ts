import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { KeptKind, PurgeCount, Retention } from '@/lib/domain/retention';
import {
  type Begun,
  beginPurge,
  begunPurges,
  countIn,
  countOldDeliveries,
  deliverySlice,
  endPurge,
  longSessions,
  oldPayloadSlice,
  oldRawSlice,
  type OverSession,
  purgeSlice,
  type SessionKind,
  sessionsToPurge,
} from './purge-sql';
import type { KeepingDb } from './tables';

/** Between the slices everything else goes on: a database in a file blocks the process while it works. */
const restMs = 10;
const everyMs = 3_600_000;
const againMs = 60_000;
const sessionsAtOnce = 50;
/** Looked at in one read: most were purged long ago. */
const sessionsLooked = 500;
const usualRows = 50;
const fewestRows = 5;
const mostRows = 500;
/** A slice that took longer is halved the next time, one that took a quarter of it doubled. */
const longSliceMs = 20;
const previewSessions = 2_000;
const previewDeliveries = 10_000;
/** Payloads and messages before the events they belong to. */
const sessionKinds: readonly SessionKind[] = ['payloads', 'raw', 'events'];

export interface PurgerPorts {
  readonly db: KeepingDb;
  readonly clock: Clock;
  readonly log: Log;
  readonly retention: () => Retention;
  /** Drops entries of the audit log from before an instant; how many went. */
  readonly dropAudit: (beforeAt: number, limit: number) => Promise<number>;
  /** Gives some of the space that became free back; whether there is more. */
  readonly shrink: () => Promise<'more' | 'done'>;
  /** Says what was purged, when anything was. */
  readonly purged: (counts: readonly PurgeCount[]) => Promise<void>;
}

interface Tally {
  items: number;
  readonly sessions: Set<string>;
}

/**
 * Purges what was kept long enough, in slices. What is open or not delivered is never touched. Everything is found
 * anew from what stands on disk, so that a stop at any point loses nothing but time.
 */
export class Purger {
  private rows = usualRows;
  private cancel: () => void = () => undefined;
  private running: Promise<readonly PurgeCount[]> | null = null;
  private stopped = false;
  private again = false;

  constructor(private readonly ports: PurgerPorts) {}

  /** Begins to look from time to time. */
  run(): void {
    this.plan(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.running?.catch(() => undefined);
  }

  /** Looks now; one that runs already looks once more when it is through. */
  soon(): void {
    if (this.running === null) return this.plan(0);
    this.again = true;
  }

  private plan(delayMs: number): void {
    this.cancel();
    if (this.stopped) return;
    this.cancel = this.ports.clock.after(delayMs, () => {
      this.purge().then(
        () => this.plan(this.again ? 0 : everyMs),
        (error: unknown) => {
          this.ports.log.warn({ err: error }, 'what was kept long enough could not all be purged; trying again soon');
          this.plan(againMs);
        },
      );
    });
  }

  /** Purges all there is to purge now; what it was. */
  purge(): Promise<readonly PurgeCount[]> {
    this.running ??= this.all().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async all(): Promise<readonly PurgeCount[]> {
    this.again = false;
    const tallies = new Map<KeptKind, Tally>();
    try {
      const retention = this.ports.retention();
      for (const begun of await begunPurges(this.ports.db)) await this.finish(begun, tallies);
      for (const kind of sessionKinds) {
        const keptMs = retention[kind];
        if (keptMs !== null) await this.sessions(kind, keptMs, tallies);
      }
      await this.longOnes(retention, tallies);
      await this.others(retention, tallies);
      while (!this.stopped && tallies.size > 0 && (await this.ports.shrink()) === 'more') await this.rest();
    } finally {
      // Also what was purged until something failed.
      await this.say(tallies);
    }
    return countsOf(tallies);
  }

  private async say(tallies: ReadonlyMap<KeptKind, Tally>): Promise<void> {
    const counts = countsOf(tallies);
    if (counts.length > 0) await this.ports.purged(counts);
  }

  private async sessions(kind: SessionKind, keptMs: number, tallies: Map<KeptKind, Tally>): Promise<void> {
    const { db, clock } = this.ports;
    const untilAt = clock.now() - keptMs;
    let after: OverSession | null = null;
    while (!this.stopped) {
      const { found, next }: Awaited<ReturnType<typeof sessionsToPurge>> = await sessionsToPurge(db, {
        ...{ kind, untilAt, after },
        limit: sessionsLooked,
      });
      for (const { id } of found) {
        if (this.stopped) return;
        await beginPurge(db, { sessionId: id, kind }, { at: clock.now(), afterMs: keptMs });
        await this.finish({ sessionId: id, kind }, tallies);
        await this.rest();
      }
      if (next === null) return;
      after = next;
      await this.rest();
    }
  }

  private async finish(begun: Begun, tallies: Map<KeptKind, Tally>): Promise<void> {
    for (;;) {
      if (this.stopped) return;
      const gone = await this.slice((limit) => purgeSlice(this.ports.db, begun, limit));
      if (gone === 0) break;
      note(tallies, begun.kind, { items: gone, session: begun.sessionId });
      await this.rest();
    }
    await endPurge(this.ports.db, begun);
  }

  /** Sessions that live on: what of them is over and old. */
  private async longOnes({ payloads, raw }: Retention, tallies: Map<KeptKind, Tally>): Promise<void> {
    const { db, clock } = this.ports;
    if (raw !== null) {
      const untilAt = clock.now() - raw;
      for (const id of await longSessions(db, untilAt))
        await this.drain(tallies, { kind: 'raw', session: id }, (limit) => oldRawSlice(db, id, { untilAt, limit }));
    }
    if (payloads === null) return;
    const untilAt = clock.now() - payloads;
    for (const id of await longSessions(db, untilAt)) {
      let after: string | null = '';
      while (after !== null && !this.stopped) {
        const from: { untilAt: number; after: string; limit: number } = { untilAt, after, limit: this.rows };
        const slice: Awaited<ReturnType<typeof oldPayloadSlice>> = await oldPayloadSlice(db, id, from);
        if (slice.items > 0) note(tallies, 'payloads', { items: slice.items, session: id });
        after = slice.after;
        await this.rest();
      }
    }
  }

  private async others({ deliveries, audit }: Retention, tallies: Map<KeptKind, Tally>): Promise<void> {
    const { db, clock, dropAudit } = this.ports;
    if (deliveries !== null) {
      const untilAt = clock.now() - deliveries;
      await this.drain(tallies, { kind: 'deliveries', session: null }, (limit) => deliverySlice(db, untilAt, limit));
    }
    if (audit !== null) {
      const beforeAt = clock.now() - audit;
      await this.drain(tallies, { kind: 'audit', session: null }, (limit) => dropAudit(beforeAt, limit));
    }
  }

  private async drain(
    tallies: Map<KeptKind, Tally>,
    { kind, session }: { readonly kind: KeptKind; readonly session: string | null },
    slice: (limit: number) => Promise<number>,
  ): Promise<void> {
    while (!this.stopped) {
      const gone = await this.slice(slice);
      if (gone === 0) return;
      note(tallies, kind, { items: gone, session });
      await this.rest();
    }
  }

  /** Of a size that does not keep others waiting: bodies differ from a few bytes to megabytes. */
  private async slice(run: (limit: number) => Promise<number>): Promise<number> {
    const startedAt = this.ports.clock.now();
    const gone = await run(this.rows);
    const tookMs = this.ports.clock.now() - startedAt;
    if (tookMs > longSliceMs) this.rows = Math.max(fewestRows, Math.floor(this.rows / 2));
    else if (tookMs * 4 < longSliceMs) this.rows = Math.min(mostRows, this.rows * 2);
    return gone;
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      this.ports.clock.after(restMs, resolve);
    });
  }
}

function note(
  tallies: Map<KeptKind, Tally>,
  kind: KeptKind,
  { items, session }: { readonly items: number; readonly session: string | null },
): void {
  const tally = tallies.get(kind) ?? { items: 0, sessions: new Set<string>() };
  tally.items += items;
  if (session !== null) tally.sessions.add(session);
  tallies.set(kind, tally);
}

function countsOf(tallies: ReadonlyMap<KeptKind, Tally>): readonly PurgeCount[] {
  return [...tallies].map(([kind, { items, sessions }]) => ({
    kind,
    items,
    sessions: kind === 'deliveries' || kind === 'audit' ? null : sessions.size,
    more: false,
  }));
}

/** What would be purged now, without touching anything; counting stops at some point, and says so. */
export async function previewPurge(
  { db, clock }: Pick<PurgerPorts, 'db' | 'clock'>,
  retention: Retention,
): Promise<readonly PurgeCount[]> {
  const counts: PurgeCount[] = [];
  for (const kind of sessionKinds) {
    const keptMs = retention[kind];
    if (keptMs === null) continue;
    const { found, more } = await dueNow(db, kind, clock.now() - keptMs);
    let items = 0;
    for (let from = 0; from < found.length; from += sessionsAtOnce) {
      items += await countIn(
        db,
        kind,
        found.slice(from, from + sessionsAtOnce).map(({ id }) => id),
      );
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    counts.push({ kind, items, sessions: found.length, more });
  }
  if (retention.deliveries !== null) {
    const items = await countOldDeliveries(db, clock.now() - retention.deliveries, previewDeliveries);
    counts.push({ kind: 'deliveries', items, sessions: null, more: items === previewDeliveries });
  }
  return counts;
}

/** The first sessions that would be purged, however many there are that were. */
async function dueNow(
  db: KeepingDb,
  kind: SessionKind,
  untilAt: number,
): Promise<{ readonly found: readonly OverSession[]; readonly more: boolean }> {
  const due: OverSession[] = [];
  for (let after: OverSession | null = null; ; ) {
    const { found, next }: Awaited<ReturnType<typeof sessionsToPurge>> = await sessionsToPurge(db, {
      ...{ kind, untilAt, after },
      limit: sessionsLooked,
    });
    due.push(...found);
    if (next === null || due.length >= previewSessions)
      return { found: due.slice(0, previewSessions), more: due.length >= previewSessions };
    after = next;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
