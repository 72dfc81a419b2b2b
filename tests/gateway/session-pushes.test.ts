import { expect, test } from 'vitest';
import type { SessionSummary } from '@/lib/domain/summary';
import { type Gathered, type SessionChange, SessionPushes } from '@/server/gateway/session-pushes';
import { MovableClock } from '@/tests/engine/workplace';
import { commitsOf, sessionId, sessionLog } from '@/tests/live/samples';

const log = sessionLog(2);
const commits = commitsOf(log);
const id = sessionId(1);

function setUp(): { readonly said: Gathered[]; readonly pushes: SessionPushes; readonly clock: MovableClock } {
  const clock = new MovableClock();
  const said: Gathered[] = [];
  return { said, clock, pushes: new SessionPushes({ clock, say: (gathered) => void said.push(gathered) }) };
}

function eventAt(index: number): SessionChange {
  return { change: 'events', sessionId: id, events: log.slice(index, index + 1) };
}

function summaryAt(index: number): SessionSummary {
  const summary = commits[index]?.summary;
  if (summary === undefined) throw new Error('The log is not that long.');
  return summary;
}

const seqs = ({ events }: Gathered): readonly number[] => events.map(({ seq }) => seq);

test('what one commit tells is said at once and together', async () => {
  const { said, pushes } = setUp();
  pushes.tell(eventAt(0));
  pushes.tell({ change: 'session', summary: summaryAt(0) });
  expect(said).toEqual([]);
  await Promise.resolve();
  expect(said).toHaveLength(1);
  expect(said[0]).toMatchObject({ sessionId: id, raw: [], events: log.slice(0, 1), summary: { seq: 1 } });
});

test('200 events within a second are said in ten pieces at most, none lost, each in its order, the last summary wins', async () => {
  const { said, pushes, clock } = setUp();
  for (let told = 0; told < 200; told += 1) {
    pushes.tell({ change: 'events', sessionId: id, events: log.slice(told % log.length, (told % log.length) + 1) });
    pushes.tell({ change: 'session', summary: summaryAt(Math.min(told, log.length - 1)) });
    await Promise.resolve();
    clock.move(5);
  }
  clock.move(200);
  await Promise.resolve();
  expect(said.length).toBeGreaterThan(1);
  expect(said.length).toBeLessThanOrEqual(12);
  expect(said.flatMap(seqs)).toEqual(Array.from({ length: 200 }, (_, told) => (told % log.length) + 1));
  expect(said.at(-1)?.summary?.seq).toBe(log.length);
});

test('a timer that is late makes it no more', async () => {
  const clock = new MovableClock();
  const said: Gathered[] = [];
  const late = {
    now: () => clock.now(),
    after: (delayMs: number, run: () => void) => clock.after(delayMs === 100 ? 101 : delayMs, run),
  };
  const pushes = new SessionPushes({ clock: late, say: (gathered) => void said.push(gathered) });
  for (let told = 0; told < 200; told += 1) {
    pushes.tell(eventAt(told % log.length));
    await Promise.resolve();
    for (let ms = 0; ms < 5; ms += 1) clock.move(1);
  }
  expect(said.length).toBeGreaterThan(5);
  expect(said.length).toBeLessThanOrEqual(12);
});

test('sessions do not wait for each other, and a lone event after a rest is said at once', async () => {
  const { said, pushes, clock } = setUp();
  pushes.tell(eventAt(0));
  await Promise.resolve();
  pushes.tell({ change: 'events', sessionId: sessionId(2), events: log.slice(3, 4) });
  await Promise.resolve();
  expect(said.map((each) => each.sessionId)).toEqual([id, sessionId(2)]);
  clock.move(1_000);
  pushes.tell(eventAt(1));
  await Promise.resolve();
  expect(said.map(seqs)).toEqual([[1], [4], [2]]);
});

test('nothing is said after it was stopped', async () => {
  const { said, pushes, clock } = setUp();
  pushes.tell(eventAt(0));
  await Promise.resolve();
  pushes.tell(eventAt(1));
  pushes.stop();
  clock.move(1_000);
  await Promise.resolve();
  expect(said.map(seqs)).toEqual([[1]]);
});
