import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noSessions, type SessionsState } from '@/components/live/state/sessions';
import { sessionsLeft, sessionsLooked, sessionsPage, sessionsTold } from '@/components/live/state/sessions-list';
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

  test('I12 what ended unheard of is missing from the next page, and leaves the list', () => {
    const look = { live: true, search: '' };
    const state = sessionsPage(sessionsLooked(noSessions, look), look, {
      sessions: [latest(3), latest(2), latest(1)],
      more: false,
    });
    const asked = { look, before: null, known: state.summaries };
    const page = { sessions: [latest(3), latest(1)], more: false };
    expect(ids(sessionsPage(sessionsLeft(state, asked, page), look, page))).toEqual([sessionId(3), sessionId(1)]);

    const moved = { ...latest(2), seq: latest(2).seq + 1 };
    const heard = sessionsTold(state, [moved, latest(4)]);
    expect(ids(sessionsPage(sessionsLeft(heard, asked, page), look, page))).toEqual([4, 3, 2, 1].map(sessionId));

    const part = { sessions: [latest(3)], more: true };
    const firstPage = sessionsPage(sessionsLeft(state, asked, part), look, part);
    expect([...firstPage.summaries.keys()]).toEqual([3, 2, 1].map(sessionId));
    const older = { look, before: { startedAt: startedAt + 2, sessionId: sessionId(2) }, known: state.summaries };
    const rest = sessionsLeft(firstPage, older, { sessions: [], more: false });
    expect([...rest.summaries.keys()]).toEqual([sessionId(3), sessionId(2)]);
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
