import { describe, expect, it } from 'vitest';
import {
  advanceConnection,
  type Connection,
  type ConnectionEvent,
  isLiveConnection,
  openConnection,
} from '@/lib/domain/connection';
import { happening } from './support/happenings';

function after(...events: readonly ConnectionEvent[]): Connection {
  return events.reduce<Connection>(
    (connection, event) => {
      const step = advanceConnection(connection, event);
      if (!step.ok) throw new Error(step.message);
      return step.state;
    },
    openConnection(happening('connection.opening')),
  );
}

const ready = happening('connection.ready');
const states = {
  opening: after(),
  ready: after(ready),
  reattaching: after(ready, happening('connection.reattaching')),
  lost: after(happening('connection.lost')),
  closed: after(ready, happening('connection.closed')),
} as const;
type StateName = keyof typeof states;
const stateNames = Object.keys(states) as readonly StateName[];

/** `same`: accepted, and nothing changes. `no`: refused, by `not_allowed_now`. Else the state it leads to. */
type Cell = StateName | 'same' | 'no';
type Row = readonly [Cell, Cell, Cell, Cell, Cell];

// Columns: opening, ready, reattaching, lost, closed.
const table: { readonly [T in ConnectionEvent['type']]: Row } = {
  'connection.opening': ['no', 'no', 'no', 'no', 'no'],
  'connection.ready': ['ready', 'ready', 'ready', 'no', 'no'],
  'connection.reattaching': ['no', 'reattaching', 'same', 'no', 'no'],
  'connection.lost': ['lost', 'lost', 'lost', 'no', 'no'],
  'connection.closed': ['closed', 'closed', 'closed', 'no', 'no'],
};

const cells = (Object.keys(table) as readonly ConnectionEvent['type'][]).flatMap((type) =>
  table[type].map((cell, at) => ({ from: stateNames[at] ?? 'opening', type, cell })),
);

describe('the connection lifecycle', () => {
  it.each(cells)('$from, $type: $cell', ({ from, type, cell }) => {
    const before = states[from];
    expect(before.state).toBe(from);
    const untouched = structuredClone(before);
    const step = advanceConnection(before, happening(type, { at: 5_000 }));
    expect(before).toEqual(untouched);
    expect(step.ok ? (step.state === before ? 'same' : step.state.state) : step.code).toBe(
      cell === 'no' ? 'not_allowed_now' : cell,
    );
    expect(step.ok ? step.effects : []).toEqual([]);
  });

  it('never comes back once it is over (I9)', () => {
    for (const name of stateNames) {
      const live = name !== 'lost' && name !== 'closed';
      expect(isLiveConnection(states[name])).toBe(live);
      expect(advanceConnection(states[name], ready).ok).toBe(live);
    }
  });

  it('keeps what was agreed while it reattaches, and why it does', () => {
    expect(states.reattaching).toMatchObject({
      protocolVersion: '2025-11-25',
      hasSession: true,
      sinceAt: 1_000,
      why: 'the stream dropped',
    });
  });

  it('keeps no field of a state it left', () => {
    expect(Object.keys(after(ready, happening('connection.reattaching'), ready)).sort()).toEqual(
      Object.keys(states.ready).sort(),
    );
    expect(states.closed).not.toHaveProperty('protocolVersion');
  });
});
