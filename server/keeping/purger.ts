import type { AuditDueRow } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { PurgeCount, Retention } from '@/lib/domain/retention';
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
  stallSlice,
} from './purge-sql';
import { type PurgePart, PurgeTally } from './purge-tally';
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
  readonly record: () => PurgeRecord;
}

/** What the audit log keeps of one purging: one entry, written anew with every slice that goes. */
export interface PurgeRecord {
  row(counts: readonly PurgeCount[]): AuditDueRow;
  /** It is through, or came to a stop; what is on disk is said. Never throws. */
  end(counts: readonly PurgeCount[]): Promise<void>;
}

interface Purge {
  readonly tally: PurgeTally;
  readonly record: PurgeRecord;
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
    const purge: Purge = { tally: new PurgeTally(), record: this.ports.record() };
    const { tally, record } = purge;
    try {
      const retention = this.ports.retention();
      for (const begun of await begunPurges(this.ports.db)) await this.finish(begun, purge);
      for (const kind of sessionKinds) {
        const keptMs = retention[kind];
        if (keptMs !== null) await this.sessions(kind, keptMs, purge);
      }
      await this.longOnes(retention, purge);
      await this.others(retention, purge);
      while (!this.stopped && tally.counts.length > 0 && (await this.ports.shrink()) === 'more') await this.rest();
    } finally {
      // Also what was purged until something failed.
      await record.end(tally.counts);
    }
    return tally.counts;
  }

  private async sessions(kind: SessionKind, keptMs: number, purge: Purge): Promise<void> {
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
        await this.finish({ sessionId: id, kind }, purge);
        await this.rest();
      }
      if (next === null) return;
      after = next;
      await this.rest();
    }
  }

  private async finish(begun: Begun, purge: Purge): Promise<void> {
    const part = { kind: begun.kind, session: begun.sessionId };
    for (;;) {
      if (this.stopped) return;
      const gone = await this.slice((limit) =>
        this.known(purge, part, async (db) => ({ items: await purgeSlice(db, begun, limit) })),
      );
      if (gone.items === 0) break;
      await this.rest();
    }
    await endPurge(this.ports.db, begun);
  }

  /** One slice and what the audit log keeps of it, both or neither. */
  private async known<T extends { readonly items: number }>(
    { tally, record }: Purge,
    part: PurgePart,
    run: (db: KeepingDb) => Promise<T>,
  ): Promise<T> {
    const gone = await this.ports.db.transaction().execute(async (trx) => {
      const slice = await run(trx);
      if (slice.items > 0) await putRow(trx, record.row(tally.with(part, slice.items)));
      return slice;
    });
    if (gone.items > 0) tally.add(part, gone.items);
    return gone;
  }

  /** Sessions that live on: what of them is over and old. */
  private async longOnes({ payloads, raw }: Retention, purge: Purge): Promise<void> {
    const { db, clock } = this.ports;
    if (raw !== null) {
      const untilAt = clock.now() - raw;
      for (const id of await longSessions(db, untilAt))
        await this.drain(purge, { kind: 'raw', session: id }, (trx, limit) => oldRawSlice(trx, id, { untilAt, limit }));
    }
    if (payloads === null) return;
    const untilAt = clock.now() - payloads;
    for (const id of await longSessions(db, untilAt)) {
      let after: string | null = '';
      while (after !== null && !this.stopped) {
        const from: { untilAt: number; after: string; limit: number } = { untilAt, after, limit: this.rows };
        const slice: Awaited<ReturnType<typeof oldPayloadSlice>> = await this.known(
          purge,
          { kind: 'payloads', session: id },
          (trx) => oldPayloadSlice(trx, id, from),
        );
        after = slice.after;
        await this.rest();
      }
    }
  }

  private async others({ events, deliveries, audit }: Retention, purge: Purge): Promise<void> {
    const { clock } = this.ports;
    if (events !== null) await this.stalls(clock.now() - events);
    if (deliveries !== null) {
      const untilAt = clock.now() - deliveries;
      await this.drain(purge, { kind: 'deliveries', session: null }, (trx, limit) =>
        deliverySlice(trx, untilAt, limit),
      );
    }
    if (audit !== null) await this.dropEntries(clock.now() - audit, purge);
  }

  /** Each drop is an entry of its own, in its own transaction; here they are only added up. */
  private async dropEntries(beforeAt: number, purge: Purge): Promise<void> {
    const part = { kind: 'audit', session: null } as const;
    while (!this.stopped) {
      const items = await this.slice((limit) => this.ports.dropAudit(beforeAt, limit));
      if (items === 0) return;
      await this.known(purge, part, async () => ({ items }));
      await this.rest();
    }
  }

  /** They are marks of ours and nothing people kept, so nobody is told. */
  private async stalls(untilAt: number): Promise<void> {
    let after: string | null = '';
    while (after !== null && !this.stopped) {
      after = await stallSlice(this.ports.db, { untilAt, after, limit: this.rows });
      await this.rest();
    }
  }

  private async drain(
    purge: Purge,
    part: PurgePart,
    run: (db: KeepingDb, limit: number) => Promise<number>,
  ): Promise<void> {
    while (!this.stopped) {
      const gone = await this.slice((limit) =>
        this.known(purge, part, async (db) => ({ items: await run(db, limit) })),
      );
      if (gone.items === 0) return;
      await this.rest();
    }
  }

  /** Of a size that does not keep others waiting: bodies differ from a few bytes to megabytes. */
  private async slice<T>(run: (limit: number) => Promise<T>): Promise<T> {
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

async function putRow(db: KeepingDb, row: AuditDueRow): Promise<void> {
  await db
    .insertInto('hp_audit_due')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ body: row.body }))
    .execute();
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
