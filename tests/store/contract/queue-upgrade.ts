import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { HoldRequest } from '@/lib/domain/request';
import type { Subject } from '../contract';
import { opened } from '../opened';
import { lookOf, personId, team } from '../queue-model';
import { commitOf, newRequestId, newSessionId, requestOf, summaryOf } from '../samples';

const rows = 1_001;

/** Every way a row can stand, again and again, so that each batch has all. */
function someRequests(sessionId: HoldRequest['sessionId']): readonly HoldRequest[] {
  const states = ['open', 'answered', 'expired'] as const;
  const claim = { by: { id: personId('ada'), name: 'Ada' }, untilAt: 1_764_000_000_001 };
  return Array.from({ length: rows }, (_, at) =>
    requestOf(sessionId, newRequestId(), {
      ...{ state: states[at % 3] ?? 'open', openedAt: at, title: `Row ${at}` },
      ...(at % 4 === 0 ? { facts: { team: team('Pay'), assignedTo: { id: personId('ada'), name: 'Ada' } } } : {}),
      ...(at % 5 === 0 ? { claim } : {}),
    }),
  );
}

export function queueUpgradeTests(subject: Subject): void {
  describe('requests from before there was a queue to page', () => {
    it.each([0, 400, 700])('are all in it, also when an upgrade was cut short after %i of them (I5)', async (done) => {
      const url = await subject.freshUrl();
      const first = await opened(url);
      const sessionId = newSessionId();
      const requests = someRequests(sessionId);
      await first.store.commit([commitOf(sessionId, { requests, summary: summaryOf(sessionId) })]);
      const written = (await sql`select * from hp_request order by id`.execute(first.db)).rows;
      for (const index of ['hp_request_by_end', 'hp_event_by_request']) {
        await sql`drop index ${sql.id(index)}`.execute(first.db);
      }
      await sql`update hp_request set due_at = null, over_at = null, for_teams = '', assigned_to = null,
        claim_by = null, claim_until = null, risk = '', agent_name = '', search = ''
        where id not in (select id from hp_request order by id limit ${done})`.execute(first.db);
      await sql`delete from hp_migration where name >= '0003'`.execute(first.db);
      await first.store.close();

      const { store, db } = await opened(url);
      expect((await sql`select * from hp_request order by id`.execute(db)).rows).toEqual(written);
      const page = await store.queue({ ...lookOf({ view: 'answered', text: 'shift row' }), limit: 1_000 });
      expect(page).toHaveLength(requests.filter(({ state }) => state !== 'open').length);
      await store.close();
    });

    it('keep the process from starting not at all when one of them is damaged, which is in no view', async () => {
      const url = await subject.freshUrl();
      const first = await opened(url);
      const sessionId = newSessionId();
      const [whole, damaged] = [newRequestId(), newRequestId()];
      const requests = [whole, damaged].map((id) => requestOf(sessionId, id, { state: 'expired' }));
      await first.store.commit([commitOf(sessionId, { requests, summary: summaryOf(sessionId) })]);
      await sql`update hp_request set body = '{', over_at = null where id = ${damaged}`.execute(first.db);
      await sql`delete from hp_migration where name >= '0003'`.execute(first.db);
      await first.store.close();
      const { store } = await opened(url);
      const found = await store.queue(lookOf({ view: 'answered' }));
      expect(found.map(({ request }) => request.requestId)).toEqual([whole]);
      await expect(store.request(damaged)).rejects.toThrow(damaged);
      await store.close();
    });
  });
}
