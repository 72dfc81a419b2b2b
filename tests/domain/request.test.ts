import { describe, expect, it } from 'vitest';
import { claimAt } from '@/lib/domain/claim';
import { advanceRequest, type HoldRequest, openRequest, type RequestEvent } from '@/lib/domain/request';
import {
  ada,
  ben,
  eventTypes,
  files,
  happening,
  nightTeam,
  operationId,
  otherOperationId,
  otherRequestId,
  requestId,
  usage,
} from './support/happenings';
import type { TeamId } from '@/lib/domain/ids';

function after(...events: readonly RequestEvent[]): HoldRequest {
  return events.reduce<HoldRequest>(
    (request, event) => {
      const step = advanceRequest(request, event);
      if (!step.ok) throw new Error(step.message);
      return step.state;
    },
    openRequest(happening('request.opened')),
  );
}

const answered = happening('request.answered');
const states = {
  open: after(),
  answered: after(answered),
  delivered: after(answered, happening('answer.accepted')),
  undelivered: after(answered, happening('answer.undelivered')),
  expired: after(happening('request.expired')),
  withdrawn: after(happening('request.withdrawn')),
} as const;
type StateName = keyof typeof states;
const stateNames = Object.keys(states) as readonly StateName[];

/** The event types, with the cases in which one type has several fates. */
const events = {
  'request.opened': happening('request.opened'),
  'request.claimed': happening('request.claimed'),
  'request.released': happening('request.released'),
  'request.voted': happening('request.voted'),
  'request.edited': happening('request.edited'),
  'request.assigned': happening('request.assigned'),
  'request.escalated': happening('request.escalated'),
  'request.noted': happening('request.noted'),
  'request.drafted': happening('request.drafted'),
  'request.to_person': happening('request.to_person'),
  'request.answered, the same operation': happening('request.answered'),
  'request.answered, another operation': happening('request.answered', {
    actor: ben,
    body: { operationId: otherOperationId },
  }),
  'request.expired': happening('request.expired'),
  'request.withdrawn': happening('request.withdrawn'),
  'answer.sent': happening('answer.sent'),
  'answer.accepted': happening('answer.accepted'),
  'answer.moved_on': happening('answer.moved_on'),
  'answer.undelivered': happening('answer.undelivered'),
} satisfies { readonly [name: string]: RequestEvent };
type EventName = keyof typeof events;

/** `same`: accepted, and nothing changes. A code: refused by it. Else the state it leads to. */
type Cell = StateName | 'same' | 'not_open' | 'not_allowed_now' | 'already_answered';
type Row = readonly [Cell, Cell, Cell, Cell, Cell, Cell];

// Columns: open, answered, delivered, undelivered, expired, withdrawn.
const table: { readonly [E in EventName]: Row } = {
  'request.opened': ['not_open', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.claimed': ['open', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.released': ['open', 'same', 'same', 'same', 'same', 'same'],
  // Of a form: votes and edits are for approvals, whose table is request-votes.test.ts.
  'request.voted': ['not_allowed_now', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.edited': ['not_open', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.assigned': ['open', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.escalated': ['open', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.noted': ['open', 'answered', 'delivered', 'undelivered', 'expired', 'withdrawn'],
  'request.drafted': ['same', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.to_person': ['not_open', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.answered, the same operation': ['answered', 'same', 'same', 'same', 'not_open', 'not_open'],
  'request.answered, another operation': [
    'answered',
    'already_answered',
    'already_answered',
    'already_answered',
    'not_open',
    'not_open',
  ],
  'request.expired': ['expired', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'request.withdrawn': ['withdrawn', 'not_open', 'not_open', 'not_open', 'not_open', 'not_open'],
  'answer.sent': ['not_open', 'answered', 'delivered', 'not_open', 'not_open', 'not_open'],
  'answer.accepted': ['not_open', 'delivered', 'delivered', 'not_open', 'not_open', 'not_open'],
  'answer.moved_on': ['not_open', 'delivered', 'delivered', 'not_open', 'not_open', 'not_open'],
  'answer.undelivered': ['not_open', 'undelivered', 'not_open', 'not_open', 'not_open', 'not_open'],
};

const cells = (Object.keys(table) as readonly EventName[]).flatMap((name) =>
  table[name].map((cell, at) => ({ from: stateNames[at] ?? 'open', name, cell })),
);

const effectOf: { readonly [name in EventName]?: string } = {
  'request.answered, the same operation': 'deliver_answer',
  'request.answered, another operation': 'deliver_answer',
  'request.expired': 'tell_nobody_answered',
  'request.withdrawn': 'tell_withdrawn',
};

describe('the request lifecycle', () => {
  it('has a request in every state to start from, and an event of every type', () => {
    const types = new Set<string>(Object.values(events).map(({ type }) => type));
    expect([...types].sort()).toEqual(eventTypes.filter((type) => /^(request|answer)[.]/.test(type)).sort());
    for (const name of stateNames) expect(states[name].state).toBe(name);
  });

  it.each(cells)('$from, $name: $cell', ({ from, name, cell }) => {
    const before = states[from];
    const untouched = structuredClone(before);
    const step = advanceRequest(before, events[name]);
    expect(before).toEqual(untouched);
    expect(step.ok ? (step.state === before ? 'same' : step.state.state) : step.code).toBe(cell);
    const effect = from === 'open' ? effectOf[name] : undefined;
    expect(step.ok ? step.effects : []).toEqual(effect === undefined ? [] : [{ effect, requestId }]);
  });

  it('lets the first answer win and tells later ones who it was (I1)', () => {
    const late = advanceRequest(states.delivered, events['request.answered, another operation']);
    expect(late).toMatchObject({
      ok: false,
      code: 'already_answered',
      details: { by: 'Ada', action: 'accept', at: 1_000 },
    });
    const again = advanceRequest(states.answered, happening('request.answered', { at: 9_000, actor: ben }));
    expect(again.ok && again.state).toBe(states.answered);
  });

  it('counts a revision for each change that matters to who answers, and none for the rest', () => {
    expect(after().revision).toBe(1);
    expect(after(happening('request.claimed'), happening('request.released')).revision).toBe(1);
    for (const name of ['answered', 'delivered', 'undelivered', 'expired', 'withdrawn'] as const)
      expect(states[name].revision).toBe(2);
  });

  it('holds a claim for its lease against others, never against its owner', () => {
    const claimed = after(happening('request.claimed', { at: 1_000, body: { untilAt: 61_000 } }));
    const bens = (at: number): RequestEvent =>
      happening('request.claimed', { at, actor: ben, body: { untilAt: at + 60_000 } });
    expect(advanceRequest(claimed, bens(60_999))).toMatchObject({
      ok: false,
      code: 'claimed',
      details: { by: 'Ada', untilAt: 61_000 },
    });
    expect(advanceRequest(claimed, bens(61_000))).toMatchObject({ ok: true, state: { claim: { by: { id: ben.id } } } });
    const renewed = advanceRequest(claimed, happening('request.claimed', { at: 2_000, body: { untilAt: 62_000 } }));
    expect(renewed).toMatchObject({ ok: true, state: { claim: { by: { id: ada.id }, untilAt: 62_000 } } });
    expect(claimAt(claimed, 60_999)?.by.name).toBe('Ada');
    expect(claimAt(claimed, 61_000)).toBeNull();
    expect(claimAt(states.answered, 0)).toBeNull();
  });

  it('can only be claimed by a person', () => {
    expect(advanceRequest(states.open, happening('request.claimed', { actor: files }))).toMatchObject({
      ok: false,
      code: 'not_open',
    });
  });

  it('takes an answer although another person holds the claim (I1)', () => {
    const claimed = after(happening('request.claimed'));
    expect(advanceRequest(claimed, events['request.answered, another operation'])).toMatchObject({
      ok: true,
      state: { state: 'answered' },
    });
  });

  it('does not answer a server that took its own request back', () => {
    expect(advanceRequest(states.open, happening('request.withdrawn', { actor: files }))).toMatchObject({
      ok: true,
      effects: [],
    });
  });

  it('keeps the first instant of each stage of the receipt, and fills those it skipped', () => {
    const receiptOf = (...more: readonly RequestEvent[]): object | null => {
      const request = after(answered, ...more);
      return 'receipt' in request ? request.receipt : null;
    };
    const stages = [
      happening('answer.sent', { at: 10 }),
      happening('answer.accepted', { at: 20 }),
      happening('answer.moved_on', { at: 30 }),
    ] as const;
    const whole = { to: 'server', sentAt: 10, acceptedAt: 20, movedOnAt: 30 };
    expect(receiptOf(...stages)).toEqual(whole);
    const later = stages.map((stage) => ({ ...stage, at: 99 }));
    expect(receiptOf(...stages, ...later)).toEqual(whole);
    expect(receiptOf(happening('answer.moved_on', { at: 30 }))).toEqual({
      to: null,
      sentAt: 30,
      acceptedAt: 30,
      movedOnAt: 30,
    });
  });

  it('keeps, whatever its kind and state, which earlier request asked the same (I4)', () => {
    const opened = openRequest(happening('request.opened', { body: { kind: 'recovery', earlier: otherRequestId } }));
    for (const end of [answered, happening('request.expired'), happening('request.withdrawn')]) {
      expect(advanceRequest(opened, end)).toMatchObject({
        ok: true,
        state: { kind: 'recovery', earlier: otherRequestId },
      });
    }
    expect(states.open.earlier).toBeNull();
  });

  it('is handed to one person at a time, or back to all, and stays with them to its end', () => {
    expect(states.open.assignedTo).toBeNull();
    const bens = after(happening('request.assigned'), happening('request.expired'));
    expect(bens).toMatchObject({ state: 'expired', assignedTo: { id: ben.id, name: 'Ben' } });
    const back = after(happening('request.assigned'), happening('request.assigned', { body: { to: null } }));
    expect(back).toMatchObject({ assignedTo: null, revision: 1 });
  });

  it('asks a second team once, and never the first again', () => {
    const own = openRequest(happening('request.opened', { body: { team: nightTeam } }));
    const same = advanceRequest(own, happening('request.escalated'));
    expect(same.ok && same.state).toBe(own);
    const asked = after(happening('request.escalated'));
    expect(asked).toMatchObject({ team: null, alsoTeams: [nightTeam], revision: 1 });
    const again = advanceRequest(asked, happening('request.escalated'));
    expect(again.ok && again.state).toBe(asked);
    const day = { id: 'day' as TeamId, name: 'Day watch' };
    const more = advanceRequest(asked, happening('request.escalated', { body: { team: day } }));
    expect(more).toMatchObject({ ok: true, state: { alsoTeams: [nightTeam, day] }, effects: [] });
  });

  it('counts its notes in every state, and a note makes no answer stale', () => {
    for (const name of stateNames) {
      const noted = advanceRequest(states[name], happening('request.noted'));
      expect(noted).toMatchObject({ ok: true, effects: [] });
      expect(noted.ok && noted.state).toEqual({ ...states[name], notes: 1 });
    }
    expect(after(happening('request.noted'), happening('request.noted')).notes).toBe(2);
  });

  it('comes to a person when its model did not answer, and never back', () => {
    const written = openRequest(happening('request.opened', { body: { kind: 'sampling', writer: 'model' } }));
    const step = advanceRequest(written, happening('request.to_person'));
    expect(step).toMatchObject({ ok: true, state: { state: 'open', writer: 'person', revision: 1 }, effects: [] });
    expect(step.ok && advanceRequest(step.state, happening('request.to_person'))).toMatchObject({ code: 'not_open' });
  });

  it('keeps how long an answer took, what is to be remembered, and what a model cost', () => {
    const remember = { for: '15min', fields: ['/to'] } as const;
    const body = { tookMs: 1_500, remember, usage };
    expect(after(happening('request.answered', { body }))).toMatchObject({ answer: body });
    expect(states.answered).toMatchObject({ answer: { tookMs: null, remember: null, usage: null } });
  });

  it('who comes too late is told what became of it, in words for people', () => {
    const late = (state: HoldRequest): string => {
      const step = advanceRequest(state, happening('request.claimed'));
      return step.ok ? '' : step.message;
    };
    expect(late(states.expired)).toBe('The time for this ran out. No one answered.');
    expect(late(states.withdrawn)).toBe(
      `This is not asked any more. ${states.withdrawn.state === 'withdrawn' ? states.withdrawn.why : ''}`,
    );
    for (const state of [states.answered, states.delivered, states.undelivered])
      expect(late(state)).toBe('This is answered already.');
  });

  it('records who answered, what and when (I2)', () => {
    expect(states.answered).toMatchObject({
      answer: { by: ada, action: 'accept', reason: null, operationId, savedAt: 1_000 },
    });
  });
});
