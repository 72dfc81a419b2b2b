import { holdpoint } from '@/lib/domain/actor';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '@/server/engine/ports/log';
import { RuleBook } from '@/server/policy/rule-book';
import { migratePolicy } from '@/server/policy/tables';
import { type Kind, loseNextCommit, type PolicyPlace, PolicyPlaces, silent, StillClock } from './policy-place';
import { questionOf, ruleOf } from './policy-samples';

const places = new PolicyPlaces();
const open: PolicyPlace[] = [];
beforeAll(() => places.start());
afterAll(() => places.stop());
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const clock = new StillClock();
const deny = ruleOf('args.amount > 500', { id: 'deny', decision: 'deny' });
const hold = ruleOf('true', { id: 'hold' });
const allow = ruleOf('true', { id: 'allow', decision: 'allow' });

async function placeOf(kind: Kind): Promise<PolicyPlace> {
  const place = await places.open(kind);
  open.push(place);
  return place;
}

const book = ({ db }: PolicyPlace, first = [allow], log: Log = silent) => RuleBook.open({ db, clock, log }, first);
const save = (of: RuleBook, base: number, rules = [hold]) =>
  of.save({ base, rules, by: 'Mei Tan', who: { actor: holdpoint, from: null }, note: 'Why.' });

describe.each(['SQLite', 'PostgreSQL'] as const)('the rules in force, on %s', (kind) => {
  it('are the configuration’s in a database that has none, and what was saved after that', async () => {
    const place = await placeOf(kind);
    const first = await book(place);
    expect(first.current).toEqual({
      version: 1,
      rules: [allow],
      savedAt: clock.now(),
      savedBy: null,
      note: 'From the configuration file.',
    });
    clock.at += 1_000;
    const saved = await save(first, 1, [deny, hold]);
    expect(saved).toMatchObject({ version: 2, rules: [deny, hold], savedBy: 'Mei Tan', note: 'Why.' });
    expect(first.decide(questionOf({ amount: 900 }))).toMatchObject({ decision: 'deny' });
    const again = await book(place);
    expect(again.current).toEqual(saved);
    expect(again.version).toBe(first.version);
    expect(await again.versions()).toEqual([
      { version: 2, rules: 2, savedAt: clock.now(), savedBy: 'Mei Tan', note: 'Why.' },
      { version: 1, rules: 1, savedAt: clock.now() - 1_000, savedBy: null, note: 'From the configuration file.' },
    ]);
    expect(await again.read(1)).toMatchObject({ version: 1, rules: [allow] });
    expect(await again.read(9)).toBeNull();
  });

  it('say at a start that the file has changed, and go on as they were saved', async () => {
    const place = await placeOf(kind);
    await book(place);
    const said: string[] = [];
    const log: Log = { ...silent, warn: (_fields, message) => void said.push(message) };
    expect((await book(place, [allow], log)).current.rules).toEqual([allow]);
    expect(said).toEqual([]);
    expect((await book(place, [hold], log)).current.rules).toEqual([allow]);
    expect(said).toEqual([expect.stringContaining('the rules of the configuration file are not those')]);
  });

  it('tables are made once, however often it is asked', async () => {
    const place = await placeOf(kind);
    await migratePolicy(place.db);
    expect((await book(place, [])).current).toMatchObject({ version: 1, rules: [], note: null });
  });

  it('of two saves of one base at once, one wins and the other is refused', async () => {
    const place = await placeOf(kind);
    const rules = await book(place);
    const outcomes = await Promise.all([save(rules, 1, [hold]), save(rules, 1, [deny])]);
    expect(outcomes.filter((one) => one === null)).toHaveLength(1);
    const won = outcomes.find((one) => one !== null);
    expect(rules.current).toEqual(won);
    expect((await book(place)).current).toEqual(won);
    expect(await save(rules, 1, [deny])).toBeNull();
    expect((await save(rules, 2, [deny]))?.version).toBe(3);
  });

  it('the same rules saved again have the same version, other rules another (I6)', async () => {
    const rules = await book(await placeOf(kind));
    const { version } = rules;
    await save(rules, 1, [allow]);
    expect(rules.version).toBe(version);
    await save(rules, 2, [hold]);
    expect(rules.version).not.toBe(version);
  });

  it('I2 stay as they were while the database is away, and can be saved when it is back', async () => {
    const place = await placeOf(kind);
    const rules = await book(place);
    place.trouble.when = 'before';
    await expect(save(rules, 1)).rejects.toThrow('the database is away');
    expect(rules.current).toMatchObject({ version: 1, rules: [allow] });
    expect(rules.decide(questionOf())).toMatchObject({ decision: 'allow' });
    place.trouble.when = 'never';
    expect(await save(rules, 1)).toMatchObject({ version: 2 });
  });

  it('I2 are in force when they were saved and only that was not heard', async () => {
    const place = await placeOf(kind);
    const rules = await book(place);
    loseNextCommit(place.db);
    expect(await save(rules, 1)).toMatchObject({ version: 2, rules: [hold] });
    expect(rules.decide(questionOf())).toMatchObject({ decision: 'hold' });
    expect((await book(place)).current).toEqual(rules.current);
  });

  it('I2 what is in the database and was never heard of is found at the next save', async () => {
    const place = await placeOf(kind);
    const rules = await book(place);
    await save(await book(place), 1, [deny]);
    expect(await save(rules, 1, [hold])).toBeNull();
    expect(rules.current).toMatchObject({ version: 2, rules: [deny] });
    expect(await save(rules, 2, [hold])).toMatchObject({ version: 3 });
  });
});
