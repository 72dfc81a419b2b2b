import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '@/lib/domain/audit';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import type { PersonId } from '@/lib/domain/ids';
import type { AuditTrail } from '@/server/engine/ports/audit';
import { auditPage, auditSpan } from '@/server/store/audit/audit-pages';
import type { Subject } from '../contract';
import { type Opened, opened } from '../opened';
import { linesThat, planOf, queriesOf, sorts, walksTable } from '../query-plan';
import { commitOf, newSessionId, summaryOf } from '../samples';
import { draftOf } from './audit';

const startAt = 1_764_000_000_000;
const many = 960;
const acts = ['team.created', 'session.ended', 'rules.saved'] as const;
const people = ['per_ada', 'per_bo'] as const;
const abouts = ['pay', 'ops', 'ses_000000000001'] as const;

/** Now and then the clock is set back: what was written later says that it was earlier. */
function atOf(number: number): number {
  return startAt + number * 1_000 - (number % 97 < 3 ? 300_000 : 0);
}

async function write({ store }: Opened): Promise<void> {
  const drafts = Array.from({ length: many }, (_, number) => {
    const [act, person, about] = [acts[number % 3], people[Math.floor(number / 3) % 2], abouts[number % 5]];
    const actor =
      number % 4 === 0
        ? ({ kind: 'holdpoint' } as const)
        : { kind: 'person' as const, id: (person ?? 'per_ada') as PersonId, name: person ?? '' };
    return draftOf(about ?? 'nobody', {
      at: atOf(number),
      act: act ?? 'team.created',
      actor,
      why: number % 7 === 0 ? '50% off, they said' : null,
      facts: number % 11 === 0 ? { session: abouts[2] } : {},
    });
  });
  for (let from = 0; from < many; from += 320)
    expect(await store.commit([commitOf(newSessionId(), { audit: drafts.slice(from, from + 320) })])).toEqual({
      ok: true,
    });
}

/** Page by page, as the screen reads it. */
async function readAll(audit: Pick<AuditTrail, 'page'>, look: AuditLook): Promise<readonly number[]> {
  const all: number[] = [];
  for (let before: number | null = null; ; ) {
    const page = await audit.page(look, { before, limit: 70 });
    all.push(...page.entries.map(({ seq }) => seq));
    if (page.next === null) return all;
    before = page.next;
  }
}

/** The same from below: the pages of what is newer than the first. */
async function readUp(audit: Pick<AuditTrail, 'page'>, look: AuditLook): Promise<readonly number[]> {
  const all: number[] = [];
  for (let after = 0; ; ) {
    const page = await audit.page(look, { after, limit: 70 });
    all.unshift(...page.entries.map(({ seq }) => seq));
    if (page.next === null) return all;
    after = page.next;
  }
}

function fits(entry: AuditEntry, { act, who, about, fromAt, toAt, text }: AuditLook): boolean {
  const actorId = 'id' in entry.actor ? entry.actor.id : null;
  return (
    (act === null || entry.act === act) &&
    (who === null || actorId === who) &&
    (about === null || entry.about.id === about || entry.facts['session'] === about) &&
    (fromAt === null || entry.at >= fromAt) &&
    (toAt === null || entry.at < toAt) &&
    (text === null || (entry.why ?? '').includes(text))
  );
}

const looks: fc.Arbitrary<AuditLook> = fc.record({
  act: fc.constantFrom(null, ...acts, 'masking.saved'),
  who: fc.constantFrom(null, ...people, 'per_nobody'),
  about: fc.constantFrom(null, ...abouts, 'nothing'),
  fromAt: fc.constantFrom(null, 0, startAt + 200_500, startAt + 900_000, startAt * 2),
  toAt: fc.constantFrom(null, 1, startAt + 210_000, startAt + 1_000_000),
  text: fc.constantFrom(null, '50% off', 'nobody says so'),
});

export function auditPageTests(subject: Subject): void {
  describe('pages of the audit log', () => {
    it('hold what a plain filter over all of it finds, newest first, also where a clock was set back', async () => {
      const whole = await opened(await subject.freshUrl());
      await write(whole);
      const entries = (await whole.audit.lines(0, many, many)).map((line) => JSON.parse(line) as AuditEntry).reverse();
      expect(entries).toHaveLength(many);
      const wanted = (look: AuditLook) => entries.filter((entry) => fits(entry, look)).map(({ seq }) => seq);
      await fc.assert(
        fc.asyncProperty(looks, async (look) => {
          expect(await readAll(whole.audit, look)).toEqual(wanted(look));
          expect(await readUp(whole.audit, look)).toEqual(wanted(look));
        }),
        { numRuns: 120, seed: 12 },
      );
      // An entry whose clock was behind stands after those of its time, and is found all the same.
      const late = { ...wholeAudit, fromAt: startAt, toAt: atOf(485) + 1 };
      expect(wanted(late)[0]).toBe(486);
      expect(await readAll(whole.audit, late)).toEqual(wanted(late));
      await whole.store.close();
    });

    it('are found by indexes alone, in order, whatever is looked for; instants by their own', async () => {
      const whole = await opened(await subject.freshUrl());
      const { db, kind, audit } = whole;
      for (const about of abouts) await audit.record(draftOf(about));
      const time = { fromAt: startAt, toAt: startAt + 9 };
      const asked: readonly [Partial<AuditLook>, RegExp][] = [
        [{}, /./],
        [{ act: 'session.ended' }, /COVERING INDEX hp_audit_of_act |Index Only Scan.*hp_audit_of_act/],
        [{ act: 'session.ended', ...time }, /COVERING INDEX hp_audit_of_act |Index Only Scan.*hp_audit_of_act/],
        [{ who: 'per_ada', ...time }, /COVERING INDEX hp_audit_of_actor |Index Only Scan.*hp_audit_of_actor/],
        [{ who: 'per_ada', act: 'session.ended' }, /hp_audit_of_actor_act/],
      ];
      for (const [narrow, index] of asked) {
        const look = { ...wholeAudit, ...narrow };
        // The bounds of a time are another query; here the page itself is looked at.
        for (const side of [{ before: 50 }, { after: 1 }]) {
          const sent = await queriesOf(db, (of) => auditPage(of, look, { ...side, limit: 10 }));
          const page = sent.at(-1);
          if (page === undefined || sent.length !== 2) throw new Error('two queries were to be asked');
          const plan = await planOf(whole, page);
          expect(plan.join('\n')).toMatch(index);
          expect(linesThat(walksTable[kind], plan)).toEqual([]);
          expect(linesThat(sorts[kind], plan)).toEqual([]);
        }
      }
      const [span] = await queriesOf(db, (of) => auditSpan(of, time));
      if (span === undefined) throw new Error('nothing was asked');
      const plan = (await planOf(whole, span)).join('\n');
      expect(plan).toMatch(/COVERING INDEX hp_audit_by_time|Index Only Scan.*hp_audit_by_moment/);
      await whole.store.close();
    });
  });

  describe('the indexes of the past', () => {
    it.each([
      ['before anything was made', ['hp_session_by_agent_end', 'hp_audit_of_act', 'hp_audit_of_actor_act']],
      ['half way', ['hp_audit_of_actor_act']],
      ['at its end', []],
    ])('are all there when an upgrade was cut short %s (I5)', async (_when, missing) => {
      const url = await subject.freshUrl();
      const first = await opened(url);
      const names = async ({ db, kind }: Opened): Promise<unknown> =>
        (kind === 'sqlite'
          ? await sql`select name, sql from sqlite_master where type = 'index' order by name`.execute(db)
          : await sql`select indexname, indexdef from pg_indexes where schemaname = current_schema()
              order by indexname`.execute(db)
        ).rows;
      const whole = await names(first);
      const id = newSessionId();
      await first.store.commit([commitOf(id, { summary: summaryOf(id) })]);
      if (missing.length === 3 && first.kind === 'postgres') {
        // A name of an earlier release may be longer than an index takes.
        const letters = Array.from({ length: 2_000 }, (_, at) => String.fromCodePoint(0x1f300 + ((at * 7_919) % 700)));
        await sql`drop index hp_session_names`.execute(first.db);
        await sql`update hp_session set search = ${letters.join('')}`.execute(first.db);
      }
      for (const name of missing) await sql`drop index ${sql.id(name)}`.execute(first.db);
      await sql`create index hp_audit_by_act on hp_audit (act, seq)`.execute(first.db);
      await sql`delete from hp_migration where name >= '0012'`.execute(first.db);
      await first.store.close();
      const again = await opened(url);
      expect(await names(again)).toEqual(whole);
      expect(await again.store.sessions({ live: null, search: null, before: null, limit: 5 })).toHaveLength(1);
      await again.store.close();
    });
  });
}
