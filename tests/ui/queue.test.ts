import { describe, expect, test } from 'vitest';
import { layOut, isNearMore, rowAtPx, rowsWithin, topOfRow, wideSizes } from '@/components/queue/list-layout';
import { lookHref, lookQuery, readLook, requestHref, viewHref } from '@/components/queue/queue-href';
import { keptWords } from '@/components/live/containers/KeptWords';
import { crowdOf, ownVoteWords, quorumOf } from '@/components/queue/row-words';
import { matching, stepped } from '@/components/shell/palette/palette-entries';
import type { AgentId, PersonId, RequestId, TeamId } from '@/lib/domain/ids';
import { plainTerms } from '@/lib/domain/policy/approval';
import {
  type Arrangement,
  arrange,
  comparePlaces,
  endingCount,
  fitsLook,
  idsOf,
  isParked,
  laterAnswer,
  nextOpen,
  pendingChange,
  type QueueEyes,
  readView,
  rowOf,
  sameArrangement,
  sameLook,
  stepFrom,
  widened,
  withPage,
} from '@/lib/domain/queue';
import { openLook, type QueueLook } from '@/lib/domain/queue-query';
import { claimLeaseMs, type HoldRequest, type OpenRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import { isRiskSaid } from '@/lib/domain/tool';
import { openForm } from './request-samples';

const now = 1_800_000_000_000;
const minuteMs = 60_000;
const me = 'per_me' as PersonId;
const ana = 'per_ana' as PersonId;
const payments = { id: 'payments' as TeamId, name: 'Payments' };
const eyes: QueueEyes = { person: { id: me, teams: [payments.id], covers: [] }, now };
const at = (id: string): RequestId => id as RequestId;

function open(id: string, leftMs = 30 * minuteMs, facts: Partial<OpenRequest> = {}): QueueItem {
  const deadline = { at: now + leftMs, cause: 'default', reason: 'the default', onExpiry: 'deny' } as const;
  const request: OpenRequest = {
    ...openForm(id),
    title: `Title of ${id}`,
    openedAt: now - minuteMs,
    deadline,
    ...facts,
  };
  const agentId = 'agt_4PZ1M8W2KC6T' as AgentId;
  return { request, agent: 'oncall-copilot', agentId, call: null, seq: request.seq, away: null };
}

function answered(id: string, savedAt: number, by: PersonId = me): QueueItem {
  const item = open(id);
  const { claim: _claim, ...facts } = item.request as OpenRequest;
  const request: HoldRequest = {
    ...facts,
    state: 'answered',
    answer: {
      by: { kind: 'person', id: by, name: 'Someone' },
      action: 'accept',
      reason: null,
      operationId: 'op_000000000001' as never,
      savedAt,
      tookMs: null,
      remember: null,
      usage: null,
    },
    receipt: { to: null, sentAt: null, acceptedAt: null, movedOnAt: null },
  };
  return { ...item, request };
}

function arranged(items: readonly QueueItem[], look: QueueLook = openLook, when = now): Arrangement {
  const rows = items.map((item) => rowOf(item, look)).sort((a, b) => comparePlaces(a, b, look));
  return arrange(rows, look, look.order === 'opened' ? 0 : endingCount(rows, when));
}

describe('groups and order', () => {
  test('I8 rows stand by the real deadline, what ends within five minutes first and what is parked last', () => {
    const items = [
      open('late', 60 * minuteMs),
      open('parked', 10 * minuteMs, { kind: 'approval' }),
      open('b', 20 * minuteMs),
      open('a', 20 * minuteMs),
      open('hurried', minuteMs, { kind: 'approval' }),
      open('soon', 2 * minuteMs),
    ];
    expect(arranged(items)).toEqual([
      { group: 'ending', ids: ['hurried', 'soon'] },
      { group: 'live', ids: ['a', 'b', 'late'] },
      { group: 'parked', ids: ['parked'] },
    ]);
    expect(arranged([...items].reverse())).toEqual(arranged(items));
  });

  test('what decides over a call that is not under way is parked; every question of a running call is live', () => {
    for (const kind of ['approval', 'recovery'] as const) expect(isParked(open('a', minuteMs, { kind }))).toBe(true);
    for (const kind of ['form', 'url', 'sampling'] as const) expect(isParked(open('a', 1, { kind }))).toBe(false);
  });

  test('the newest first is one plain list, and so is what is over, by its end', () => {
    const newest = { ...openLook, order: 'opened' } as const;
    const items = [open('old', 1, { openedAt: now - 9 }), open('new', 1, { openedAt: now - 1, kind: 'approval' })];
    expect(arranged(items, newest)).toEqual([{ group: 'newest', ids: ['new', 'old'] }]);
    const over = [answered('first', now - 3), answered('last', now - 1), answered('middle', now - 2)];
    expect(idsOf(arranged(over, { ...openLook, view: 'answered' }))).toEqual(['last', 'middle', 'first']);
  });
});

describe('what a look holds', () => {
  const fits = (item: QueueItem, look: Partial<QueueLook>): boolean => fitsLook(item, { ...openLook, ...look }, eyes);

  test('Mine is what I claimed or am assigned, while the lease holds', () => {
    const claim = { by: { id: me, name: 'Me' }, untilAt: now + claimLeaseMs };
    expect(fits(open('a', minuteMs, { claim }), { view: 'mine' })).toBe(true);
    expect(
      fitsLook(open('a', minuteMs, { claim }), { ...openLook, view: 'mine' }, { ...eyes, now: claim.untilAt }),
    ).toBe(false);
    expect(fits(open('a', minuteMs, { claim: { ...claim, by: { id: ana, name: 'Ana' } } }), { view: 'mine' })).toBe(
      false,
    );
    expect(fits(open('a', minuteMs, { assignedTo: { id: me, name: 'Me' } }), { view: 'mine' })).toBe(true);
  });

  test('what is assigned to someone I stand in for is mine, too, and so are their teams', () => {
    const covers = [{ person: { id: ana, name: 'Ana' }, teams: ['ops' as TeamId] }];
    const standIn: QueueEyes = { person: { id: me, teams: [], covers }, now };
    const assigned = open('a', minuteMs, { assignedTo: { id: ana, name: 'Ana' } });
    expect(fitsLook(assigned, { ...openLook, view: 'mine' }, standIn)).toBe(true);
    const ops = open('b', minuteMs, { team: payments, alsoTeams: [{ id: 'ops' as TeamId, name: 'Ops' }] });
    expect(fitsLook(ops, { ...openLook, view: 'teams' }, standIn)).toBe(true);
    expect(fits(ops, { view: 'teams' })).toBe(true);
    expect(fits(open('c'), { view: 'teams' })).toBe(false);
  });

  test('what a model writes waits for nobody', () => {
    expect(fits(open('a', minuteMs, { kind: 'sampling', writer: 'model' }), {})).toBe(false);
  });

  test('a search asks for every word, in any field, and for kind, risk and team', () => {
    const item = open('req_1', minuteMs, { team: payments, server: 'sandbox-accounts' });
    expect(fits(item, { text: ' COPILOT  sandbox payments ' })).toBe(true);
    expect(fits(item, { text: 'copilot invoices' })).toBe(false);
    expect(fits(item, { kinds: ['approval'] })).toBe(false);
    expect(fits(item, { kinds: ['form'], risks: ['writes'], teams: [payments.id] })).toBe(true);
    expect(fits(item, { risks: ['destructive'] })).toBe(false);
    expect(fits(item, { teams: ['ops' as TeamId] })).toBe(false);
  });
});

describe('an address is a view', () => {
  test.each<QueueLook>([
    openLook,
    { ...openLook, view: 'mine' },
    {
      ...openLook,
      text: 'refund & 500 = ü',
      kinds: ['form', 'approval'],
      risks: ['destructive'],
      teams: [payments.id],
      order: 'opened',
    },
  ])('%j comes back from its address', (look) => {
    expect(sameLook(readLook(new URLSearchParams(lookQuery(look))), look)).toBe(true);
  });

  test('what an address does not know is left aside', () => {
    const query = new URLSearchParams('view=__proto__&kind=form,constructor&risk=x&team=../etc&order=up');
    expect(readLook(query)).toEqual({ ...openLook, kinds: ['form'] });
    expect(readView('__proto__')).toBe('open');
  });

  test('the plain ones stay plain', () => {
    expect([viewHref('open'), viewHref('mine'), requestHref(at('req_1'), 'open')]).toEqual([
      '/queue',
      '/queue?view=mine',
      '/queue/req_1',
    ]);
    expect(lookHref({ ...openLook, kinds: ['form', 'url'] })).toBe('/queue?kind=form,url');
    expect(widened({ ...openLook, view: 'mine', text: 'x' })).toEqual({ ...openLook, view: 'mine' });
  });
});

describe('rows that stay where they are', () => {
  test('new rows and rows that end soon are counted, not moved', () => {
    const before = [open('a', 6 * minuteMs), open('b', 20 * minuteMs)];
    const shown = arranged(before);
    const fresh = arranged([...before, open('c', 3 * minuteMs)], openLook, now + 2 * minuteMs);
    expect(pendingChange(shown, fresh)).toEqual({ added: ['c'], hurried: ['a'], gone: new Set() });
    expect(pendingChange(shown, shown)).toEqual({ added: [], hurried: [], gone: new Set() });
    expect(sameArrangement(shown, arranged(before))).toBe(true);
    expect(sameArrangement(shown, fresh)).toBe(false);
  });

  test('what was answered meanwhile is known to be gone, beside what came', () => {
    const shown = arranged([open('a', 20 * minuteMs), open('b', 21 * minuteMs), open('c', 22 * minuteMs)]);
    const fresh = arranged([open('b', 21 * minuteMs), open('d', 23 * minuteMs)]);
    expect(pendingChange(shown, fresh)).toEqual({ added: ['d'], hurried: [], gone: new Set(['a', 'c']) });
  });

  test('a page that was asked for joins behind what is there, group by group', () => {
    const first = [open('a', 10 * minuteMs), open('p', 11 * minuteMs, { kind: 'approval' })];
    const page = [open('b', 12 * minuteMs), open('q', 13 * minuteMs, { kind: 'approval' })];
    const shown = arranged(first);
    const fresh = arranged([...first, ...page, open('new', 9 * minuteMs)]);
    expect(
      withPage(
        shown,
        fresh,
        page.map((item) => rowOf(item, openLook)),
      ),
    ).toEqual([
      { group: 'live', ids: ['a', 'b'] },
      { group: 'parked', ids: ['p', 'q'] },
    ]);
    expect(withPage(shown, fresh, [])).toBe(shown);
  });

  test('steps stay inside the list and start at its ends', () => {
    const list = { ids: ['a', 'b', 'c'].map(at), isStop: () => true };
    expect([stepFrom(list, null, 1), stepFrom(list, null, -1), stepFrom(list, at('b'), 1)]).toEqual(['a', 'c', 'c']);
    expect([stepFrom(list, at('c'), 1), stepFrom(list, at('a'), -1), stepFrom(list, at('gone'), 1)]).toEqual([
      'c',
      'a',
      'a',
    ]);
    expect(stepFrom({ ...list, ids: [] }, null, 1)).toBeNull();
  });

  test('steps pass by what was answered meanwhile, and from such a row go on to the nearest that is open', () => {
    const over = new Set(['a', 'c', 'e'].map(at));
    const list = { ids: ['a', 'b', 'c', 'd', 'e'].map(at), isStop: (id: RequestId) => !over.has(id) };
    expect([stepFrom(list, at('b'), 1), stepFrom(list, at('d'), -1)]).toEqual(['d', 'b']);
    expect([stepFrom(list, at('c'), 1), stepFrom(list, at('c'), -1)]).toEqual(['d', 'b']);
    expect([stepFrom(list, at('d'), 1), stepFrom(list, at('b'), -1)]).toEqual(['d', 'b']);
    expect([stepFrom(list, null, 1), stepFrom(list, null, -1)]).toEqual(['b', 'd']);
    expect(stepFrom({ ...list, isStop: () => false }, null, 1)).toBeNull();
  });

  test('after an answer comes the next open row below, then the first open one', () => {
    const list = ['a', 'b', 'c', 'd'].map(at);
    const isOpen = (id: RequestId): boolean => id !== 'c';
    expect(nextOpen(list, at('b'), isOpen)).toBe('d');
    expect(nextOpen(list, at('d'), isOpen)).toBe('a');
    expect(nextOpen(list, at('d'), () => false)).toBeNull();
  });

  test('the foot of the list shows my last answer only', () => {
    const [old, mine, hers] = [answered('old', now - 2), answered('mine', now - 1), answered('hers', now, ana)];
    expect(
      [old, mine, hers, old, open('a')].reduce<QueueItem | null>((last, item) => laterAnswer(last, item, me), null),
    ).toBe(mine);
    expect(laterAnswer(null, open('a'), me)).toBeNull();
  });
});

describe('a list of any length', () => {
  const ids = (from: number, count: number): RequestId[] =>
    Array.from({ length: count }, (_, index) => at(`r${from + index}`));
  const layout = layOut(
    [
      { group: 'ending', ids: ids(0, 3) },
      { group: 'live', ids: ids(3, 5_000) },
      { group: 'parked', ids: ids(5_003, 5_000) },
    ],
    wideSizes,
  );

  test('knows where each row stands, and which stands at a pixel', () => {
    expect(layout.height).toBe(3 * 28 + 10_003 * 52);
    for (const id of ['r0', 'r2', 'r3', 'r5002', 'r5003', 'r10002'].map(at))
      expect(rowAtPx(layout, topOfRow(layout, id) ?? -1)).toBe(id);
    expect(topOfRow(layout, at('elsewhere'))).toBeNull();
  });

  test('draws what is near the eye and no more', () => {
    const live = layout.groups[1];
    if (live === undefined) throw new Error('There are three groups.');
    const { from, to } = rowsWithin(live, wideSizes, { from: 100_000, to: 101_000 });
    expect(to - from).toBeLessThan(25);
    expect(topOfRow(layout, live.ids[from] ?? at(''))).toBeLessThanOrEqual(100_000);
    expect(rowsWithin(live, wideSizes, { from: 0, to: 50 })).toEqual({ from: 0, to: 0 });
  });

  test('asks for more near the end of the live calls and near its own, not in between', () => {
    const liveEnd = (layout.groups[2]?.top ?? 0) - 500;
    expect(isNearMore(layout, { from: 0, to: 900 })).toBe(false);
    expect(isNearMore(layout, { from: liveEnd - 900, to: liveEnd })).toBe(true);
    expect(isNearMore(layout, { from: liveEnd + 40_000, to: liveEnd + 40_900 })).toBe(false);
    expect(isNearMore(layout, { from: layout.height - 900, to: layout.height })).toBe(true);
  });
});

describe('words of a row', () => {
  test('how far an approval has come is said when more than one is needed, by the nearest way', () => {
    const need = (count: number, role: 'admin' | null = null) => ({ count, role, team: null, teamName: null });
    const vote = {
      by: { id: ana, name: 'Ana' },
      as: { role: 'approver', teams: [] },
      vote: 'approve',
      reason: null,
      operationId: 'op_000000000001' as never,
      earlier: [],
      at: now,
    } as const;
    const approval = { ...plainTerms, approvals: [need(3), need(2)] };
    expect(quorumOf(open('a', 1, { kind: 'approval', approval, votes: [vote] }).request)).toEqual({ have: 1, need: 2 });
    expect(quorumOf(open('a', 1, { kind: 'approval', approval: plainTerms }).request)).toBeNull();
    expect(quorumOf(open('a').request)).toBeNull();
  });

  test('what stands beside the names gives up its words first, then the server its name: the agent’s stays', () => {
    const { request } = open('a', 1, { team: payments, notes: 2 });
    expect([0, 1, 2, 3].map((besides) => crowdOf(request, besides))).toEqual(['roomy', 'crowded', 'crowded', 'full']);
    expect([0, 2, 3].map((besides) => crowdOf(open('a').request, besides))).toEqual(['roomy', 'roomy', 'crowded']);
  });
});

describe('the palette', () => {
  const entry = (label: string, detail = '') => ({ id: label, label, detail, run: () => undefined });
  const groups = [
    { name: 'Go to', entries: [entry('People'), entry('Queue')] },
    { name: 'Views', entries: [entry('All open'), entry('Open payments', 'saved view')] },
  ];

  test('finds by every word, also of the group, those that begin with it first', () => {
    expect(matching(groups, '')).toBe(groups);
    expect(matching(groups, 'go queue').flatMap(({ entries }) => entries.map(({ id }) => id))).toEqual(['Queue']);
    expect(matching(groups, 'open').flatMap(({ entries }) => entries.map(({ id }) => id))).toEqual([
      'Open payments',
      'All open',
    ]);
    expect(matching(groups, 'zzz')).toEqual([]);
  });

  test('goes round its ends', () => {
    expect([stepped(3, 2, 1), stepped(3, 0, -1), stepped(3, 1, 8), stepped(0, 0, 1)]).toEqual([0, 2, 0, 0]);
  });
});

describe('what a person did with a request that is still open, in its row', () => {
  const me = 'per_000000000001' as PersonId;
  const vote = (vote: 'approve' | 'deny') => ({ by: { id: me, name: 'Ana Ruiz' }, vote });

  test.each([
    ['approve', 'you approved'],
    ['deny', 'you declined'],
  ] as const)('their own vote to %s is said; nobody else’s is', (given, words) => {
    const request = { ...open('req_1').request, votes: [vote(given)] } as unknown as HoldRequest;
    expect(ownVoteWords(request, me)).toBe(words);
    expect(ownVoteWords(request, 'per_000000000002' as PersonId)).toBeNull();
    expect(ownVoteWords({ ...request, state: 'withdrawn' } as unknown as HoldRequest, me)).toBeNull();
  });

  test('what waits in the browser says what will be sent; text alone is begun; a look is nothing', () => {
    const order = { action: 'decline' } as never;
    expect(keptWords({ text: null, attempt: { order, state: 'held', untilAt: 1 } })).toBe('declining');
    expect(keptWords({ text: 'x', attempt: { order, state: 'sending' } })).toBe('declining');
    expect(keptWords({ text: 'x', attempt: { order, state: 'queued' } })).toBe('sent when online');
    expect(keptWords({ text: 'x', attempt: null })).toBe('begun');
    expect(keptWords({ text: null, attempt: null })).toBeNull();
  });
});

describe('the risk people are shown', () => {
  test('may destroy is claimed only where the server says so; where nothing is said it is unknown', () => {
    expect(isRiskSaid('destructive', { destructiveHint: true })).toBe(true);
    expect(isRiskSaid('destructive', {})).toBe(false);
    // What an untrusted server denies is not believed, and not claimed either.
    expect(isRiskSaid('destructive', { destructiveHint: false })).toBe(false);
    expect(isRiskSaid('destructive', null)).toBe(false);
    expect(isRiskSaid('writes', {})).toBe(true);
    expect(isRiskSaid('read_only', {})).toBe(true);
  });
});
