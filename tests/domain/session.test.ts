import { describe, expect, it } from 'vitest';
import { advanceSession, type Session, type SessionLifeEvent, startSession } from '@/lib/domain/session';
import { happening, sessionId } from './support/happenings';

function after(...events: readonly SessionLifeEvent[]): Session {
  return events.reduce<Session>(
    (session, event) => {
      const step = advanceSession(session, event);
      if (!step.ok) throw new Error(step.message);
      return step.state;
    },
    startSession(happening('session.started')),
  );
}

const states = {
  active: after(),
  ending: after(happening('session.ending')),
  ended: after(happening('session.ending'), happening('session.ended')),
} as const;
type StateName = keyof typeof states;
const stateNames = Object.keys(states) as readonly StateName[];

/** `same`: accepted, and nothing changes. A code: refused by it. Else the state it leads to. */
type Cell = StateName | 'same' | 'not_allowed_now' | 'session_ended';
type Row = readonly [Cell, Cell, Cell];

// Columns: active, ending, ended.
const table: { readonly [T in SessionLifeEvent['type']]: Row } = {
  'session.started': ['not_allowed_now', 'session_ended', 'session_ended'],
  'session.ending': ['ending', 'session_ended', 'session_ended'],
  'session.step': ['not_allowed_now', 'same', 'session_ended'],
  'session.ended': ['not_allowed_now', 'ended', 'session_ended'],
};

const cells = (Object.keys(table) as readonly SessionLifeEvent['type'][]).flatMap((type) =>
  table[type].map((cell, at) => ({ from: stateNames[at] ?? 'active', type, cell })),
);

describe('the session lifecycle', () => {
  it.each(cells)('$from, $type: $cell', ({ from, type, cell }) => {
    const before = states[from];
    expect(before.state).toBe(from);
    const untouched = structuredClone(before);
    const step = advanceSession(before, happening(type, { at: 5_000 }));
    expect(before).toEqual(untouched);
    expect(step.ok ? (step.state === before ? 'same' : step.state.state) : step.code).toBe(cell);
    expect(step.ok ? step.effects : []).toEqual(cell === 'ending' ? [{ effect: 'end_session', sessionId }] : []);
  });

  it('keeps to its end who ran it, with which client, and what was agreed', () => {
    const facts = {
      agent: { name: 'Night shift' },
      client: { name: 'sdk', version: '1' },
      scope: null,
      protocolVersion: '2025-11-25',
    };
    for (const name of stateNames) expect(states[name]).toMatchObject(facts);
  });

  it('says how and why it ended (I10)', () => {
    expect(states.ended).toMatchObject({ end: 'terminated', reason: 'stuck', endedAt: 1_000, startedAt: 1_000 });
  });
});
