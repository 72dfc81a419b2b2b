import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { bearerOf } from '@/server/downstream/bearer';
import { BoundedEventStore, type EventBounds } from '@/server/downstream/event-store';
import { readMessage } from '@/server/downstream/message';
import { ProgressFigures } from '@/server/downstream/progress';
import type { Clock } from '@/server/engine/ports/clock';

function store(bounds: Partial<EventBounds> = {}): {
  readonly events: BoundedEventStore;
  readonly move: (ms: number) => void;
} {
  let now = 1_000_000;
  const clock: Clock = { now: () => now, after: () => () => undefined };
  const events = new BoundedEventStore(clock, () => 'last', {
    events: 5,
    streams: 3,
    bytes: 10_000,
    ageMs: 60_000,
    ...bounds,
  });
  return {
    events,
    move: (ms) => {
      now += ms;
    },
  };
}

const note = (n: number, size = 1): JSONRPCMessage => ({
  jsonrpc: '2.0',
  method: 'n',
  params: { n, pad: 'x'.repeat(size) },
});
const response: JSONRPCMessage = { jsonrpc: '2.0', id: 1, result: {} };
const numbers = (found: ReturnType<BoundedEventStore['find']>): unknown =>
  found?.after.map((event) => ('params' in event.message ? event.message.params?.['n'] : 'response'));

describe('kept events', () => {
  test('are bounded in number; a cursor older than all of them is still good', async () => {
    const { events } = store();
    const opening = await events.storeEvent('s', {} as JSONRPCMessage);
    for (let n = 1; n <= 50; n += 1) await events.storeEvent('s', note(n));
    expect(numbers(events.find(opening))).toEqual([46, 47, 48, 49, 50]);
  });

  test('are bounded in bytes, and the newest is kept whatever its size', async () => {
    const { events } = store();
    const opening = await events.storeEvent('s', {} as JSONRPCMessage);
    for (let n = 1; n <= 4; n += 1) await events.storeEvent('s', note(n, 4_000));
    expect(numbers(events.find(opening))).toEqual([3, 4]);
    await events.storeEvent('s', note(5, 50_000));
    expect(numbers(events.find(opening))).toEqual([5]);
  });

  test('are bounded in age; an ended stream is forgotten with them, an open one never', async () => {
    const { events, move } = store();
    const open = await events.storeEvent('open', note(1));
    const ended = await events.storeEvent('ended', note(1));
    await events.storeEvent('ended', response);
    expect(events.find(ended)).toMatchObject({ ended: true });
    move(60_001);
    events.forgetOld();
    expect(events.find(ended)).toBeNull();
    expect(events.find(open)).toMatchObject({ ended: false, after: [] });
  });

  test('of many short streams do not pile up: the first that ended are forgotten', async () => {
    const { events } = store();
    const open = await events.storeEvent('open', note(1));
    const openings: string[] = [];
    for (let n = 1; n <= 10; n += 1) {
      openings.push(await events.storeEvent(`s${n}`, {} as JSONRPCMessage));
      await events.storeEvent(`s${n}`, response);
    }
    expect(openings.map((opening) => events.find(opening) !== null)).toEqual([
      ...Array<boolean>(7).fill(false),
      true,
      true,
      true,
    ]);
    expect(events.find(open)).not.toBeNull();
  });

  test('cost the same however many streams there were', async () => {
    const { events } = store({ streams: 100_000, events: 100 });
    const startedAt = performance.now();
    for (let n = 1; n <= 20_000; n += 1) await events.storeEvent(`s${n}`, response);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  test('are handed on while a stream is followed, each once', async () => {
    const { events } = store();
    const heard: string[] = [];
    const stop = events.follow('s', (event) => heard.push(event.id));
    const first = await events.storeEvent('s', note(1));
    await events.storeEvent('other', note(2));
    stop();
    await events.storeEvent('s', note(3));
    expect(heard).toEqual([first]);
  });
});

describe('progress figures', () => {
  const server = (
    progress: number,
    total: number | null = 10,
  ): { progress: number; total: number | null; message: null } => ({ progress, total, message: null });

  test('the server’s own pass unchanged between heartbeats, and all rise', () => {
    const figures = new ProgressFigures();
    const all = [
      figures.heartbeat('asking'),
      figures.heartbeat('still asking'),
      figures.server(server(1)),
      figures.heartbeat('asking'),
      figures.heartbeat('asking'),
      figures.server(server(1.001)),
      figures.server(server(1_000_000)),
      figures.heartbeat('asking'),
      figures.server(server(1_000_001, null)),
    ];
    const values = all.map((each) => Number(each['progress']));
    expect(values.every((value, index) => index === 0 || value > (values[index - 1] ?? Infinity))).toBe(true);
    expect([values[2], values[5], values[6], values[8]]).toEqual([1, 1.001, 1_000_000, 1_000_001]);
    expect(all[3]).toMatchObject({ total: 10, message: 'asking' });
    expect(all[0]).toEqual({ progress: 0, message: 'asking' });
    expect(all[8]).not.toHaveProperty('total');
  });

  test('a server that repeats itself or goes back cannot make them fall', () => {
    const figures = new ProgressFigures();
    const values = [5, 5, 2, 6].map((progress) => Number(figures.server(server(progress))['progress']));
    expect(values.every((value, index) => index === 0 || value > (values[index - 1] ?? Infinity))).toBe(true);
    expect(values[3]).toBe(6);
  });
});

describe('reading', () => {
  test('nesting is counted without a stack', () => {
    const nested = (levels: number): unknown =>
      JSON.parse(`{"jsonrpc":"2.0","method":"x","params":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`);
    expect(readMessage(nested(150))).toMatchObject({ kind: 'notification' });
    expect(readMessage(nested(250))).toContain('nested');
    expect(readMessage(nested(500_000))).toContain('nested');
  });

  test.each([
    [{ authorization: 'Bearer abc' }, 'abc'],
    [{ authorization: 'bearer abc ' }, 'abc'],
    [{ 'x-api-key': 'abc' }, 'abc'],
    [{ authorization: 'Basic abc', 'x-api-key': 'k' }, 'k'],
    [{ authorization: 'Bearer a b' }, null],
    [{ authorization: 'Bearer ' }, null],
    [{ 'x-api-key': '  ' }, null],
    [{}, null],
  ])('the key of %j', (headers, key) => {
    expect(bearerOf(headers)).toBe(key);
  });
});
