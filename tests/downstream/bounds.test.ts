import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { AgentId, CallId, SessionId } from '@/lib/domain/ids';
import { AgentPaces } from '@/server/downstream/agent-paces';
import { bearerOf } from '@/server/downstream/bearer';
import { idempotencyKeyOf } from '@/server/downstream/idempotency';
import { KeepAlive } from '@/server/downstream/keep-alive';
import { readMessage } from '@/server/downstream/message';
import { patienceOf } from '@/server/downstream/patience';
import { ProgressFigures } from '@/server/downstream/progress';
import { type RingBounds, StandaloneStream } from '@/server/downstream/standalone-stream';
import { callEventId, type CallPlace, readEventId } from '@/server/downstream/stream-place';
import type { AgentSettings } from '@/server/engine/ports/servers';

const sessionId = 'ses_000000000000' as SessionId;
const callId = 'call_000000000000' as CallId;

describe('the standalone stream', () => {
  function stream(bounds: RingBounds): StandaloneStream {
    const clock = { now: () => 0, after: () => () => undefined };
    return new StandaloneStream({
      sessionId,
      keepAlive: new KeepAlive(clock),
      epoch: 'e',
      bearsPriming: false,
      bounds,
    });
  }

  async function keptAfter(standalone: StandaloneStream, seq: number): Promise<readonly string[]> {
    const http = createServer((_req, res) => {
      standalone.open(res, { epoch: 'e', seq });
      standalone.end();
    });
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    const text = await (await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)).text();
    http.close();
    return [...text.matchAll(/^data: (\w)/gm)].map((match) => match[1] ?? '');
  }

  test('keeps so many messages; a place older than all of them is still good', async () => {
    const standalone = stream({ messages: 3, bytes: 10_000 });
    for (const text of ['a', 'b', 'c', 'd', 'e']) standalone.send(text);
    expect(await keptAfter(standalone, 0)).toEqual(['c', 'd', 'e']);
    expect(await keptAfter(standalone, 4)).toEqual(['e']);
    expect(standalone.comeback({ epoch: 'e', seq: 6 })).toBe('unknown');
    expect(standalone.comeback({ epoch: 'f', seq: 6 })).toBe('elsewhere');
  });

  test('keeps so many bytes, and the newest whatever its size', async () => {
    const standalone = stream({ messages: 100, bytes: 10_000 });
    for (const letter of ['a', 'b', 'c']) standalone.send(letter.repeat(4_000));
    expect(await keptAfter(standalone, 0)).toEqual(['b', 'c']);
    standalone.send('d'.repeat(50_000));
    expect(await keptAfter(standalone, 0)).toEqual(['d']);
  });
});

describe('places', () => {
  const place: CallPlace = {
    sessionId,
    callId,
    kind: 'await',
    rpcId: 'ñ🙂"\n',
    progressToken: 0,
    figure: 3.000000001,
    isEnd: false,
  };

  test.each([place, { ...place, isEnd: true }, { ...place, progressToken: null, figure: null, rpcId: -1 }])(
    'are read as they were written: %j',
    (each) => {
      const id = callEventId(each);
      expect(id).toMatch(/^c\.[\w-]+$/);
      expect(readEventId(id ?? '')).toEqual({ stream: 'call', place: each });
    },
  );

  test('of an agent’s endless ids are none', () => {
    expect(callEventId({ ...place, rpcId: 'x'.repeat(1_000) })).toBeNull();
    expect(callEventId({ ...place, progressToken: '🙂'.repeat(220) })).toBeNull();
  });
});

describe('patience', () => {
  const settings: AgentSettings = {
    onDisconnect: 'keep',
    disconnectGraceMs: 1,
    holdMs: 50_000,
    clients: [
      { name: 'claude-code', version: '2.*', holdMs: 280_000, tickets: true },
      { name: 'claude-*', version: null, holdMs: null, tickets: true },
      { name: 'dumb', version: null, holdMs: 5_000, tickets: false },
    ],
  };

  test.each([
    ['claude-code', '2.1.0', { holdMs: 280_000, tickets: true }],
    ['claude-code', '1.9', { holdMs: null, tickets: true }],
    ['dumb', '', { holdMs: 5_000, tickets: false }],
    ['Dumb', '1', { holdMs: 50_000, tickets: true }],
  ])('of %s %s', (name, version, patience) => {
    expect(patienceOf(settings, { name, version })).toEqual(patience);
  });

  test('of a client that does not say what it is', () => {
    expect(patienceOf(settings, null)).toEqual({ holdMs: 50_000, tickets: true });
  });
});

describe('how fast an agent may ask', () => {
  const [loud, calm] = ['agt_loud' as AgentId, 'agt_calm' as AgentId];
  const taken = (paces: AgentPaces, agent: AgentId, asked: number): number =>
    Array.from({ length: asked }, () => paces.take(agent)).filter((each) => each).length;

  test('twenty seconds’ worth at once, then so many a second; each agent has its own', () => {
    let now = 1_000_000;
    const paces = new AgentPaces({ now: () => now }, { perSecond: 10, burstSeconds: 20 });
    expect(taken(paces, loud, 1_000)).toBe(200);
    expect(taken(paces, calm, 5)).toBe(5);
    now += 1_000;
    expect(taken(paces, loud, 1_000)).toBe(10);
    now += 50;
    expect(taken(paces, loud, 1_000)).toBe(0);
    // What was refused cost nothing.
    now += 50;
    expect(taken(paces, loud, 1_000)).toBe(1);
    now += 3_600_000;
    expect(taken(paces, loud, 1_000)).toBe(200);
  });

  test('a clock that is set back neither fills nor empties it', () => {
    let now = 1_000_000;
    const paces = new AgentPaces({ now: () => now }, { perSecond: 10, burstSeconds: 20 });
    expect(taken(paces, loud, 150)).toBe(150);
    now -= 500_000;
    expect(taken(paces, loud, 1_000)).toBe(50);
    now += 1_000;
    expect(taken(paces, loud, 1_000)).toBe(10);
  });
});

describe('idempotency keys', () => {
  test.each([
    [{}, null, null],
    [{ 'holdpoint/idempotencyKey': 'k' }, null, 'k'],
    [{}, 'h', 'h'],
    [{ 'holdpoint/idempotencyKey': 'same' }, 'same', 'same'],
    [{ 'holdpoint/idempotencyKey': '~'.repeat(255) }, null, '~'.repeat(255)],
  ])('%j and header %j', (meta, header, key) => {
    expect(idempotencyKeyOf(meta, header)).toEqual({ ok: true, value: key });
  });

  test.each([
    [{ 'holdpoint/idempotencyKey': 'a' }, 'b'],
    [{ 'holdpoint/idempotencyKey': '' }, null],
    [{ 'holdpoint/idempotencyKey': 'a b' }, null],
    [{ 'holdpoint/idempotencyKey': 'ñ' }, null],
    [{ 'holdpoint/idempotencyKey': 7 }, null],
    [{ 'holdpoint/idempotencyKey': 'x'.repeat(256) }, null],
    [{}, ''],
    [{}, 'one, two'],
  ])('%j and header %j are refused', (meta, header) => {
    expect(idempotencyKeyOf(meta, header)).toMatchObject({ ok: false, code: 'bad_input' });
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
