import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  noSessions,
  type SessionsState,
  sessionsLooked,
  sessionsPage,
  sessionsTold,
} from '@/components/live/state/sessions';
import type { SessionSummary } from '@/lib/domain/summary';
import { commitsOf, sessionId, sessionLog, startedAt } from './samples';

const numbers = [1, 2, 3, 4, 5, 6];
const summaries: readonly SessionSummary[] = numbers.flatMap((number) =>
  commitsOf(sessionLog(1, number)).map(({ summary }) => ({
    ...summary,
    session: { ...summary.session, startedAt: startedAt + number },
  })),
);
const all = { live: null, search: '' };

function latest(number: number): SessionSummary {
  const found = summaries.findLast(({ session }) => session.sessionId === sessionId(number));
  if (found === undefined) throw new Error(`No session ${number}.`);
  return found;
}

function ids(state: SessionsState): readonly string[] {
  return state.list.map(({ session }) => session.sessionId);
}

describe('the list of sessions', () => {
  test('I12 ends in the same state in whatever order summaries come', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...summaries], { minLength: summaries.length }),
        fc.array(fc.nat(summaries.length - 1)),
        (shuffled, again) => {
          const told = [...shuffled, ...again.flatMap((at) => summaries[at] ?? [])].reduce<SessionsState>(
            (state, summary) => sessionsTold(state, [summary]),
            sessionsLooked(noSessions, all),
          );
          expect(told.list).toEqual(numbers.toReversed().map(latest));
        },
      ),
    );
  });

  test('shows nothing behind the last page that was read', () => {
    const state = sessionsPage(sessionsLooked(noSessions, all), all, {
      sessions: [latest(6), latest(5), latest(4)],
      more: true,
    });
    const told = sessionsTold(state, [latest(2)]);
    expect(ids(told)).toEqual([6, 5, 4].map(sessionId));
    const rest = sessionsPage(told, all, { sessions: [latest(3), latest(2), latest(1)], more: false });
    expect(ids(rest)).toEqual([6, 5, 4, 3, 2, 1].map(sessionId));
    expect(rest.floor).toBeNull();
  });

  test('a session that ended leaves the list of live ones', () => {
    const look = { live: true, search: '' };
    const state = sessionsPage(sessionsLooked(noSessions, look), look, {
      sessions: [latest(2), latest(1)],
      more: false,
    });
    const two = latest(2);
    const ended: SessionSummary = {
      ...two,
      seq: two.seq + 1,
      session: { ...two.session, state: 'ended', end: 'closed', reason: 'The agent left', endedAt: startedAt + 9 },
    };
    expect(ids(sessionsTold(state, [ended]))).toEqual([sessionId(1)]);
  });

  test('searches as the server does', () => {
    const byServer = sessionsTold(sessionsLooked(noSessions, { live: null, search: ' ACCOUNTS ' }), summaries);
    expect(byServer.list).toHaveLength(numbers.length);
    const byId = sessionsTold(
      sessionsLooked(noSessions, { live: null, search: sessionId(3).toLowerCase() }),
      summaries,
    );
    expect(ids(byId)).toEqual([sessionId(3)]);
  });

  test('a page for a look that was left does not set how far was read', () => {
    const state = sessionsLooked(noSessions, { live: null, search: 'accounts' });
    const late = sessionsPage(state, all, { sessions: [latest(6)], more: true });
    expect(late.floor).toBeNull();
    expect(late.status).toBe('loading');
  });
});
