import { describe, expect, it } from 'vitest';
import { advanceCall, type Call, type CallEvent, isOpenCall, receiveCall, sentOf, wasSent } from '@/lib/domain/call';
import { callId, connectionId, happening, otherRequestId, requestId } from './support/happenings';

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

/** Every state a call can be in; a held one by what it still waits for. */
const states = {
  'held for policy': after(),
  'held for approval': after(happening('call.held')),
  'held for sending': after(happening('call.allowed')),
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

/** `same`: accepted, and nothing changes. `no`: refused, by `not_allowed_now`. Else the state it leads to. */
type Cell = StateName | 'same' | 'no';
type Row = readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell];

const no6 = ['no', 'no', 'no', 'no', 'no', 'no'] as const;
const same6 = ['same', 'same', 'same', 'same', 'same', 'same'] as const;

// Columns: held for policy, held for approval, held for sending, working, input_required, then the six outcomes.
const table: { readonly [T in CallEvent['type']]: Row } = {
  'call.received': ['no', 'no', 'no', 'no', 'no', ...no6],
  'call.held': ['held for approval', 'no', 'no', 'no', 'no', ...no6],
  'call.allowed': ['held for sending', 'held for sending', 'no', 'no', 'no', ...no6],
  'call.denied': ['rejected', 'rejected', 'rejected', 'no', 'no', ...no6],
  'call.sent': ['no', 'no', 'working', 'no', 'no', ...no6],
  'call.progress': ['no', 'no', 'no', 'working', 'input_required', ...no6],
  'call.log': ['same', 'same', 'same', 'same', 'same', ...same6],
  'call.completed': ['no', 'no', 'no', 'completed', 'completed', ...no6],
  'call.failed': ['failed', 'failed', 'failed', 'failed', 'failed', ...no6],
  'call.cancelled': ['cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled', ...no6],
  'call.rejected': ['rejected', 'rejected', 'rejected', 'no', 'no', ...no6],
  'call.expired': ['expired', 'expired', 'expired', 'expired', 'expired', ...no6],
  'call.indeterminate': ['no', 'no', 'no', 'indeterminate', 'indeterminate', ...no6],
  'call.delivered': [
    'no',
    'no',
    'no',
    'no',
    'no',
    'completed',
    'failed',
    'cancelled',
    'rejected',
    'expired',
    'indeterminate',
  ],
  'request.opened': ['same', 'same', 'same', 'input_required', 'input_required', ...no6],
  'request.claimed': ['same', 'same', 'same', 'same', 'same', ...same6],
  'request.released': ['same', 'same', 'same', 'same', 'same', ...same6],
  'request.answered': ['same', 'same', 'same', 'same', 'working', ...same6],
  'request.expired': ['same', 'same', 'same', 'same', 'working', ...same6],
  'request.withdrawn': ['same', 'same', 'same', 'same', 'working', ...same6],
};

const cells = (Object.keys(table) as readonly CallEvent['type'][]).flatMap((type) =>
  table[type].map((cell, at) => ({ from: stateNames[at] ?? 'working', type, cell })),
);

function nameOf(call: Call): string {
  return call.state === 'held' ? `held for ${call.reasons.join()}` : call.state;
}

function expectedEffects(from: Call, to: Call): readonly object[] {
  if (isOpenCall(from) && !isOpenCall(to)) return [{ effect: 'settle_call', callId }];
  return nameOf(to) === 'held for sending' && nameOf(from) !== nameOf(to) ? [{ effect: 'send_call', callId }] : [];
}

describe('the call lifecycle', () => {
  it('has a call in every state to start from', () => {
    for (const name of stateNames) expect(nameOf(states[name])).toBe(name);
  });

  it.each(cells)('$from, $type: $cell', ({ from, type, cell }) => {
    const before = states[from];
    const untouched = structuredClone(before);
    const step = advanceCall(before, happening(type, { at: 5_000 }));
    expect(before).toEqual(untouched);
    const to = step.ok ? step.state : before;
    expect(step.ok ? (to === before ? 'same' : nameOf(to)) : step.code).toBe(cell === 'no' ? 'not_allowed_now' : cell);
    expect(step.ok ? step.effects : []).toEqual(expectedEffects(before, to));
  });

  it('is never sent twice (I3, I4)', () => {
    for (const name of stateNames) {
      const step = advanceCall(states[name], happening('call.sent'));
      expect(step.ok).toBe(name === 'held for sending');
    }
  });

  it('never becomes unknown before a byte of it left, nor rejected after (I3)', () => {
    for (const call of Object.values(states).filter(isOpenCall)) {
      expect(advanceCall(call, happening('call.indeterminate')).ok).toBe(wasSent(call));
      expect(advanceCall(call, happening('call.rejected')).ok).toBe(!wasSent(call));
    }
  });

  it('keeps where it was sent, whatever becomes of it', () => {
    const facts = { connectionId, rpcId: 'rpc-1', sentAt: 1_000 };
    for (const name of ['working', 'input_required', 'completed', 'failed', 'indeterminate'] as const) {
      expect(sentOf(states[name])).toEqual(facts);
    }
    for (const name of ['held for policy', 'held for sending', 'cancelled', 'rejected', 'expired'] as const) {
      expect(sentOf(states[name])).toBeNull();
    }
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
});
