import { describe, expect, it } from 'vitest';
import { createUpstream } from '@/server/upstream/upstream';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { call, during, open, orderFor, recordingLog } from '@/tests/upstream/harness';
import { RecordingInbox } from '@/tests/upstream/recording-inbox';
import { openStream, resultFor, sendEvent, sendStatus, startScripted } from '@/tests/upstream/scripted-server';

describe('closing over HTTP (I10)', () => {
  it('sends DELETE once, with its status as proof', async () => {
    const kitchen = await during(startKitchenSink());
    const { connection } = await open(kitchen.url);
    const report = await connection.close({ terminate: true, graceMs: 2_000 });
    expect(report).toEqual({ deleteStatus: 200, deleteWhy: null, process: null });
    expect(await connection.close({ terminate: true, graceMs: 2_000 })).toBe(report);
    expect(kitchen.records.of('delete_received')).toHaveLength(1);
    expect(kitchen.sessionIds()).toEqual([]);
  });

  it('tolerates 405 and says so', async () => {
    const kitchen = await during(startKitchenSink({ deletion: 'refused' }));
    const { connection } = await open(kitchen.url);
    const report = await connection.close({ terminate: true, graceMs: 2_000 });
    expect(report.deleteStatus).toBe(405);
    expect(report.deleteWhy).not.toBeNull();
  });

  it('without terminate sends none', async () => {
    const kitchen = await during(startKitchenSink());
    const { connection } = await open(kitchen.url);
    expect((await connection.close({ terminate: false, graceMs: 500 })).deleteStatus).toBeNull();
    expect(kitchen.records.of('delete_received')).toEqual([]);
  });

  it('tells what waits here first, is bounded by its grace, and nothing reaches the inbox afterwards', async () => {
    const streams: (() => void)[] = [];
    const server = await during(
      startScripted(({ method, message, response }) => {
        if (method === 'DELETE') return true;
        if (message?.['method'] === 'slow/list') return true;
        if (message?.['method'] !== 'tools/call') return false;
        openStream(response);
        streams.push(() => sendEvent(response, resultFor(message, 'too late')));
        return true;
      }),
    );
    const { connection, inbox } = await open(server.url);
    await connection.sendCall(call('anything'));
    const order: string[] = [];
    const asked = connection.request('slow/list', {}, 60_000).then((outcome) => {
      order.push('request rejected');
      return outcome;
    });
    const before = inbox.all.length;
    const startedAt = Date.now();
    const closing = connection.close({ terminate: true, graceMs: 300 }).then((report) => {
      order.push('closed');
      return report;
    });
    for (const send of streams) send();
    expect(await asked).toMatchObject({ ok: false });
    const report = await closing;
    expect(order).toEqual(['request rejected', 'closed']);
    expect(report.deleteStatus).toBeNull();
    expect(report.deleteWhy).toContain('300 ms');
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    // The request itself is the one entry that may have been written in between.
    expect(inbox.heard).toEqual([]);
    expect(inbox.all.length).toBeLessThanOrEqual(before + 1);
  });

  it('settles a call that waits for its first byte', async () => {
    const server = await during(startScripted(({ message }) => message?.['method'] === 'tools/call'));
    const { connection } = await open(server.url);
    const sending = connection.sendCall(call('anything'));
    await expect.poll(() => server.requests.at(-1)?.message?.['method']).toBe('tools/call');
    await connection.close({ terminate: true, graceMs: 500 });
    expect(await sending).toMatchObject({ ok: false, code: 'unknown' });
  });

  it('reports another refusal of DELETE in words', async () => {
    const server = await during(
      startScripted(({ method, response }) => method === 'DELETE' && sendStatus(response, 500, 'out of order')),
    );
    const { connection } = await open(server.url);
    const report = await connection.close({ terminate: true, graceMs: 500 });
    expect(report).toMatchObject({ deleteStatus: 500 });
    expect(report.deleteWhy).toContain('out of order');
  });
});

describe('cancelling a call', () => {
  it('reaches the server with our id and the reason, and the tool stops', async () => {
    const kitchen = await during(startKitchenSink());
    const { connection, inbox } = await open(kitchen.url, { lingerMs: 50 });
    await connection.sendCall(call('slow'));
    await inbox.waitFor('progress');
    await connection.cancelCall('call_slow', 'a person said stop');
    const heard = await kitchen.records.waitFor('cancel_received');
    expect(heard).toMatchObject({ requestId: 'call_slow', reason: 'a person said stop' });
    const ended = await kitchen.records.waitFor('execution_finished');
    expect(ended).toMatchObject({ tool: 'slow', outcome: 'cancelled' });
    kitchen.dropConnections();
    await inbox.waitFor('reattached');
    expect(inbox.of('callStreamLost')).toEqual([]);
    expect(inbox.of('callResult')).toEqual([]);
  });
});

describe('stopping', () => {
  it('closes what is open, without DELETE, and opens nothing more', async () => {
    const kitchen = await during(startKitchenSink());
    const { connection, upstream, inbox } = await open(kitchen.url);
    await connection.sendCall(call('slow'));
    await inbox.waitFor('progress');
    await upstream.stop();
    expect(kitchen.records.of('delete_received')).toEqual([]);
    expect(kitchen.sessionIds()).toHaveLength(1);
    expect(inbox.of('lost')).toEqual([]);
    expect(inbox.of('callStreamLost')).toEqual([]);
  });

  it('does not wait for a handshake that hangs', async () => {
    const server = await during(startScripted(() => true));
    const upstream = createUpstream({ log: recordingLog([]), clientVersion: '0.1.0' });
    const opening = upstream.open(orderFor(server.url), new RecordingInbox());
    await expect.poll(() => server.requests.length).toBe(1);
    await upstream.stop();
    expect(await opening).toMatchObject({ ok: false, message: 'Holdpoint is stopping.' });
    expect(await upstream.open(orderFor(server.url), new RecordingInbox())).toMatchObject({ ok: false });
  });
});
