import { describe, expect, test } from 'vitest';
import { forgetDrafts, keepDrafts, keptDrafts } from '@/components/live/draft-storage';
import {
  type AttemptOrder,
  type AttemptStart,
  attemptMade,
  attemptQueued,
  attemptRefused,
  attemptSaved,
  attemptSent,
  attemptTakenBack,
  type Drafts,
  draftTyped,
  noDrafts,
} from '@/components/live/state/drafts';
import { refuse } from '@/lib/domain/refusal';
import { memoryStorage } from './memory-storage';
import { ana, ben, operationId, requestId } from './samples';

const one = requestId(1);
const order: AttemptOrder = {
  requestId: one,
  revision: 1,
  action: 'accept',
  reason: null,
  content: { center: '42' },
  tookMs: 900,
  remember: null,
};
const typed = draftTyped(noDrafts, one, { text: 'half a sentence', at: 5 });

function attempted(drafts: Drafts, number: number, start: AttemptStart = { state: 'sending' }): Drafts {
  return attemptMade(drafts, order, { operationId: operationId(number), start, at: 6 });
}

function idOf(drafts: Drafts): string | undefined {
  return drafts.get(one)?.attempt?.order.operationId;
}

describe('a draft', () => {
  test('is gone once the answer is saved', () => {
    expect(attemptSaved(attempted(typed, 1), operationId(1)).size).toBe(0);
  });

  test('I1 stays, with the refusal, when someone else won', () => {
    const refusal = refuse('already_answered', 'Ben Ode answered this first.', { by: 'Ben Ode' });
    const draft = attemptRefused(attempted(typed, 1), operationId(1), refusal).get(one);
    expect(draft).toMatchObject({ text: 'half a sentence', attempt: null, refusal });
  });

  test('is gone when its text was taken away', () => {
    expect(draftTyped(typed, one, { text: null, at: 6 }).size).toBe(0);
  });
});

describe('I1 an attempt', () => {
  test('is one: a second press while it is under way changes nothing', () => {
    const first = attempted(typed, 1);
    expect(attempted(first, 2)).toBe(first);
  });

  test('keeps its operation id when it could not be saved and the same is given again', () => {
    const refused = attemptRefused(attempted(typed, 1), operationId(1), refuse('cannot_save'));
    expect(idOf(attempted(refused, 2))).toBe(operationId(1));
  });

  test('gets a new operation id when something else is given', () => {
    const refused = attemptRefused(attempted(typed, 1), operationId(1), refuse('cannot_save'));
    const other = attemptMade(
      refused,
      { ...order, action: 'decline', content: null },
      { operationId: operationId(2), start: { state: 'sending' }, at: 7 },
    );
    expect(idOf(other)).toBe(operationId(2));
  });

  test('gets a new operation id after a refusal that decides', () => {
    const refused = attemptRefused(attempted(typed, 1), operationId(1), refuse('invalid_answer'));
    expect(idOf(attempted(refused, 2))).toBe(operationId(2));
  });

  test('can be taken back only while no byte of it was sent', () => {
    const queued = attempted(typed, 1, { state: 'queued' });
    expect(attemptTakenBack(queued, one).get(one)).toMatchObject({ text: 'half a sentence', attempt: null });
    const sent = attemptSent(queued, one);
    expect(attemptTakenBack(sent, one)).toBe(sent);
  });

  test('can be undone while it is held, and is held no more once it waits for the line', () => {
    const held = attempted(typed, 1, { state: 'held', untilAt: 4_006 });
    expect(held.get(one)?.attempt).toMatchObject({ state: 'held', untilAt: 4_006 });
    expect(attemptTakenBack(held, one).get(one)).toMatchObject({ text: 'half a sentence', attempt: null });
    const queued = attemptQueued(held, one);
    expect(queued.get(one)?.attempt).toEqual({ order: held.get(one)?.attempt?.order, state: 'queued' });
    expect(attemptSent(queued, one).get(one)?.attempt?.state).toBe('sending');
    expect(attemptQueued(attemptSent(held, one), one).get(one)?.attempt?.state).toBe('sending');
  });

  test('that asks for another choice to be remembered is another answer', () => {
    const refused = attemptRefused(attempted(typed, 1), operationId(1), refuse('cannot_save'));
    const other = attemptMade(
      refused,
      { ...order, remember: { for: '15min', fields: [] } },
      { operationId: operationId(2), start: { state: 'sending' }, at: 7 },
    );
    expect(idOf(other)).toBe(operationId(2));
  });

  test('a reply to an earlier attempt does not settle a later one', () => {
    const later = attempted(typed, 2);
    expect(attemptSaved(later, operationId(1))).toBe(later);
    expect(attemptRefused(later, operationId(1), refuse('not_open'))).toBe(later);
  });
});

describe('kept drafts', () => {
  test('I1 come back after a reload with their operation id', () => {
    const storage = memoryStorage();
    const drafts = attempted(typed, 1);
    keepDrafts(storage, ana.id, drafts);
    expect(keptDrafts(storage, ana.id, 10)).toEqual(drafts);
  });

  test('an answer that was held when the page was killed goes out when it is back', () => {
    const storage = memoryStorage();
    keepDrafts(storage, ana.id, attempted(typed, 1, { state: 'held', untilAt: 4_006 }));
    const attempt = keptDrafts(storage, ana.id, 10).get(one)?.attempt;
    expect(attempt).toMatchObject({ state: 'queued', order: { operationId: operationId(1), tookMs: 900 } });
  });

  test('I11 are for nobody else who signs in in the same tab', () => {
    const storage = memoryStorage();
    keepDrafts(storage, ana.id, typed);
    expect(keptDrafts(storage, ben.id, 10).size).toBe(0);
  });

  test('are forgotten after a day, and on signing out', () => {
    const storage = memoryStorage();
    keepDrafts(storage, ana.id, typed);
    expect(keptDrafts(storage, ana.id, 25 * 3_600_000).size).toBe(0);
    forgetDrafts(storage);
    expect(keptDrafts(storage, ana.id, 10).size).toBe(0);
  });

  test.each([
    '',
    'no json',
    '[]',
    '{"person":"per_ana","drafts":[1,null,["x",{}],["req_000000000001",{"touchedAt":"x"}]]}',
  ])('a storage that holds %j has none', (text) => {
    const storage = memoryStorage();
    storage.setItem('holdpoint.drafts', text);
    expect(keptDrafts(storage, ana.id, 10).size).toBe(0);
  });

  test('a forbidden or full storage loses nothing that is on screen', () => {
    const full = {
      ...memoryStorage(),
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    expect(() => keepDrafts(full, ana.id, typed)).not.toThrow();
    expect(keptDrafts(null, ana.id, 10).size).toBe(0);
  });
});
