import { describe, expect, it } from 'vitest';
import type { Actor } from '@/lib/domain/actor';
import { holdpoint } from '@/lib/domain/actor';
import type { OperationId, PersonId, TeamId } from '@/lib/domain/ids';
import type { Standing } from '@/lib/domain/policy/approval';
import { plainTerms } from '@/lib/domain/policy/approval';
import { advanceRequest, type HoldRequest, openRequest, type RequestEvent } from '@/lib/domain/request';
import {
  ada,
  approver,
  ben,
  cleo,
  files,
  happening,
  otherOperationId,
  requestId,
  twoOfAll,
} from './support/happenings';

const dan: Actor = { kind: 'person', id: 'per_dan' as PersonId, name: 'Dan' };
const approval = openRequest(
  happening('request.opened', { body: { kind: 'approval', upstream: null, digest: 'digest-1', approval: twoOfAll } }),
);

function votes(actor: Actor, vote: 'approve' | 'deny', as: Standing = approver): RequestEvent {
  const operationId = `op_${actor.kind === 'person' ? actor.id : actor.kind}` as OperationId;
  return happening('request.voted', { actor, body: { vote, as, operationId } });
}

function answers(actor: Actor, action: 'accept' | 'decline' | 'cancel', as: Standing | null = approver): RequestEvent {
  return happening('request.answered', { actor, body: { action, as, operationId: otherOperationId } });
}

function after(...events: readonly RequestEvent[]): HoldRequest {
  return events.reduce<HoldRequest>((request, event) => {
    const step = advanceRequest(request, event);
    if (!step.ok) throw new Error(step.message);
    return step.state;
  }, approval);
}

/** Where votes can stand while an approval for two is open. */
const states = {
  'no vote': approval,
  'Ada approves': after(votes(ada, 'approve')),
  'Ada denies': after(votes(ada, 'deny')),
  'both, apart': after(votes(ada, 'approve'), votes(ben, 'deny')),
  'edited after a vote': after(votes(ada, 'approve'), happening('request.edited')),
} as const;
const stateNames = Object.keys(states) as readonly (keyof typeof states)[];

const events = {
  'Ada votes to approve': votes(ada, 'approve'),
  'Ada votes to deny': votes(ada, 'deny'),
  'Ben votes to approve': votes(ben, 'approve'),
  'Ben votes to deny': votes(ben, 'deny'),
  'Cleo, who answers for the agent, votes to approve': votes(cleo, 'approve'),
  'Cleo votes to deny': votes(cleo, 'deny'),
  'the server votes': votes(files, 'approve'),
  'Holdpoint votes': votes(holdpoint, 'approve'),
  'Ada accepts': answers(ada, 'accept'),
  'Ada declines': answers(ada, 'decline'),
  'Ben accepts': answers(ben, 'accept'),
  'Ben declines': answers(ben, 'decline'),
  'Ben dismisses': answers(ben, 'cancel'),
  'Cleo accepts': answers(cleo, 'accept'),
  'Dan accepts': answers(dan, 'accept'),
  'the server accepts': answers(files, 'accept'),
  'Holdpoint accepts': answers(holdpoint, 'accept'),
  'an edit': happening('request.edited'),
  'the deadline': happening('request.expired'),
  'the call ends': happening('request.withdrawn'),
} satisfies { readonly [name: string]: RequestEvent };
type EventName = keyof typeof events;

// Either the refusal's code, or the state with who said what. One that would decide comes as an answer, not as a vote.
// Columns: no vote | Ada approves | Ada denies | Ada approves and Ben denies | edited after a vote.
const table: { readonly [E in EventName]: readonly [string, string, string, string, string] } = {
  'Ada votes to approve': ['open: Ada+', 'already_voted', 'open: Ada+', 'already_voted', 'open: Ada+'],
  'Ada votes to deny': ['open: Ada-', 'open: Ada-', 'already_voted', 'not_open', 'open: Ada-'],
  'Ben votes to approve': ['open: Ben+', 'not_open', 'open: Ada- Ben+', 'not_open', 'open: Ben+'],
  'Ben votes to deny': ['open: Ben-', 'open: Ada+ Ben-', 'not_open', 'already_voted', 'open: Ben-'],
  'Cleo, who answers for the agent, votes to approve': Array<string>(5).fill('forbidden') as [
    string,
    string,
    string,
    string,
    string,
  ],
  'Cleo votes to deny': ['open: Cleo-', 'open: Ada+ Cleo-', 'not_open', 'not_open', 'open: Cleo-'],
  'the server votes': ['not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now'],
  'Holdpoint votes': ['not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now'],
  'Ada accepts': ['not_allowed_now', 'already_voted', 'not_allowed_now', 'already_voted', 'not_allowed_now'],
  'Ada declines': ['not_allowed_now', 'not_allowed_now', 'already_voted', 'answered: Ben- Ada-', 'not_allowed_now'],
  'Ben accepts': [
    'not_allowed_now',
    'answered: Ada+ Ben+',
    'not_allowed_now',
    'answered: Ada+ Ben+',
    'not_allowed_now',
  ],
  'Ben declines': ['not_allowed_now', 'not_allowed_now', 'answered: Ada- Ben-', 'already_voted', 'not_allowed_now'],
  'Ben dismisses': ['not_allowed_now', 'not_allowed_now', 'answered: Ada- Ben-', 'already_voted', 'not_allowed_now'],
  'Cleo accepts': ['forbidden', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  'Dan accepts': [
    'not_allowed_now',
    'answered: Ada+ Dan+',
    'not_allowed_now',
    'answered: Ada+ Ben- Dan+',
    'not_allowed_now',
  ],
  'the server accepts': ['not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now'],
  'Holdpoint accepts': ['not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now', 'not_allowed_now'],
  'an edit': ['open:', 'open:', 'open:', 'open:', 'open:'],
  'the deadline': ['expired:', 'expired: Ada+', 'expired: Ada-', 'expired: Ada+ Ben-', 'expired:'],
  'the call ends': ['withdrawn:', 'withdrawn: Ada+', 'withdrawn: Ada-', 'withdrawn: Ada+ Ben-', 'withdrawn:'],
};

const cells = (Object.keys(table) as readonly EventName[]).flatMap((name) =>
  stateNames.map((from, at) => ({ from, name, cell: table[name][at] })),
);

function standing({ state, votes: all }: HoldRequest): string {
  return [`${state}:`, ...all.map(({ by, vote }) => `${by.name}${vote === 'approve' ? '+' : '-'}`)].join(' ');
}

const effectOf: { readonly [name in EventName]?: string } = {
  'an edit': 'watch_request',
  'the deadline': 'tell_nobody_answered',
  'the call ends': 'tell_withdrawn',
};

describe('an approval that two people must give', () => {
  it.each(cells)('I6 $from, $name: $cell', ({ from, name, cell }) => {
    const before = states[from];
    const untouched = structuredClone(before);
    const step = advanceRequest(before, events[name]);
    expect(before).toEqual(untouched);
    expect(step.ok ? standing(step.state) : step.code).toBe(cell);
    const effect = step.ok && step.state.state === 'answered' ? 'deliver_answer' : effectOf[name];
    expect(step.ok ? step.effects : []).toEqual(effect === undefined ? [] : [{ effect, requestId }]);
  });

  it('keeps of each vote who, as what, why, when and by which operation', () => {
    const reason = 'It is small.';
    const event = happening('request.voted', { at: 7_000, body: { reason, operationId: otherOperationId } });
    expect(after(event).votes).toEqual([
      {
        by: { id: ada.id, name: 'Ada' },
        as: approver,
        vote: 'approve',
        reason,
        operationId: otherOperationId,
        earlier: [],
        at: 7_000,
      },
    ]);
  });

  it('a vote makes no other answer stale, an edit makes every one stale (I6)', () => {
    expect(after(votes(ada, 'approve'), votes(ben, 'deny')).revision).toBe(approval.revision);
    expect(after(happening('request.edited')).revision).toBe(approval.revision + 1);
  });

  it('I6 an edit takes over what is now asked, of whom, and on which terms', () => {
    const team = { id: 'payments' as TeamId, name: 'Payments' };
    const terms = { ...twoOfAll, denials: 1 };
    const body = { team, alsoTeams: [], approval: terms, digest: 'digest-9', changed: ['/to', '/amount'] };
    expect(after(votes(ada, 'approve'), happening('request.edited', { body }))).toMatchObject({
      digest: 'digest-9',
      edited: ['/to', '/amount'],
      title: 'Write less',
      team,
      approval: terms,
      votes: [],
      deadline: approval.deadline,
    });
  });

  it('I6 is not decided by votes on what was asked before an edit', () => {
    const edited = after(votes(ada, 'approve'), happening('request.edited'));
    expect(advanceRequest(edited, answers(ben, 'accept'))).toMatchObject({ ok: false, code: 'not_allowed_now' });
    const again = after(votes(ada, 'approve'), happening('request.edited'), votes(ben, 'approve'));
    expect(advanceRequest(again, answers(ada, 'accept'))).toMatchObject({ ok: true, state: { state: 'answered' } });
  });

  it('counts a vote as what who gave it was then, for the threshold it satisfies', () => {
    const admin: Standing = { role: 'admin', teams: [] };
    const approvals = [...twoOfAll.approvals, { count: 1, role: 'admin' as const, team: null, teamName: null }];
    const either = { ...approval, approval: { ...twoOfAll, approvals } };
    expect(advanceRequest(either, answers(ada, 'accept'))).toMatchObject({ ok: false, code: 'not_allowed_now' });
    expect(advanceRequest(either, answers(ada, 'accept', admin))).toMatchObject({
      ok: true,
      state: { state: 'answered', votes: [{ as: admin }] },
    });
    expect(advanceRequest(either, votes(ada, 'approve', admin))).toMatchObject({ ok: false, code: 'not_open' });
  });

  it.each(['expired', 'withdrawn', 'answered'] as const)('takes neither vote nor edit once it is %s', (state) => {
    const over = {
      expired: after(happening('request.expired')),
      withdrawn: after(happening('request.withdrawn')),
      answered: after(votes(ada, 'approve'), answers(ben, 'accept')),
    }[state];
    expect(over.state).toBe(state);
    for (const event of [votes(dan, 'deny'), happening('request.edited')])
      expect(advanceRequest(over, event)).toMatchObject({ ok: false, code: 'not_open' });
  });
});

describe('what a vote counts as', () => {
  it('I6 an answer that does not say what its person is counts for no role and no team, and never for two', () => {
    const step = advanceRequest(approval, answers(ada, 'accept', null));
    expect(step).toMatchObject({ ok: false, code: 'not_allowed_now' });
    const plain = openRequest(happening('request.opened', { body: { kind: 'approval', approval: plainTerms } }));
    expect(advanceRequest(plain, answers(ada, 'accept', null))).toMatchObject({
      ok: true,
      state: { state: 'answered' },
    });
  });

  it('the same word again counts anew from who has become somebody else', () => {
    const step = advanceRequest(after(votes(ada, 'approve')), votes(ada, 'approve', { role: 'admin', teams: [] }));
    expect(step).toMatchObject({ ok: true, state: { votes: [{ by: { id: 'per_ada' }, as: { role: 'admin' } }] } });
  });
});
