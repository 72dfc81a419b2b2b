import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '@/lib/domain/audit';
import { wholeAudit } from '@/lib/domain/audit-look';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import type { AgentId, CallId, SessionId } from '@/lib/domain/ids';
import type { AgentCall } from '@/server/engine/ports/store';
import { keptForEver, type PurgeCount, type Retention } from '@/lib/domain/retention';
import type { Clock } from '@/server/engine/ports/clock';
import { purgesOf, sessionsToPurge } from '@/server/keeping/purge-sql';
import { maskingAct, purgeAct, retentionAct } from '@/server/keeping/keeping-acts';
import { type PurgeRecord, Purger, previewPurge } from '@/server/keeping/purger';
import { MaskingBook } from '@/server/keeping/masking-book';
import { RetentionBook } from '@/server/keeping/retention-book';
import type { KeepingDb } from '@/server/keeping/tables';
import { migrateNotify } from '@/server/notify/migrate';
import { person } from '@/tests/engine/workplace';
import { loseNextCommit } from '@/tests/policy/policy-place';
import type { Subject } from '../contract';
import { draftOf } from './audit';
import { type Opened, opened } from '../opened';
import {
  commitOf,
  completedCall,
  logEvent,
  newCallId,
  newRequestId,
  newSessionId,
  requestOf,
  summaryOf,
  workingCall,
} from '../samples';
import { recordingLog } from '../silent-log';

const dayMs = 86_400_000;
const nowAt = 1_764_000_000_000 + 100 * dayMs;
const old = nowAt - 40 * dayMs;
const young = nowAt - 5 * dayMs;

/** Time stands still; what waits for it runs at once. */
const clock: Clock = {
  now: () => nowAt,
  after: (_delayMs, run) => {
    setImmediate(run);
    return () => undefined;
  },
};

function dbOf({ db }: Pick<Opened, 'db'>): KeepingDb {
  return db as unknown as KeepingDb;
}

interface Choice {
  readonly state?: 'active' | 'ended';
  readonly at?: number;
  readonly open?: 'call' | 'request';
  readonly payloads?: number;
}

/** A session with a call, a request, their bodies, and raw messages. */
async function session({ store }: Opened, choice: Choice = {}): Promise<SessionId> {
  const { state = 'ended', at = old, open, payloads = 1 } = choice;
  const sessionId = newSessionId();
  const calls = Array.from({ length: payloads }, () => {
    const working = workingCall(newCallId());
    return open === 'call' ? working : completedCall(working);
  });
  const requestId = newRequestId();
  const request = requestOf(sessionId, requestId, { state: open === 'request' ? 'open' : 'delivered', openedAt: at });
  await store.commit([
    commitOf(sessionId, {
      events: [1, 2, 3].map((seq) => logEvent(sessionId, seq)),
      summary: summaryOf(sessionId, { state, startedAt: at }),
      calls,
      requests: [request],
      payloads: [
        ...calls.flatMap(({ callId }) => [
          { owner: callId, kind: 'arguments' as const, body: { a: 1 } },
          { owner: callId, kind: 'result' as const, body: { content: [] } },
        ]),
        { owner: requestId, kind: 'answer' as const, body: { yes: true } },
      ],
      raw: [1, 2, 3, 4].map((seq) => ({
        sessionId,
        seq,
        at: at + seq,
        side: 'agent' as const,
        direction: 'in' as const,
        server: null,
        connectionId: null,
        stream: 'post',
        message: { seq },
      })),
    }),
  ]);
  return sessionId;
}

async function rowsOf({ db }: Opened, sessionId: SessionId): Promise<Record<string, number>> {
  const tables = { payloads: 'hp_payload', raw: 'hp_raw_message', events: 'hp_event', calls: 'hp_call' } as const;
  const counted = await Promise.all(
    Object.entries(tables).map(async ([name, table]): Promise<[string, number]> => {
      const rows = await db.selectFrom(table).select('session_id').where('session_id', '=', sessionId).execute();
      return [name, rows.length];
    }),
  );
  return Object.fromEntries(counted);
}

const whole = { payloads: 3, raw: 4, events: 3, calls: 1 };

/** As `openKeeping` does it, and what was said is kept. */
function recordOf({ audit }: Opened, said: (readonly PurgeCount[])[]): PurgeRecord {
  const entry = audit.gather();
  return {
    row: (counts) => entry.row(purgeAct(counts, nowAt)),
    async end(counts) {
      if (counts.length > 0) said.push(counts);
      entry.release();
      await audit.settle();
    },
  };
}

async function actsOf({ audit }: Opened): Promise<readonly AuditEntry[]> {
  const { entries } = await audit.page(wholeAudit, { before: null, limit: 500 });
  return entries.toReversed();
}

function itemsIn({ payloads }: JsonObject): readonly number[] {
  const items = isJsonObject(payloads) ? payloads['items'] : null;
  return typeof items === 'number' ? [items] : [];
}

interface Purging {
  readonly purger: Purger;
  readonly said: (readonly PurgeCount[])[];
  /** Resolved when it was killed. */
  readonly dead: Promise<void>;
}

function purging(from: Opened, retention: Partial<Retention>, more: { readonly breakAfter?: number } = {}): Purging {
  const said: (readonly PurgeCount[])[] = [];
  let left = more.breakAfter ?? Number.POSITIVE_INFINITY;
  let die: () => void = () => undefined;
  const dead = new Promise<void>((resolve) => {
    die = resolve;
  });
  const rests: Clock = {
    now: () => nowAt,
    after: (delayMs, run) => {
      left -= 1;
      // A process that is killed does nothing more.
      if (left >= 0) return clock.after(delayMs, run);
      die();
      return () => undefined;
    },
  };
  const purger = new Purger({
    db: dbOf(from),
    clock: rests,
    log: recordingLog().log,
    retention: () => ({ ...keptForEver, ...retention }),
    dropAudit: (beforeAt, limit) => from.audit.dropBefore(beforeAt, limit),
    shrink: async () => 'done',
    record: () => recordOf(from, said),
  });
  return { purger, said, dead };
}

export function keepingTests(subject: Subject): void {
  describe('what was kept long enough', () => {
    it('is purged by its kind, and what is younger, open or alive stays whole (I5, I14)', async () => {
      const from = await opened(await subject.freshUrl());
      const gone = await session(from, { payloads: 200 });
      const kept = [
        await session(from, { at: young }),
        await session(from, { open: 'request' }),
        await session(from, { open: 'call' }),
        await session(from, { state: 'active', at: young }),
      ];
      const { purger, said } = purging(from, { payloads: 30 * dayMs });
      await purger.purge();
      expect(await rowsOf(from, gone)).toEqual({ payloads: 0, raw: 4, events: 3, calls: 200 });
      for (const id of kept) expect(await rowsOf(from, id)).toEqual(whole);
      expect(said).toEqual([[{ kind: 'payloads', items: 401, sessions: 1, more: false }]]);
      expect(await purgesOf(dbOf(from), gone)).toEqual([{ kind: 'payloads', at: nowAt, afterMs: 30 * dayMs }]);
      // Nothing is left to say.
      await purger.purge();
      expect(said).toHaveLength(1);
      await from.store.close();
    });

    it('leaves of a session whose events go its line alone, with one mark', async () => {
      const from = await opened(await subject.freshUrl());
      const id = await session(from);
      const all = { payloads: dayMs, raw: dayMs, events: 30 * dayMs };
      await purging(from, all).purger.purge();
      expect(await rowsOf(from, id)).toEqual({ payloads: 0, raw: 0, events: 0, calls: 0 });
      expect(await from.store.session(id)).not.toBeNull();
      expect(await from.store.requests({ states: ['delivered'], before: null, limit: 10 })).toEqual([]);
      expect(await purgesOf(dbOf(from), id)).toEqual([{ kind: 'events', at: nowAt, afterMs: 30 * dayMs }]);
      await from.store.close();
    });

    it('goes on after a stop at any point, and ends the same (I5)', async () => {
      const from = await opened(await subject.freshUrl());
      const ids = [await session(from, { payloads: 30 }), await session(from, { payloads: 120 })];
      const all = { payloads: dayMs, raw: dayMs, events: 30 * dayMs };
      for (const breakAfter of [0, 1, 2, 3, 5]) {
        const { purger, dead } = purging(from, all, { breakAfter });
        // Never settles: a process that is killed does not either.
        await Promise.race([dead, purger.purge()]);
      }
      await purging(from, all).purger.purge();
      for (const id of ids) expect(await rowsOf(from, id)).toEqual({ payloads: 0, raw: 0, events: 0, calls: 0 });
      const begun = await dbOf(from).selectFrom('hp_purged').select('done').where('done', '=', 0).execute();
      expect(begun).toEqual([]);
      await from.store.close();
    });

    it('I15 is gone with its entry, or neither, wherever it stops', async () => {
      const url = await subject.freshUrl();
      const from = await opened(url);
      const id = await session(from, { payloads: 300 });
      for (const breakAfter of [0, 1, 2, 4]) {
        const { purger, dead } = purging(from, { payloads: dayMs }, { breakAfter });
        await Promise.race([dead, purger.purge()]);
        // The next life takes in what the last one left.
        const next = await opened(url);
        const said = (await actsOf(next)).flatMap(({ act, facts }) =>
          act === 'retention.purged' ? itemsIn(facts) : [],
        );
        const left = (await rowsOf(next, id))['payloads'] ?? 0;
        expect(said.reduce((sum, items) => sum + items, 0)).toBe(601 - left);
        expect(left).toBeLessThan(601);
        await next.store.close();
      }
      const { purger } = purging(from, { payloads: dayMs });
      const other = await session(from);
      await sql`alter table hp_audit_due rename to hp_away`.execute(from.db);
      await expect(purger.purge()).rejects.toThrow('hp_audit_due');
      expect(await rowsOf(from, other)).toEqual(whole);
      await sql`alter table hp_away rename to hp_audit_due`.execute(from.db);
      await from.store.close();
    });

    it('marks of stalls go with the events, those of an open call and young ones stay (I12)', async () => {
      const from = await opened(await subject.freshUrl());
      const count = async (id: SessionId, at: number): Promise<string> => {
        const { id: call } = await from.db
          .selectFrom('hp_call')
          .select('id')
          .where('session_id', '=', id)
          .executeTakeFirstOrThrow();
        const key = `${call} quiet ${at}`;
        const fact = { at, what: 'stalled', team: '', server: 'files', tool: 'read', ms: 0 } as const;
        await from.store.countStall({ key, fact });
        return key;
      };
      const gone = await session(from);
      for (let index = 0; index < 120; index += 1) await count(gone, old + index);
      const kept = [
        await count(await session(from, { state: 'active', open: 'call' }), old),
        await count(await session(from, { at: young }), young),
      ].sort();
      const left = async (): Promise<readonly string[]> => {
        const rows = await dbOf(from).selectFrom('hp_stall').select('stall').execute();
        return rows.map(({ stall }) => stall).sort();
      };
      await purging(from, { payloads: dayMs }).purger.purge();
      expect(await left()).toHaveLength(122);
      const { purger, said } = purging(from, { events: 30 * dayMs });
      await purger.purge();
      expect(await left()).toEqual(kept);
      expect(said).toMatchObject([[{ kind: 'events', sessions: 1 }]]);
      await from.store.close();
    });

    it('is purged in a session that lives on, as far as it is over and delivered (I5)', async () => {
      const from = await opened(await subject.freshUrl());
      const id = await session(from, { state: 'active' });
      await purging(from, { payloads: dayMs, raw: dayMs }).purger.purge();
      // The call's outcome was not collected; the request is over.
      expect(await rowsOf(from, id)).toEqual({ payloads: 2, raw: 0, events: 3, calls: 1 });
      expect(await purgesOf(dbOf(from), id)).toEqual([]);
      await from.store.close();
    });

    it('is not what a person answered for a call that goes on: it is offered again (I4)', async () => {
      const from = await opened(await subject.freshUrl());
      const sessionId = newSessionId();
      const call = workingCall(newCallId());
      const [own, other] = [newRequestId(), newRequestId()];
      await from.store.commit([
        commitOf(sessionId, {
          events: [logEvent(sessionId, 1)],
          summary: summaryOf(sessionId, { state: 'active', startedAt: old }),
          calls: [call],
          requests: [
            requestOf(sessionId, own, { state: 'delivered', openedAt: old, callId: call.callId }),
            requestOf(sessionId, other, { state: 'delivered', openedAt: old }),
          ],
          payloads: [own, other].map((owner) => ({ owner, kind: 'answer' as const, body: { yes: true } })),
        }),
      ]);
      await purging(from, { payloads: dayMs }).purger.purge();
      expect(await from.store.payload(own, 'answer')).toEqual({ yes: true });
      expect(await from.store.payload(other, 'answer')).toBeNull();
      await from.store.close();
    });

    it('leaves the keys of calls, so that the same call does not run a second time (I4)', async () => {
      const from = await opened(await subject.freshUrl());
      const sessionId = await session(from);
      const bound = (callId: CallId, key: string | null, task: AgentCall['task']): AgentCall => ({
        ...{ callId, sessionId, key, task },
        agentId: 'agt_1' as AgentId,
        digest: 'd',
        createdAt: old,
      });
      const [keyed, plain] = [newCallId(), newCallId()];
      const task = { ttlMs: 1_000, pollMs: null } as unknown as AgentCall['task'];
      await from.store.commit([
        commitOf(sessionId, { agentCalls: [bound(keyed, 'invoice-7', task), bound(plain, null, task)] }),
      ]);
      const listed = () => from.store.agentTasks('agt_1' as AgentId, { before: null, limit: 10 });
      expect(await listed()).toHaveLength(2);
      await purging(from, { payloads: dayMs, raw: dayMs, events: 30 * dayMs }).purger.purge();
      expect(await from.store.agentCallByKey('agt_1' as AgentId, 'invoice-7')).toMatchObject({ callId: keyed });
      expect(await from.store.agentCall(plain)).toBeNull();
      expect(await listed()).toEqual([]);
      await from.store.close();
    });

    it('is found in stretches of what ended, so that a long past that was purged holds nobody up', async () => {
      const from = await opened(await subject.freshUrl());
      for (const at of [0, 1, 2, 3]) await session(from, { at: old + at });
      await purging(from, { payloads: 30 * dayMs }).purger.purge();
      const due = await session(from, { at: old + 4 });
      const look = { kind: 'payloads', untilAt: nowAt - dayMs, limit: 2 } as const;
      const first = await sessionsToPurge(dbOf(from), { ...look, after: null });
      expect(first).toMatchObject({ found: [], next: { overAt: expect.any(Number) } });
      const second = await sessionsToPurge(dbOf(from), { ...look, after: first.next });
      expect(second.found).toEqual([]);
      const third = await sessionsToPurge(dbOf(from), { ...look, after: second.next });
      expect(third).toMatchObject({ found: [{ id: due }], next: null });
      await from.store.close();
    });

    it('is counted by a preview that touches nothing', async () => {
      const from = await opened(await subject.freshUrl());
      await migrateNotify(from.db, from.kind);
      const id = await session(from);
      const retention = { ...keptForEver, payloads: dayMs, raw: dayMs, events: 90 * dayMs, deliveries: dayMs };
      expect(await previewPurge({ db: dbOf(from), clock }, retention)).toEqual([
        { kind: 'payloads', items: 3, sessions: 1, more: false },
        { kind: 'raw', items: 4, sessions: 1, more: false },
        { kind: 'events', items: 0, sessions: 0, more: false },
        { kind: 'deliveries', items: 0, sessions: null, more: false },
      ]);
      expect(await rowsOf(from, id)).toEqual(whole);
      await from.store.close();
    });

    it('of the audit log goes from its beginning, and what is left verifies (I15)', async () => {
      const from = await opened(await subject.freshUrl());
      for (const at of [old, old + 1, old + 2, young]) await from.audit.record(draftOf(`at-${at}`, { at }));
      const { purger, said } = purging(from, { audit: 30 * dayMs });
      await purger.purge();
      expect(said).toEqual([[{ kind: 'audit', items: 3, sessions: null, more: false }]]);
      const left = await from.db.selectFrom('hp_audit').select(['act', 'about_id']).orderBy('seq').execute();
      expect(left[0]).toEqual({ act: 'team.created', about_id: `at-${young}` });
      expect(await from.audit.check(null, 1_000)).toMatchObject({ broken: null, isEnd: true });
      await from.store.close();
    });

    it('of the delivery log goes, but what waits and what tells of open requests (I5)', async () => {
      const from = await opened(await subject.freshUrl());
      await migrateNotify(from.db, from.kind);
      const openId = newRequestId();
      const sessionId = newSessionId();
      await from.store.commit([
        commitOf(sessionId, {
          events: [logEvent(sessionId, 1)],
          summary: summaryOf(sessionId),
          requests: [requestOf(sessionId, openId)],
        }),
      ]);
      const notice = (name: string, row: { request_id?: string; state?: string; created_at?: number }): object => ({
        ...{ id: name, request_id: 'req_gone', kind: 'opened', channel: 'email', recipient: name, occurrence: '' },
        ...{ state: 'sent', gather: 0, attempts: 1, next_at: 0, body: '{}', created_at: old },
        ...row,
      });
      const rows = [
        notice('old', {}),
        notice('old-failed', { state: 'failed' }),
        notice('waits', { state: 'pending' }),
        notice('young', { created_at: young }),
        notice('of-open', { request_id: openId }),
      ];
      await dbOf(from)
        .insertInto('hp_notice')
        .values(rows as never)
        .execute();
      const { purger, said } = purging(from, { deliveries: 30 * dayMs });
      await purger.purge();
      const left = await dbOf(from).selectFrom('hp_notice').select('id').orderBy('id').execute();
      expect(left.map((row) => row.id)).toEqual(['of-open', 'waits', 'young']);
      expect(said).toEqual([[{ kind: 'deliveries', items: 2, sessions: null, more: false }]]);
      await from.store.close();
    });
  });

  describe('masking rules', () => {
    it('are kept with their versions; the configuration’s are the first alone', async () => {
      const from = await opened(await subject.freshUrl());
      const parts = { db: dbOf(from), audit: from.audit, clock, log: recordingLog().log };
      const rule = { name: 'IBAN', path: '$..iban', parts: ['arguments'], server: null, tool: null } as const;
      const book = await MaskingBook.open(parts, [rule]);
      expect(book.current).toEqual({ version: 1, rules: [rule], savedAt: nowAt, savedBy: null });
      const other = { ...rule, path: '$..ssn' };
      const saving = (rules: readonly MaskingRule[], by: string) => {
        const act = maskingAct(person('admin', by), nowAt, { base: 1, before: [rule], rules });
        return book.save({ base: 1, rules, by, act });
      };
      expect(await saving([other], 'Mika')).toMatchObject({ version: 2, savedBy: 'Mika' });
      expect(await saving([], 'Ana')).toBeNull();
      expect(await actsOf(from)).toMatchObject([
        { act: 'masking.saved', actor: { kind: 'holdpoint' }, facts: { rules: 1, before: 0 } },
        { act: 'masking.saved', actor: { kind: 'person', name: 'Mika' }, facts: { names: ['IBAN: $..ssn'] } },
      ]);
      const again = await MaskingBook.open(parts, [rule]);
      expect(again.current).toMatchObject({ version: 2, rules: [other] });
      expect(again.covered({ ssn: 1 }, { part: 'arguments', server: 'a', tool: 'b' })).toEqual([['ssn']]);
      await from.store.close();
    });

    it('I15 are in force with their entry, or neither; also when only the word of it was lost', async () => {
      const from = await opened(await subject.freshUrl());
      const db = dbOf(from);
      const parts = { db, audit: from.audit, clock, log: recordingLog().log };
      const [masking, retention] = [await MaskingBook.open(parts, []), await RetentionBook.open(parts, null)];
      const mika = person('admin', 'Mika');
      const rules = [{ name: 'IBAN', path: '$..iban', parts: ['arguments'], server: null, tool: null }] as const;
      const mask = (): ReturnType<MaskingBook['save']> => {
        const { version: base, rules: before } = masking.current;
        return masking.save({ base, rules, by: 'Mika', act: maskingAct(mika, nowAt, { base, before, rules }) });
      };
      const keep = (): ReturnType<RetentionBook['save']> => {
        const { version: base, retention: before } = retention.current;
        const after = { ...before, raw: 90 * dayMs };
        const act = retentionAct(mika, nowAt, { before, after });
        return retention.save({ base, retention: after, by: 'Mika', act });
      };
      await sql`alter table hp_audit_due rename to hp_away`.execute(from.db);
      await expect(mask()).rejects.toThrow('hp_audit_due');
      await expect(keep()).rejects.toThrow('hp_audit_due');
      await sql`alter table hp_away rename to hp_audit_due`.execute(from.db);
      expect([masking.current.version, retention.current.version]).toEqual([0, 0]);
      loseNextCommit(from.db as never);
      expect(await mask()).toMatchObject({ version: 1, rules });
      loseNextCommit(from.db as never);
      expect(await keep()).toMatchObject({ version: 1, retention: { raw: 90 * dayMs } });
      expect((await actsOf(from)).map(({ act }) => act)).toEqual(['masking.saved', 'retention.saved']);
      await from.store.close();
    });
  });
}
