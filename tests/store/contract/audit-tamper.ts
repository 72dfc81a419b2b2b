import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wholeAudit } from '@/lib/domain/audit-look';
import type { AuditPlace } from '@/lib/domain/audit';
import type { AuditStep, AuditTrail } from '@/server/engine/ports/audit';
import { openStore } from '@/server/store/open-store';
import { AuditSeal } from '@/server/store/audit/audit-hash';
import { readAudit } from '@/server/store/audit/store-audit';
import type { Database } from '@/server/store/schema';
import type { Subject } from '../contract';
import { type Opened, opened } from '../opened';
import { recordingLog } from '../silent-log';
import { draftOf } from './audit';

const entries = 25;
/** Smaller than the log, so that steps are taken over its borders. */
const stepSize = 4;

/** Verifies the whole log step by step. */
export async function verified(audit: Pick<AuditTrail, 'check'>): Promise<AuditStep> {
  let after: AuditPlace | null = null;
  for (;;) {
    const step: AuditStep = await audit.check(after, stepSize);
    if (step.broken !== null || step.isEnd) return step;
    after = step.upTo;
  }
}

/** What someone with the database's password does, and which entry is named for it. */
const attacks: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ['changes a reason', [`update hp_audit set body = replace(body, 'why-7"', 'why-8"') where seq = 7`], 7, /its hash/],
  [
    'changes a hash',
    [`update hp_audit set hash = replace(hash, substr(hash, 1, 8), '01234567') where seq = 9`],
    9,
    /its hash/,
  ],
  ['hides an entry from who looks by act', [`update hp_audit set act = 'team.removed' where seq = 3`], 3, /column act/],
  ['hides an entry from who looks by time', [`update hp_audit set at = at - 1 where seq = 25`], 25, /column at/],
  ['deletes the first entry', ['delete from hp_audit where seq = 1'], 1, /missing; entry 2/],
  ['deletes one entry', ['delete from hp_audit where seq = 12'], 12, /missing; entry 13/],
  ['deletes several', ['delete from hp_audit where seq between 12 and 20'], 12, /up to entry 20/],
  ['cuts off the last entry', ['delete from hp_audit where seq = 25'], 25, /cut off from the end$/],
  ['cuts off the end', ['delete from hp_audit where seq > 20'], 21, /cut off.*up to entry 25/],
  ['deletes everything', ['delete from hp_audit'], 1, /cut off.*up to entry 25/],
  [
    'exchanges two entries',
    [
      'update hp_audit set seq = 1000 where seq = 5',
      'update hp_audit set seq = 5 where seq = 6',
      'update hp_audit set seq = 6 where seq = 1000',
    ],
    5,
    /entry 6, moved/,
  ],
  [
    'cuts off the end and the seal says less',
    [
      'delete from hp_audit where seq > 20',
      'update hp_audit_head set seq = 20, hash = (select hash from hp_audit where seq = 20)',
    ],
    20,
    /seal of the end does not fit/,
  ],
  [
    'drops the beginning and says it was dropped',
    [
      'update hp_audit_head set base_seq = 5, base_hash = (select hash from hp_audit where seq = 5)',
      'delete from hp_audit where seq <= 5',
    ],
    25,
    /seal of the end does not fit/,
  ],
  ['removes the seal', ['delete from hp_audit_head'], 25, /seal of the end is gone/],
  ['empties the seal', [`update hp_audit_head set seal = ''`], 25, /seal of the end does not fit/],
];

export function tamperTests(subject: Subject): void {
  describe('a log that someone with the database’s password changed (I15)', () => {
    let place: Opened | null = null;
    let url = '';
    const at = (): Opened => {
      if (place === null) throw new Error('not open');
      return place;
    };
    beforeAll(async () => {
      url = await subject.freshUrl();
      place = await opened(url);
    });
    afterAll(() => place?.store.close());
    beforeEach(async () => {
      await at().store.close();
      url = await subject.freshUrl();
      place = await opened(url);
      for (let seq = 1; seq <= entries; seq += 1)
        await at().audit.record(draftOf(`about-${seq}`, { why: `why-${seq}`, at: seq * 1_000 }));
      expect(await verified(at().audit)).toMatchObject({ broken: null, isEnd: true, upTo: { seq: entries } });
    });

    it.each(attacks)('is found out: who %s', async (...[, statements, seq, why]) => {
      const { db, audit } = at();
      await all(db, statements);
      expect((await verified(audit)).broken).toEqual({ seq, why: expect.stringMatching(why) });
      // By a command beside the server, which has only the secret, too.
      const beside = readAudit({ db, seal: new AuditSeal('s'.repeat(43)) });
      expect((await verified(beside)).broken?.seq).toBe(seq);
      // What is written later does not cover it; a seal alone is made again by the process, which knows the end.
      const isSealAlone = statements.every(
        (statement) => statement.includes('hp_audit_head') && !statement.includes('seq'),
      );
      await audit.record(draftOf('later'));
      expect((await verified(audit)).broken === null).toBe(isSealAlone);
    });

    it('stays found out over a restart, and what is written after it', async () => {
      await all(at().db, ['delete from hp_audit where seq > 20']);
      await at().store.close();
      place = await opened(url);
      await at().audit.record(draftOf('after'));
      const step = await verified(at().audit);
      expect(step.broken).toMatchObject({ seq: 21, why: expect.stringMatching(/missing.*up to entry 25/) });
    });

    it('says for ever that its end was sealed anew, when another secret comes or the seal was forged', async () => {
      await at().store.close();
      const log = recordingLog();
      const opening = await openStore({ databaseUrl: url, secret: 'another'.repeat(7), log: log.log });
      if (!opening.ok) throw new Error(opening.message);
      await opening.audit.record(draftOf('after'));
      let [after, anew]: [AuditPlace | null, number[]] = [null, []];
      for (;;) {
        const step: AuditStep = await opening.audit.check(after, stepSize);
        expect(step.broken).toBeNull();
        anew = [...anew, ...step.sealedAnew];
        after = step.upTo;
        if (step.isEnd) break;
      }
      expect(anew).toEqual([entries + 1]);
      expect(log.lines.map((line) => JSON.stringify(line)).join()).toContain('sealed anew');
      await opening.store.close();
    });

    it('drops its oldest, and the rest verifies from the place they left', async () => {
      const { audit, db } = at();
      expect(await audit.dropBefore(11_000, 4)).toBe(4);
      expect(await verified(audit)).toMatchObject({ broken: null, isEnd: true, base: { seq: 4 } });
      expect(await audit.dropBefore(11_000, 100)).toBe(6);
      expect(await audit.dropBefore(11_000, 100)).toBe(0);
      const step = await verified(audit);
      expect(step).toMatchObject({ broken: null, isEnd: true, base: { seq: 10 }, upTo: { seq: entries + 2 } });
      const said = await audit.page({ ...wholeAudit, act: 'audit.dropped' }, { before: null, limit: 10 });
      expect(said.entries.map(({ facts }) => [facts['first'], facts['last']])).toEqual([
        [5, 10],
        [1, 4],
      ]);
      expect(said.entries[0]?.facts['hash']).toBe(step.base.hash);
      // And over a restart; and what is dropped without us is missed.
      await at().store.close();
      place = await opened(url);
      await at().audit.record(draftOf('after'));
      expect(await verified(at().audit)).toMatchObject({ broken: null, isEnd: true });
      await all(at().db, ['delete from hp_audit where seq = 11']);
      expect((await verified(at().audit)).broken?.seq).toBe(11);
      expect(db).not.toBe(at().db);
    });

    it('is not taken for broken while it is dropped and written to', async () => {
      const { audit } = at();
      const writing = Array.from({ length: 40 }, (_item, n) => audit.record(draftOf(`more-${n}`, { at: 99_000 })));
      const dropping = Array.from({ length: 8 }, () => audit.dropBefore(21_000, 3));
      const checks = await Promise.all([verified(audit), verified(audit), verified(audit)]);
      await Promise.all([...writing, ...dropping]);
      for (const step of [...checks, await verified(audit)]) expect(step.broken).toBeNull();
    });
  });
}

async function all(db: Kysely<Database>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
