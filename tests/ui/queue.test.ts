import { describe, expect, test } from 'vitest';
import { claimLeaseMs, type HoldRequest, type OpenRequest } from '@/lib/domain/request';
import type { OperationId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import type { QueueItem } from '@/lib/domain/request-detail';
import {
  arrange,
  countViews,
  groupOf,
  idsOf,
  inView,
  lastAnswerOf,
  nextOpen,
  noFilter,
  passes,
  pendingChange,
  type QueueLook,
  readView,
  sameArrangement,
  stepFrom,
} from '@/lib/domain/queue';

const now = 1_800_000_000_000;
const minuteMs = 60_000;
const me = 'per_me' as PersonId;
const ana = 'per_ana' as PersonId;
const look: QueueLook = { me, now, drafted: new Set() };

interface Made {
  readonly id: string;
  readonly leftMs?: number;
  readonly kind?: HoldRequest['kind'];
  readonly openedAt?: number;
  readonly claimedBy?: PersonId;
}

function open({ id, leftMs = 30 * minuteMs, kind = 'form', openedAt = now - minuteMs, claimedBy }: Made): QueueItem {
  const request: OpenRequest = {
    requestId: id as RequestId,
    sessionId: 'ses_1' as SessionId,
    kind,
    callId: null,
    candidates: [],
    server: 'sandbox-accounts',
    tool: 'request_account',
    title: `Title of ${id}`,
    risk: 'writes',
    deadline: { at: now + leftMs, cause: 'default', reason: 'the default', onExpiry: 'deny' },
    upstream: null,
    digest: null,
    elicitationId: null,
    earlier: null,
    openedAt,
    seq: 1,
    revision: 1,
    state: 'open',
    claim: claimedBy === undefined ? null : { by: { id: claimedBy, name: 'Someone' }, untilAt: now + claimLeaseMs },
  };
  return { request, agent: 'oncall-copilot', call: null };
}

function answered(id: string, savedAt: number, by: PersonId = me): QueueItem {
  const item = open({ id });
  const { claim: _claim, ...facts } = item.request as OpenRequest;
  const request: HoldRequest = {
    ...facts,
    state: 'answered',
    answer: {
      by: { kind: 'person', id: by, name: 'Someone' },
      action: 'accept',
      reason: null,
      operationId: 'op_1' as OperationId,
      savedAt,
    },
    receipt: { to: null, sentAt: null, acceptedAt: null, movedOnAt: null },
  };
  return { ...item, request };
}

const ids = (items: readonly QueueItem[]): readonly string[] => idsOf(arrange(items, now));

describe('groups and order', () => {
  test('a deadline under five minutes is ending, whatever the kind', () => {
    expect(groupOf(open({ id: 'a', leftMs: 5 * minuteMs - 1 }), now)).toBe('ending');
    expect(groupOf(open({ id: 'a', leftMs: 5 * minuteMs - 1, kind: 'approval' }), now)).toBe('ending');
    expect(groupOf(open({ id: 'a', leftMs: -1 }), now)).toBe('ending');
  });

  test('what decides over a call that is not under way is parked; every question of a running call is live', () => {
    for (const kind of ['approval', 'recovery'] as const) expect(groupOf(open({ id: 'a', kind }), now)).toBe('parked');
    for (const kind of ['form', 'url', 'sampling'] as const) expect(groupOf(open({ id: 'a', kind }), now)).toBe('live');
  });

  test('I8 rows are sorted by the real deadline, then by age, parked ones last', () => {
    const items = [
      open({ id: 'late', leftMs: 60 * minuteMs }),
      open({ id: 'parked', leftMs: 10 * minuteMs, kind: 'approval' }),
      open({ id: 'younger', leftMs: 20 * minuteMs, openedAt: now - 1 }),
      open({ id: 'older', leftMs: 20 * minuteMs, openedAt: now - 2 }),
      open({ id: 'soon', leftMs: minuteMs }),
    ];
    expect(ids(items)).toEqual(['soon', 'older', 'younger', 'late', 'parked']);
  });

  test('I12 the order does not depend on the order of arrival', () => {
    const items = [open({ id: 'a' }), open({ id: 'b' }), open({ id: 'c', leftMs: minuteMs }), answered('d', now)];
    expect(ids([...items].reverse())).toEqual(ids(items));
  });

  test('what is over comes newest first', () => {
    expect(ids([answered('first', now - 3), answered('last', now - 1), answered('middle', now - 2)])).toEqual([
      'last',
      'middle',
      'first',
    ]);
  });
});

describe('views', () => {
  test('Mine holds what I claimed or began, not what others claimed or whose lease lapsed', () => {
    expect(inView(open({ id: 'a', claimedBy: me }), 'mine', look)).toBe(true);
    expect(inView(open({ id: 'a', claimedBy: ana }), 'mine', look)).toBe(false);
    expect(inView(open({ id: 'a', claimedBy: me }), 'mine', { ...look, now: now + claimLeaseMs })).toBe(false);
    expect(inView(open({ id: 'a' }), 'mine', { ...look, drafted: new Set(['a']) })).toBe(true);
    expect(inView(answered('a', now), 'mine', { ...look, drafted: new Set(['a']) })).toBe(false);
  });

  test('counts cover open work only', () => {
    const items = [open({ id: 'a', claimedBy: me }), open({ id: 'b', leftMs: 1 }), answered('c', now)];
    expect(countViews(items, look)).toEqual({ mine: 1, expiring: 1, open: 2, answered: 0 });
  });

  test('an unknown view of an address is the whole open queue', () => {
    expect(readView('mine')).toBe('mine');
    expect(readView('__proto__')).toBe('open');
    expect(readView(null)).toBe('open');
  });

  test('a filter asks for every word, in any field, and for kind and risk', () => {
    const item = open({ id: 'req_1' });
    expect(passes(item, noFilter)).toBe(true);
    expect(passes(item, { ...noFilter, text: ' COPILOT  sandbox ' })).toBe(true);
    expect(passes(item, { ...noFilter, text: 'copilot payments' })).toBe(false);
    expect(passes(item, { ...noFilter, kinds: ['approval'] })).toBe(false);
    expect(passes(item, { ...noFilter, kinds: ['form'], risks: ['writes'] })).toBe(true);
    expect(passes(item, { ...noFilter, risks: ['destructive'] })).toBe(false);
  });
});

describe('rows that stay where they are', () => {
  test('new rows and rows that end soon are counted, not moved', () => {
    const before = [open({ id: 'a', leftMs: 6 * minuteMs }), open({ id: 'b', leftMs: 20 * minuteMs })];
    const shown = arrange(before, now);
    const fresh = arrange([...before, open({ id: 'c', leftMs: minuteMs })], now + 2 * minuteMs);
    expect(pendingChange(shown, fresh)).toEqual({ added: ['c'], hurried: ['a'] });
    expect(pendingChange(shown, shown)).toEqual({ added: [], hurried: [] });
    expect(sameArrangement(shown, arrange(before, now))).toBe(true);
    expect(sameArrangement(shown, fresh)).toBe(false);
  });

  test('steps stay inside the list and start at its ends', () => {
    const list = ['a', 'b', 'c'] as RequestId[];
    const at = (id: string): RequestId => id as RequestId;
    expect(stepFrom(list, null, 1)).toBe('a');
    expect(stepFrom(list, null, -1)).toBe('c');
    expect(stepFrom(list, at('b'), 1)).toBe('c');
    expect(stepFrom(list, at('c'), 1)).toBe('c');
    expect(stepFrom(list, at('a'), -1)).toBe('a');
    expect(stepFrom(list, at('gone'), 1)).toBe('a');
    expect(stepFrom([], null, 1)).toBeNull();
  });

  test('after an answer comes the next open row below, then the first open one', () => {
    const items = [open({ id: 'a' }), open({ id: 'b' }), answered('c', now), open({ id: 'd' })];
    const list = ['a', 'b', 'c', 'd'] as RequestId[];
    expect(nextOpen(items, list, 'b' as RequestId)).toBe('d');
    expect(nextOpen(items, list, 'd' as RequestId)).toBe('a');
    expect(nextOpen([answered('c', now)], list, 'c' as RequestId)).toBeNull();
  });

  test('the foot of the list shows my last answer only', () => {
    const items = [answered('old', now - 2), answered('mine', now - 1), answered('hers', now, ana), open({ id: 'a' })];
    expect(lastAnswerOf(items, me)?.request.requestId).toBe('mine');
    expect(lastAnswerOf([open({ id: 'a' })], me)).toBeNull();
  });
});
