import { describe, expect, it } from 'vitest';
import { advanceCall, type Call, type CallEvent, isOpenCall, receiveCall, sentOf, wasSent } from '@/lib/domain/call';
import { callId, connectionId, eventTypes, happening, otherRequestId, requestId } from './support/happenings';
import type { TeamId } from '@/lib/domain/ids';
import { triesOf } from '@/lib/domain/turn-back';

function after(...events: readonly CallEvent[]): Call {
  return events.reduce<Call>(
    (call, event) => {
      const step = advanceCall(call, event);
      if (!step.ok) throw new Error(step.message);
      return step.state;
    },
    receiveCall(happening('call.received')),
  );
}

const sent = [happening('call.allowed'), happening('call.sent')];
const interrupted = happening('call.interrupted');
const repeated = happening('call.interrupted', { body: { next: 'repeat' } });

/** Every state a call can be in; a held one by what it still waits for, `again` when it was sent before. */
const states = {
  'held for policy': after(),
  'held for approval': after(happening('call.held')),
  'held for sending': after(happening('call.allowed')),
  'held for sending again': after(...sent, repeated),
  'held for recovery': after(...sent, interrupted, happening('request.opened')),
  'held for urls': after(...sent, happening('call.turned_back')),
  'held for urls, done': after(...sent, happening('call.turned_back'), happening('request.answered')),
  working: after(...sent),
  input_required: after(...sent, happening('request.opened')),
  completed: after(...sent, happening('call.completed')),
  failed: after(...sent, happening('call.failed')),
  cancelled: after(happening('call.cancelled')),
  rejected: after(happening('call.denied')),
  expired: after(happening('call.held'), happening('call.expired')),
  indeterminate: after(...sent, happening('call.indeterminate')),
} as const;
type StateName = keyof typeof states;
const stateNames = Object.keys(states) as readonly StateName[];

/** One event of each type; of a type that has two fates, one of each. */
const events = {
  'call.received': happening('call.received'),
  'call.held': happening('call.held'),
  'call.allowed': happening('call.allowed'),
  'call.denied': happening('call.denied'),
  'call.sent': happening('call.sent'),
  'call.progress': happening('call.progress'),
  'call.log': happening('call.log'),
  'call.completed': happening('call.completed'),
  'call.failed': happening('call.failed'),
  'call.cancelled': happening('call.cancelled'),
  'call.cancel_ordered': happening('call.cancel_ordered'),
  'call.cancel_sent': happening('call.cancel_sent'),
  'call.rejected': happening('call.rejected'),
  'call.expired': happening('call.expired'),
  'call.indeterminate': happening('call.indeterminate'),
  'call.interrupted, to ask': interrupted,
  'call.interrupted, to repeat': repeated,
  'call.result_lost': happening('call.result_lost'),
  'call.turned_back': happening('call.turned_back'),
  'call.urls_done': happening('call.urls_done'),
  'call.agent_left': happening('call.agent_left'),
  'call.agent_back': happening('call.agent_back'),
  'call.delivered': happening('call.delivered'),
  'request.opened': happening('request.opened', { body: { requestId: otherRequestId } }),
  'request.claimed': happening('request.claimed'),
  'request.released': happening('request.released'),
  'request.voted': happening('request.voted'),
  'request.edited': happening('request.edited'),
  'request.assigned': happening('request.assigned'),
  'request.escalated': happening('request.escalated'),
  'request.noted': happening('request.noted'),
  'request.drafted': happening('request.drafted'),
  'request.to_person': happening('request.to_person'),
  'request.answered': happening('request.answered'),
  'request.expired': happening('request.expired'),
  'request.withdrawn': happening('request.withdrawn'),
} satisfies { readonly [name: string]: CallEvent };
type EventName = keyof typeof events;

/** `same`: accepted, and nothing changes. `no`: refused, by `not_allowed_now`. Else the state it leads to. */
type Cell = StateName | 'same' | 'no';

const no = (count: number): readonly Cell[] => Array<Cell>(count).fill('no');
const same = (count: number): readonly Cell[] => Array<Cell>(count).fill('same');
const sixOutcomes = ['completed', 'failed', 'cancelled', 'rejected', 'expired', 'indeterminate'] as const;

// Columns: held for policy, approval, sending | sending again, recovery | urls, these done | working, input_required |
// the six outcomes.
const table: { readonly [E in EventName]: readonly Cell[] } = {
  'call.received': no(15),
  'call.held': ['held for approval', ...no(14)],
  'call.allowed': ['held for sending', 'held for sending', 'no', 'no', 'held for sending again', ...no(10)],
  'call.denied': ['rejected', 'rejected', 'rejected', ...no(12)],
  'call.sent': ['no', 'no', 'working', 'working', ...no(11)],
  'call.progress': [...no(7), 'working', 'input_required', ...no(6)],
  'call.log': [...same(7), 'working', 'input_required', ...same(6)],
  'call.completed': [...no(3), 'completed', 'completed', ...no(2), 'completed', 'completed', ...no(6)],
  'call.failed': [...Array<Cell>(9).fill('failed'), ...no(6)],
  'call.cancelled': [...Array<Cell>(9).fill('cancelled'), ...no(6)],
  'call.cancel_ordered': same(15),
  'call.cancel_sent': same(15),
  'call.rejected': ['rejected', 'rejected', 'rejected', ...no(12)],
  'call.expired': ['expired', 'expired', 'expired', ...no(2), 'expired', 'expired', ...no(8)],
  'call.indeterminate': [
    ...no(3),
    ...Array<Cell>(2).fill('indeterminate'),
    ...no(2),
    ...Array<Cell>(2).fill('indeterminate'),
    ...no(6),
  ],
  'call.interrupted, to ask': [
    ...no(3),
    'held for recovery',
    ...no(3),
    'held for recovery',
    'held for recovery',
    ...no(6),
  ],
  'call.interrupted, to repeat': [...no(7), 'held for sending again', 'held for sending again', ...no(6)],
  'call.result_lost': [...no(7), 'working', 'input_required', ...no(6)],
  'call.turned_back': [...no(7), 'held for urls', 'held for urls', ...no(6)],
  'call.urls_done': [...no(6), 'held for sending', ...no(8)],
  'call.agent_left': stateNames,
  'call.agent_back': same(15),
  'call.delivered': [...no(9), ...sixOutcomes],
  'request.opened': [...same(4), 'held for recovery', ...same(2), 'input_required', 'input_required', ...no(6)],
  'request.claimed': same(15),
  'request.released': same(15),
  'request.voted': same(15),
  'request.edited': ['no', 'held for approval', ...no(13)],
  'request.assigned': same(15),
  'request.escalated': same(15),
  'request.noted': same(15),
  'request.drafted': same(15),
  'request.to_person': same(15),
  'request.answered': [...same(5), 'held for urls, done', ...same(2), 'working', ...same(6)],
  'request.expired': [...same(8), 'working', ...same(6)],
  'request.withdrawn': [...same(8), 'working', ...same(6)],
};

const cells = (Object.keys(table) as readonly EventName[]).flatMap((name) =>
  stateNames.map((from, at) => ({ from, name, cell: table[name][at] })),
);

function nameOf(call: Call): string {
  if (call.state !== 'held') return call.state;
  const again = call.interrupted !== null && call.reasons.includes('sending') ? ' again' : '';
  const done = call.reasons.includes('urls') && call.requestIds.length === 0 ? ', done' : '';
  return `held for ${call.reasons.join()}${again}${done}`;
}

function isToBeSent(call: Call): boolean {
  return call.state === 'held' && call.reasons.includes('sending');
}

function expectedEffects(from: Call, to: Call): readonly object[] {
  if (isOpenCall(from) && !isOpenCall(to)) return [{ effect: 'settle_call', callId }];
  return isToBeSent(to) && !isToBeSent(from) ? [{ effect: 'send_call', callId }] : [];
}

describe('the call lifecycle', () => {
  it('has a call in every state to start from, an event of every type, and a cell for each pair', () => {
    for (const name of stateNames) expect(nameOf(states[name])).toBe(name);
    const types = new Set<string>(Object.values(events).map((event) => event.type));
    expect([...types].sort()).toEqual(eventTypes.filter((type) => /^(call|request)[.]/.test(type)).sort());
    for (const row of Object.values(table)) expect(row).toHaveLength(stateNames.length);
  });

  it.each(cells)('$from, $name: $cell', ({ from, name, cell }) => {
    const before = states[from];
    const untouched = structuredClone(before);
    const step = advanceCall(before, { ...events[name], at: 5_000 });
    expect(before).toEqual(untouched);
    const to = step.ok ? step.state : before;
    expect(step.ok ? (to === before ? 'same' : nameOf(to)) : step.code).toBe(cell === 'no' ? 'not_allowed_now' : cell);
    expect(step.ok ? step.effects : []).toEqual(expectedEffects(before, to));
  });

  it('is sent only when it is to be sent, and again only after an interruption (I3, I4)', () => {
    for (const name of stateNames) {
      const step = advanceCall(states[name], happening('call.sent'));
      expect(step.ok).toBe(name === 'held for sending' || name === 'held for sending again');
    }
  });

  it('never becomes unknown before a byte of it left; nor rejected, denied or expired after (I3)', () => {
    for (const call of Object.values(states).filter(isOpenCall)) {
      expect(advanceCall(call, happening('call.indeterminate')).ok).toBe(wasSent(call));
      for (const type of ['call.rejected', 'call.denied'] as const)
        expect(advanceCall(call, happening(type)).ok, `${nameOf(call)}, ${type}`).toBe(call.runs === 0);
      // One that its server turned back was sent, and did not run.
      expect(advanceCall(call, happening('call.expired')).ok).toBe(!wasSent(call));
    }
  });

  it('of a backup is unknown whether it was sent by then or not, and stays as it ended where it had (I3, I4)', () => {
    const restored = happening('call.indeterminate', { body: { restored: true } });
    for (const name of stateNames) {
      const step = advanceCall(states[name], restored);
      expect(step.ok ? step.state.state : 'no').toBe(isOpenCall(states[name]) ? 'indeterminate' : 'no');
    }
  });

  it('keeps where it was last sent, whatever becomes of it (I3)', () => {
    const facts = { connectionId, rpcId: 'rpc-1', sentAt: 1_000 };
    const gone = [
      'held for sending again',
      'held for recovery',
      'working',
      'input_required',
      'completed',
      'failed',
      'indeterminate',
    ] as const;
    for (const name of gone) expect(sentOf(states[name])).toEqual(facts);
    const never = ['held for policy', 'held for sending', 'held for urls', 'cancelled', 'rejected', 'expired'] as const;
    for (const name of never) expect(sentOf(states[name])).toBeNull();
    for (const end of ['call.completed', 'call.indeterminate', 'call.cancelled'] as const)
      expect(sentOf(after(...sent, interrupted, happening(end)))).toEqual(facts);
  });

  it('waits until the last of several questions is settled', () => {
    const two = after(
      ...sent,
      happening('request.opened'),
      happening('request.opened', { body: { requestId: otherRequestId } }),
    );
    expect(two).toMatchObject({ state: 'input_required', requestIds: [requestId, otherRequestId] });
    const first = advanceCall(two, happening('request.answered', { at: 7 }));
    expect(first).toMatchObject({ ok: true, state: { state: 'input_required', requestIds: [otherRequestId] } });
    if (!first.ok) throw new Error(first.message);
    const second = advanceCall(
      first.state,
      happening('request.expired', { at: 9, body: { requestId: otherRequestId } }),
    );
    expect(second).toMatchObject({ ok: true, state: { state: 'working', lastSignAt: 9 } });
    expect(second.ok && 'requestIds' in second.state).toBe(false);
  });

  it('keeps the first instant of delivery', () => {
    const once = advanceCall(states.completed, happening('call.delivered', { at: 10 }));
    if (!once.ok) throw new Error(once.message);
    const twice = advanceCall(once.state, happening('call.delivered', { at: 20 }));
    expect(twice).toMatchObject({ ok: true, state: { deliveredAt: 10 } });
  });

  it('keeps which rule decided, and the words of a denial', () => {
    const rule = { id: 'rule-1', words: 'Someone must look.' };
    expect(states['held for approval'].rule).toEqual(rule);
    expect(states.rejected).toMatchObject({ rule, reason: rule.words });
  });

  it('says of an interruption what was sent, why and when it broke off, and the last that was heard (I4)', () => {
    const broken = after(
      ...sent,
      happening('call.progress', { at: 2_000 }),
      happening('call.interrupted', { at: 3_000 }),
    );
    expect(broken).toMatchObject({
      state: 'held',
      reasons: ['recovery'],
      requestIds: [],
      runs: 1,
      interrupted: {
        sent: { connectionId, rpcId: 'rpc-1', sentAt: 1_000 },
        why: 'the session was gone',
        at: 3_000,
        progress: { progress: 1, total: 3, message: 'one', at: 2_000 },
      },
    });
    const quiet = after(...sent, happening('request.opened'), interrupted);
    expect(quiet).toMatchObject({ reasons: ['recovery'], requestIds: [], interrupted: { progress: null } });
    expect(broken).not.toHaveProperty('lastSignAt');
  });

  it('runs again by itself where that is safe, counts its runs, and starts each of them fresh (I4)', () => {
    const other = happening('call.sent', { at: 9_000, body: { rpcId: 'rpc-2' } });
    const again = after(
      ...sent,
      happening('call.progress'),
      happening('call.result_lost'),
      happening('request.opened'),
      repeated,
      other,
    );
    expect(states.working).toMatchObject({ runs: 1 });
    const { callId: id, runs, ...rest } = again;
    expect({ id, runs, rest }).toMatchObject({
      id: callId,
      runs: 2,
      rest: { state: 'working', rpcId: 'rpc-2', sentAt: 9_000, lastSignAt: 9_000, progress: null, resultLost: null },
    });
    for (const gone of ['interrupted', 'reasons', 'requestIds']) expect(again).not.toHaveProperty(gone);
  });

  it('asks a person after all when the repeat could not be sent; what is known of the sending stays (I4)', () => {
    const asked = after(...sent, repeated, happening('call.interrupted', { at: 8_000, body: { why: 'unreachable' } }));
    expect(asked).toMatchObject({
      reasons: ['recovery'],
      runs: 1,
      interrupted: { sent: { rpcId: 'rpc-1', sentAt: 1_000 }, why: 'unreachable', at: 1_000 },
    });
  });

  it('waits for its recovery request, and is sent again only when that is allowed (I4)', () => {
    const asked = states['held for recovery'];
    expect(asked).toMatchObject({ requestIds: [requestId] });
    const decided = after(...sent, interrupted, happening('request.opened'), happening('request.answered'));
    expect(decided).toMatchObject({ reasons: ['recovery'] });
    const step = advanceCall(decided, happening('call.allowed'));
    expect(step).toMatchObject({ ok: true, effects: [{ effect: 'send_call', callId }] });
    expect(step.ok && sentOf(step.state)).toMatchObject({ rpcId: 'rpc-1' });
  });

  it('remembers the first reason for which its result is lost, and still takes its questions', () => {
    const lost = after(...sent, happening('call.result_lost'));
    const later = advanceCall(lost, happening('call.result_lost', { body: { why: 'other' } }));
    expect(later.ok && later.state).toBe(lost);
    expect(lost).toMatchObject({ state: 'working', resultLost: 'its stream ended and cannot be resumed' });
    const asking = advanceCall(lost, happening('request.opened'));
    expect(asking).toMatchObject({ ok: true, state: { state: 'input_required', resultLost: expect.any(String) } });
  });

  it('knows in every state how its agent left, and forgets it when the agent is back', () => {
    for (const name of stateNames) {
      const left = advanceCall(states[name], happening('call.agent_left', { body: { how: 'ticket' } }));
      if (!left.ok) throw new Error(left.message);
      expect(left.state).toEqual({ ...states[name], agentLeft: 'ticket' });
      const twice = advanceCall(left.state, happening('call.agent_left', { body: { how: 'ticket' } }));
      expect(twice.ok && twice.state).toBe(left.state);
      const other = advanceCall(left.state, happening('call.agent_left', { body: { how: 'disconnected' } }));
      expect(other).toMatchObject({ ok: true, state: { agentLeft: 'disconnected' } });
      const back = advanceCall(left.state, happening('call.agent_back'));
      expect(back).toMatchObject({ ok: true, state: states[name], effects: [] });
    }
  });

  it('takes an edit only while people may still approve it, and says by which rule it waits from then on (I6)', () => {
    const edited = after(happening('call.held'), happening('request.edited'));
    expect(edited).toMatchObject({
      edited: true,
      title: 'Write less',
      rule: { id: 'rule-2', words: 'Less is for two.' },
      reasons: ['approval'],
      requestIds: [requestId],
    });
    const back = advanceCall(edited, happening('request.edited', { body: { changed: [], title: 'Write' } }));
    expect(back).toMatchObject({ ok: true, state: { edited: false, title: 'Write' } });
    expect(after(happening('call.held')).edited).toBe(false);
  });

  it('keeps to its end whether it was edited, whom its questions are for, and who writes for a model', () => {
    const questionsTeam = 'night' as TeamId;
    const first = receiveCall(happening('call.received', { body: { questionsTeam, sampling: 'model' } }));
    const life = [
      happening('call.held'),
      happening('request.edited', { body: { questionsTeam, sampling: 'model' } }),
      happening('request.answered'),
      ...sent,
      interrupted,
      happening('call.indeterminate'),
    ];
    const states_ = life.map((_none, at) =>
      life.slice(0, at + 1).reduce<Call>((call, event) => {
        const step = advanceCall(call, event);
        if (!step.ok) throw new Error(step.message);
        return step.state;
      }, first),
    );
    for (const call of states_) expect(call).toMatchObject({ questionsTeam, sampling: 'model' });
    expect(states_.map(({ edited }) => edited)).toEqual([false, ...Array<boolean>(life.length - 1).fill(true)]);
    expect(states_.at(-1)).toMatchObject({ state: 'indeterminate', title: 'Write less' });
  });

  it('keeps across interruption, repeat and end that its agent left', () => {
    const left = happening('call.agent_left');
    expect(after(...sent, left, repeated, happening('call.sent'), happening('call.completed'))).toMatchObject({
      agentLeft: 'disconnected',
      runs: 2,
    });
  });

  describe('that its server turned back', () => {
    const pages = happening('call.turned_back', { body: { requestIds: [requestId, otherRequestId] } });
    const other = { requestId: otherRequestId };

    it('goes again only when the last of its pages is done, whatever is said of the others', () => {
      const asked = after(...sent, pages);
      expect(asked).toMatchObject({
        reasons: ['urls'],
        requestIds: [requestId, otherRequestId],
        runs: 1,
        turnedBack: 1,
      });
      const said = (type: 'request.expired' | 'request.withdrawn'): CallEvent => happening(type);
      const declined = happening('request.answered', { body: { action: 'decline' } });
      const dismissed = happening('request.answered', { body: { action: 'cancel' } });
      for (const undone of [said('request.expired'), said('request.withdrawn'), declined, dismissed]) {
        const rest = after(...sent, pages, happening('request.answered', { body: other }), undone);
        expect(rest).toMatchObject({ requestIds: [requestId] });
        expect(advanceCall(rest, happening('call.urls_done')).ok).toBe(false);
      }
      const done = after(...sent, pages, happening('request.answered', { body: other }), happening('request.answered'));
      const step = advanceCall(done, happening('call.urls_done'));
      expect(step).toMatchObject({
        ok: true,
        effects: [{ effect: 'send_call', callId }],
        state: { reasons: ['sending'] },
      });
    });

    it('is not let go by a rule or an approval while a page is not done', () => {
      expect(advanceCall(after(...sent, pages), happening('call.allowed')).ok).toBe(false);
    });

    it('names at least one page, and is turned back three times at most', () => {
      const none = happening('call.turned_back', { body: { requestIds: [] } });
      expect(advanceCall(states.working, none).ok).toBe(false);
      const round = [happening('call.turned_back'), happening('request.answered'), happening('call.urls_done')];
      const again = happening('call.sent');
      const thrice = after(...sent, ...round, again, ...round, again, ...round, again);
      expect(thrice).toMatchObject({ state: 'working', runs: 4, turnedBack: 3 });
      expect(triesOf(thrice)).toBe(1);
      expect(advanceCall(thrice, happening('call.turned_back')).ok).toBe(false);
      expect(after(...sent, ...round, again, happening('call.failed'))).toMatchObject({ runs: 2, turnedBack: 1 });
    });

    it('is not said not to have run where an earlier run of it was cut off (I4)', () => {
      const ranBefore = after(
        ...sent,
        repeated,
        happening('call.sent', { at: 7_000, body: { rpcId: 'rpc-2' } }),
        pages,
      );
      expect(ranBefore).toMatchObject({
        mayHaveRun: true,
        interrupted: { sent: { rpcId: 'rpc-2', sentAt: 7_000 }, why: expect.stringContaining('earlier run') },
      });
      expect(advanceCall(ranBefore, happening('call.expired')).ok).toBe(false);
      expect(advanceCall(ranBefore, happening('call.indeterminate')).ok).toBe(true);
      const gone = happening('call.interrupted', { body: { next: 'repeat', notRun: true } });
      expect(after(...sent, gone, happening('call.sent'), pages)).toMatchObject({
        mayHaveRun: false,
        interrupted: null,
      });
    });

    it('keeps the rule that let it go first (I6)', () => {
      const allowed = states['held for urls, done'];
      const step = advanceCall(allowed, happening('call.urls_done'));
      expect(step.ok && step.state.rule).toEqual(allowed.rule);
    });
  });
});
