import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { call, during, open, resultOf, textOf } from '@/tests/upstream/harness';
import {
  openStream,
  type ScriptedRequest,
  type ScriptedServer,
  sendStatus,
  startScripted,
} from '@/tests/upstream/scripted-server';

interface Streams {
  readonly server: ScriptedServer;
  /** The responses of the GETs so far. Only the first is opened by itself. */
  readonly gets: readonly ServerResponse[];
  /** Resolves at the n-th GET, counted from 1. */
  readonly asked: (count: number) => Promise<ServerResponse>;
  /** The methods POSTed so far, without the handshake's. */
  readonly posted: () => readonly unknown[];
}

async function startStreams(later: (request: ScriptedRequest) => void = () => undefined): Promise<Streams> {
  const gets: ServerResponse[] = [];
  const waiting: (() => void)[] = [];
  const server = await during(
    startScripted((request) => {
      if (request.method !== 'GET') return false;
      if (gets.push(request.response) === 1) openStream(request.response);
      else later(request);
      for (const look of waiting) look();
      return true;
    }),
  );
  return {
    server,
    gets,
    asked: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          const response = gets[count - 1];
          if (response !== undefined) resolve(response);
        };
        waiting.push(look);
        look();
      }),
    posted: () => server.requests.flatMap(({ message }) => message?.['method'] ?? []).slice(2),
  };
}

// Some servers ask on the standalone stream, and what they say while it is away nobody hears.
describe('I1 a call while the standalone stream is away', () => {
  it('is sent when the stream is there again', async () => {
    const { server, asked, posted } = await startStreams();
    const opened = await open(server.url, { attachMs: 60_000 });
    (await asked(1)).destroy();
    const again = await asked(2);
    const answered = resultOf(opened, call('ask'));
    // Everything else goes through.
    await opened.connection.notify('notifications/roots/list_changed', {});
    expect(posted()).toEqual(['notifications/roots/list_changed']);
    openStream(again);
    expect(textOf(await answered)).toBe('a result');
    expect(posted()).toEqual(['notifications/roots/list_changed', 'tools/call']);
  });

  it('has the stream asked for at once, however long it was to be left alone', async () => {
    const { server, asked } = await startStreams(({ response }) => openStream(response));
    const opened = await open(server.url, { attachMs: 60_000, resumeFirstMs: 60_000, resumeMaxMs: 60_000 });
    (await asked(1)).destroy();
    // The second in a row is left alone for a minute.
    (await asked(2)).destroy();
    await opened.inbox.until(() => opened.inbox.of('reattaching').length > 1, 'the second break');
    expect(textOf(await resultOf(opened, call('ask')))).toBe('a result');
    await asked(3);
  });

  it('is sent without it when the server has none any more, or does not give it back in time, and the next waits no more', async () => {
    const refused = await startStreams(({ response }) => sendStatus(response, 405));
    const one = await open(refused.server.url, { attachMs: 60_000 });
    (await refused.asked(1)).destroy();
    expect(textOf(await resultOf(one, call('ask')))).toBe('a result');

    const late = await startStreams();
    const two = await open(late.server.url, { attachMs: 50 });
    (await late.asked(1)).destroy();
    await late.asked(2);
    expect(textOf(await resultOf(two, call('ask')))).toBe('a result');
    expect(textOf(await resultOf(two, call('ask', {}, 'call_next')))).toBe('a result');
    expect(late.gets).toHaveLength(2);
  });

  it('that is cancelled meanwhile is never sent', async () => {
    const { server, asked, posted } = await startStreams();
    const { connection } = await open(server.url, { attachMs: 60_000 });
    (await asked(1)).destroy();
    const again = await asked(2);
    const sending = connection.sendCall(call('ask'));
    await connection.cancelCall('call_ask', 'The agent cancelled it.');
    openStream(again);
    expect(await sending).toMatchObject({ ok: false, code: 'unsent' });
    expect(posted()).toEqual(['notifications/cancelled']);
  });

  it('is answered when the connection is closed meanwhile', async () => {
    const { server, asked, posted } = await startStreams();
    const { connection } = await open(server.url, { attachMs: 60_000 });
    (await asked(1)).destroy();
    await asked(2);
    const sending = connection.sendCall(call('ask'));
    await connection.close({ terminate: false, graceMs: 100 });
    expect(await sending).toMatchObject({ ok: false, code: 'unsent' });
    expect(posted()).toEqual([]);
  });
});
