import { describe, expect, it } from 'vitest';
import type { AuditDraft } from '@/lib/domain/audit';
import { entryHash } from '@/server/store/audit/audit-hash';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { commitOf, logEvent, newSessionId } from '../samples';

export function draftOf(about: string, more: Partial<AuditDraft> = {}): AuditDraft {
  return {
    act: 'team.created',
    at: 1_764_000_000_000,
    actor: { kind: 'holdpoint' },
    from: null,
    about: { kind: 'team', id: about, name: null },
    why: null,
    facts: {},
    ...more,
  };
}

export function auditTests(subject: Subject): void {
  describe('the audit log', () => {
    it('takes acts in the transaction of their events, or neither (I2, I15)', async () => {
      const { store, db } = await opened(await subject.freshUrl());
      const sessionId = newSessionId();
      const abouts = async () =>
        (await db.selectFrom('hp_audit').select('about_id').orderBy('seq').execute()).map((row) => row.about_id);
      const write = (seq: number, about: string) =>
        store.commit([commitOf(sessionId, { events: [logEvent(sessionId, seq)], audit: [draftOf(about)] })]);

      expect(await write(1, 'first')).toEqual({ ok: true });
      expect(await write(1, 'overtaken')).toMatchObject({ ok: false, code: 'conflict' });
      expect(await abouts()).toEqual(['first']);
      expect(await write(2, 'second')).toEqual({ ok: true });
      expect(await abouts()).toEqual(['first', 'second']);
      await store.close();
    });

    it('takes what waits for it, says of what was put there from outside that it is unproven, and is stopped by none', async () => {
      const { store, db, audit } = await opened(await subject.freshUrl());
      const foreign = JSON.stringify(draftOf('forged'));
      const bodies = ['null', '{}', foreign, `${'0'.repeat(64)} {}`, `${'0'.repeat(64)} ${foreign}`];
      const rows = bodies.map((body, at) => ({ id: `000000000000000-${at}`, body }));
      await db.insertInto('hp_audit_due').values(rows).execute();
      await db
        .insertInto('hp_audit_due')
        .values(audit.row(draftOf('ours')))
        .execute();
      await audit.settle();
      const found = await db.selectFrom('hp_audit').select(['about_id', 'body']).orderBy('seq').execute();
      expect(found.map((row) => [row.about_id, row.body.includes('"unproven":true')])).toEqual([
        ['forged', true],
        ['ours', false],
      ]);
      const left = await db.selectFrom('hp_audit_due').select('id').orderBy('id').execute();
      expect(left.map(({ id }) => id.at(-1))).toEqual(['0', '1', '2', '3']);
      expect(await audit.check(null, 100)).toMatchObject({ broken: null, isEnd: true });
      await store.close();
    });

    it('has one chain, whoever writes and however much at once (I15)', async () => {
      const url = await subject.freshUrl();
      const { store, audit } = await opened(url);
      const writes = Array.from({ length: 30 }, (_item, at) => {
        if (at % 3 === 0) return audit.record(draftOf(`act-${at}`));
        const sessionId = newSessionId();
        const acts = [draftOf(`event-${at}`), draftOf(`event-${at}`, { why: 'é 漢字 👩‍👩‍👧 \u0000' })];
        return store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 1)], audit: acts })]);
      });
      await Promise.all(writes);
      // And over a restart.
      await store.close();
      const again = await opened(url);
      await again.audit.record(draftOf('later'));
      const rows = await again.db.selectFrom('hp_audit').selectAll().orderBy('seq').execute();
      expect(rows).toHaveLength(51);
      let before = '0'.repeat(64);
      rows.forEach((row, at) => {
        expect(row.seq).toBe(at + 1);
        expect(JSON.parse(row.body)).toMatchObject({ seq: at + 1, prev: before });
        expect(row.hash).toBe(entryHash(row.body));
        before = row.hash;
      });
      expect(await again.db.selectFrom('hp_audit_head').selectAll().execute()).toMatchObject([
        { id: 1, base_seq: 0, seq: 51, hash: before },
      ]);
      await again.store.close();
    });

    it('goes on after another writer was first (I15)', async () => {
      const url = await subject.freshUrl();
      const one = await opened(url);
      const other = await opened(url);
      await one.audit.record(draftOf('one'));
      await other.audit.record(draftOf('two'));
      await one.audit.record(draftOf('three'));
      const rows = await one.db.selectFrom('hp_audit').select(['seq', 'about_id']).orderBy('seq').execute();
      expect(rows.map((row) => row.about_id)).toEqual(['one', 'two', 'three']);
      await one.store.close();
      await other.store.close();
    });
  });
}
