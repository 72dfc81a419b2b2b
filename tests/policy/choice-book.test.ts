import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditDraft } from '@/lib/domain/audit';
import { wholeAudit } from '@/lib/domain/audit-look';
import type { AgentId, ChoiceId, PersonId, SessionId } from '@/lib/domain/ids';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { ChoiceBook } from '@/server/policy/choice-book';
import { type Kind, loseNextCommit, type PolicyPlace, PolicyPlaces, silent, StillClock } from './policy-place';

const places = new PolicyPlaces();
const open: PolicyPlace[] = [];
beforeAll(() => places.start());
afterAll(() => places.stop());
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const clock = new StillClock();
const live = new Set<SessionId>();
const session = 'ses_A' as SessionId;
const other = 'ses_B' as SessionId;
const agent = { id: 'agt_a' as AgentId, name: 'night-shift' };
const ana = { id: 'per_ana' as PersonId, name: 'Ana' };

async function placeOf(kind: Kind): Promise<PolicyPlace> {
  const place = await places.open(kind);
  open.push(place);
  live.clear();
  live.add(session);
  return place;
}

const bookOf = ({ db, audit }: PolicyPlace) =>
  ChoiceBook.open({ db, audit, clock, log: silent, isLive: (id) => live.has(id) });

function actOf({ choiceId, revokedAt }: RememberedChoice): AuditDraft {
  return {
    act: revokedAt === null ? 'choice.remembered' : 'choice.revoked',
    at: clock.now(),
    actor: { kind: 'person', ...ana },
    from: null,
    about: { kind: 'choice', id: choiceId, name: null },
    why: null,
    facts: {},
  };
}

const add = (book: ChoiceBook, one: RememberedChoice): Promise<void> => book.add(one, actOf(one));

/** What the audit log says of choices, oldest first. */
async function said({ audit }: PolicyPlace): Promise<readonly string[]> {
  const { entries } = await audit.page(wholeAudit, { before: null, limit: 500 });
  return entries.map(({ act, about }) => `${act} ${about.id}`).toReversed();
}

function choice(id: string, more: Partial<RememberedChoice> = {}): RememberedChoice {
  return {
    choiceId: `chc_${id}` as ChoiceId,
    decision: 'approve',
    agent,
    server: 'bank',
    tool: 'pay',
    definitionDigest: 'd',
    ruleId: 'r',
    fields: [],
    by: ana,
    as: { role: 'approver', teams: [] },
    madeAt: clock.now(),
    remembered: 'revoked',
    untilAt: null,
    sessionId: null,
    revokedAt: null,
    used: 0,
    ...more,
  };
}

const asked = { agentId: agent.id, sessionId: session, server: 'bank', tool: 'pay' };
const idsOf = (choices: readonly RememberedChoice[]) => choices.map(({ choiceId }) => choiceId);

describe.each(['SQLite', 'PostgreSQL'] as const)('remembered choices, on %s', (kind) => {
  it('are for their agent, server, tool, session and time, and nothing else', async () => {
    const book = await bookOf(await placeOf(kind));
    await add(book, choice('always'));
    await add(book, choice('timed', { untilAt: clock.now() + 1_000, remembered: '15min' }));
    await add(book, choice('session', { sessionId: session, remembered: 'session' }));
    expect(idsOf(book.matching(asked))).toEqual(['chc_always', 'chc_timed', 'chc_session']);
    expect(idsOf(book.matching({ ...asked, sessionId: other }))).toEqual(['chc_always', 'chc_timed']);
    expect(book.matching({ ...asked, tool: 'other' })).toEqual([]);
    expect(book.matching({ ...asked, server: 'other' })).toEqual([]);
    expect(book.matching({ ...asked, agentId: 'agt_b' as AgentId })).toEqual([]);
    clock.at += 1_000;
    expect(idsOf(book.matching(asked))).toEqual(['chc_always', 'chc_session']);
    expect(idsOf(book.list(ana.id))).toEqual(['chc_session', 'chc_always']);
    expect(book.list('per_other' as PersonId)).toEqual([]);
  });

  it('I5 are there after a restart, with how often they were used', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    await add(book, choice('kept'));
    book.used('chc_kept' as ChoiceId);
    book.used('chc_kept' as ChoiceId);
    // Writes go one after the other, so this comes after the counts.
    await add(book, choice('later'));
    expect((await bookOf(place)).list(null)).toMatchObject([
      { choiceId: 'chc_later', used: 0 },
      { choiceId: 'chc_kept', used: 2 },
    ]);
  });

  it('end when they are revoked, and for good, however many uses are being counted', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    for (let round = 0; round < 20; round += 1) {
      const id = `chc_${round}` as ChoiceId;
      await add(book, choice(String(round)));
      for (let use = 0; use < 5; use += 1) book.used(id);
      const revoking = book.revoke(id, actOf);
      expect(book.matching(asked)).toEqual([]);
      expect(await revoking).toMatchObject({ revokedAt: clock.now() });
      expect(await book.revoke(id, actOf)).toBeNull();
      expect((await bookOf(place)).list(null)).toEqual([]);
    }
  });

  it('I2 are not called revoked while the database is away, and go on', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    await add(book, choice('stays'));
    place.trouble.when = 'before';
    await expect(book.revoke('chc_stays' as ChoiceId, actOf)).rejects.toThrow('the database is away');
    expect(idsOf(book.matching(asked))).toEqual(['chc_stays']);
    place.trouble.when = 'never';
    expect(await book.revoke('chc_stays' as ChoiceId, actOf)).not.toBeNull();
    expect((await bookOf(place)).list(null)).toEqual([]);
  });

  it('I2 one that could not be saved decides nothing', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    place.trouble.when = 'before';
    await expect(add(book, choice('lost'))).rejects.toThrow('the database is away');
    expect(book.matching(asked)).toEqual([]);
  });

  it('are put away when their time or their session is over, and only then', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    await add(book, choice('always'));
    await add(book, choice('timed', { untilAt: clock.now() + 1_000 }));
    await add(book, choice('session', { sessionId: session }));
    await book.sweep();
    expect(book.list(null)).toHaveLength(3);
    clock.at += 1_000;
    live.clear();
    expect(idsOf(book.list(null))).toEqual(['chc_always']);
    await book.sweep();
    expect(book.find('chc_timed' as ChoiceId)).toBeNull();
    expect(book.find('chc_session' as ChoiceId)).toBeNull();
    live.add(session);
    clock.at -= 1_000;
    expect(idsOf((await bookOf(place)).list(null))).toEqual(['chc_always']);
  });

  it('are put away at a later sweep when the database was away', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    await add(book, choice('one', { untilAt: clock.now() }));
    await add(book, choice('two', { untilAt: clock.now() }));
    place.trouble.when = 'before';
    await expect(book.sweep()).rejects.toThrow('the database is away');
    place.trouble.when = 'never';
    await book.sweep();
    const open_ = await place.db.selectFrom('hp_choice').select('id').where('open', '=', 1).execute();
    expect(open_).toEqual([]);
  });

  it('I15 and what the audit log keeps of them are both on disk, or neither', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    await add(book, choice('kept'));
    await book.revoke('chc_kept' as ChoiceId, actOf);
    place.breakTable('hp_audit_due');
    await expect(add(book, choice('lost'))).rejects.toThrow('hp_audit_due');
    expect((await bookOf(place)).list(null)).toEqual([]);
    place.mend();
    await add(book, choice('stays'));
    place.breakTable('hp_audit_due');
    await expect(book.revoke('chc_stays' as ChoiceId, actOf)).rejects.toThrow('hp_audit_due');
    expect(idsOf((await bookOf(place)).list(null))).toEqual(['chc_stays']);
    place.mend();
    expect(await said(place)).toEqual([
      'choice.remembered chc_kept',
      'choice.revoked chc_kept',
      'choice.remembered chc_stays',
    ]);
  });

  it('I15 are on record at the next start when we died between a change and its entry', async () => {
    const place = await placeOf(kind);
    const { audit } = place;
    const dead = { ...audit, settle: () => new Promise<void>(() => undefined) };
    const book = await bookOf({ ...place, audit: dead });
    void add(book, choice('kept'));
    await expect.poll(async () => (await bookOf(place)).list(null).length).toBe(1);
    expect(await said(place)).toEqual([]);
    await audit.settle();
    expect(await said(place)).toEqual(['choice.remembered chc_kept']);
  });

  it('I2 are remembered and revoked when that was saved and only that was not heard', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    loseNextCommit(place.db);
    await add(book, choice('one'));
    expect(idsOf(book.matching(asked))).toEqual(['chc_one']);
    loseNextCommit(place.db);
    expect(await book.revoke('chc_one' as ChoiceId, actOf)).toMatchObject({ revokedAt: clock.now() });
    expect(book.matching(asked)).toEqual([]);
    expect(await said(place)).toEqual(['choice.remembered chc_one', 'choice.revoked chc_one']);
  });

  it('I2 one whose revoking was not heard of at all ends when that is found out', async () => {
    const place = await placeOf(kind);
    const book = await bookOf(place);
    await add(book, choice('one'));
    loseNextCommit(place.db);
    const { db } = place;
    const select = db.selectFrom.bind(db);
    const away = (): never => {
      throw new Error('the database is away');
    };
    Object.assign(db, { selectFrom: away });
    await expect(book.revoke('chc_one' as ChoiceId, actOf)).rejects.toThrow('the connection was lost');
    expect(idsOf(book.matching(asked))).toEqual(['chc_one']);
    // A use that is counted meanwhile opens nothing.
    book.used('chc_one' as ChoiceId);
    Object.assign(db, { selectFrom: select });
    await book.sweep();
    expect(book.matching(asked)).toEqual([]);
    expect((await bookOf(place)).list(null)).toEqual([]);
  });
});
