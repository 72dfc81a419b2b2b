import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '@/lib/domain/event';
import type { Commit } from '@/server/engine/ports/store';
import { isAlive } from '@/tests/servers/child';
import { type Holdpoint, startHoldpoint, type TestServer } from '@/tests/support/holdpoint';
import { cleanUp, during } from '@/tests/upstream/harness';
import { sendJson, startScripted } from '@/tests/upstream/scripted-server';

/** Never answers a call, a cancel or a DELETE, and says who asked. */
async function stuckOnHttp(asked: string[]): Promise<TestServer> {
  const server = await during(
    startScripted(({ method, message, response }) => {
      const rpc = message?.['method'];
      if (rpc === 'tools/list') {
        const result = { tools: [{ name: 'work', inputSchema: { type: 'object' } }] };
        return sendJson(response, { jsonrpc: '2.0', id: message?.['id'] ?? null, result });
      }
      if (method === 'DELETE' || rpc === 'notifications/cancelled') return asked.push(method) > 0;
      if (rpc !== 'tools/call') return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return true;
    }),
  );
  return { name: 'stuck', url: server.url };
}

/** Never answers a call, and does not leave when it is asked to; its version is its process id. */
const deaf = `
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
  const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method === 'initialize')
      say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} },
        serverInfo: { name: 'deaf', version: String(process.pid) } } });
    if (method === 'tools/list') say({ id, result: { tools: [{ name: 'work', inputSchema: { type: 'object' } }] } });
  });`;

/** From the order to end a session on, nothing more gets to the disk until that is let go. */
function stopDiskAfterOrder(holdpoint: Holdpoint): { readonly order: Commit[]; readonly letGo: () => void } {
  const { store } = holdpoint;
  const commit = store.commit.bind(store);
  const order: Commit[] = [];
  let letGo = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  store.commit = async (batch) => {
    if (order.length > 0) await released;
    const ending = batch.find(({ events }) => events.some(({ type }) => type === 'session.ending'));
    if (ending !== undefined) order.push(ending);
    return commit(batch);
  };
  cleanUp(async () => letGo());
  return { order, letGo };
}

async function eventsOf(holdpoint: Holdpoint, { sessionId }: Commit): Promise<readonly SessionEvent[]> {
  return holdpoint.store.events(sessionId, { afterSeq: 0, limit: 1_000 });
}

/** Ends a session with a call under way; resolved when its agent has heard, while the disk stands still. */
async function heardOf(holdpoint: Holdpoint): Promise<ReturnType<typeof stopDiskAfterOrder>> {
  const { client } = await holdpoint.connect();
  const heard = client.callTool({ name: 'stuck__work', arguments: {} });
  const { session } = await holdpoint.waitForSession(({ openCalls }) => openCalls === 1);
  await holdpoint.waitForChange(
    (change): change is typeof change =>
      change.change === 'events' && change.events.some(({ type }) => type === 'call.sent'),
  );
  const disk = stopDiskAfterOrder(holdpoint);
  void holdpoint.engine.people.end(holdpoint.person('admin'), session.sessionId, 'stuck on a lock');
  expect(JSON.stringify(await heard)).toContain('stuck on a lock');
  return disk;
}

/** All that stands between an order and the agent is that one commit. */
function expectToldByOrder([order]: readonly Commit[]): Commit {
  if (order === undefined) throw new Error('no session was ended');
  const types = order.events.map((event) => (event.type === 'session.step' ? event.detail.step : event.type));
  expect(types).toEqual(['session.ending', 'call.indeterminate', 'agent_told']);
  return order;
}

async function untilEnded(holdpoint: Holdpoint, order: Commit): Promise<readonly SessionEvent[]> {
  const { sessionId } = order;
  await holdpoint.waitForChange(
    (change): change is typeof change =>
      change.change === 'events' &&
      change.events.some((event) => event.type === 'session.step' && event.detail.step === 'grace'),
  );
  expect((await holdpoint.engine.control.forceEnd(holdpoint.person('admin'), sessionId)).ok).toBe(true);
  await holdpoint.waitForSession(({ session }) => session.sessionId === sessionId && session.state === 'ended');
  return eventsOf(holdpoint, order);
}

describe('I10 an agent whose session is ended hears it from the commit of the order, before any server is asked', () => {
  it('on HTTP, where the server answers neither cancel nor DELETE', async () => {
    const asked: string[] = [];
    const holdpoint = await during(
      startHoldpoint({ servers: [await stuckOnHttp(asked)], settings: { endingGraceMs: 60_000 } }),
    );
    const { order, letGo } = await heardOf(holdpoint);
    const told = expectToldByOrder(order);
    expect(asked).toEqual([]);
    expect((await eventsOf(holdpoint, told)).at(-1)).toMatchObject({ detail: { step: 'agent_told' } });
    letGo();
    const events = await untilEnded(holdpoint, told);
    expect(asked.length).toBeGreaterThan(0);
    expect(events.at(-1)?.type).toBe('session.ended');
  });

  it('on stdio, where the process stays', async () => {
    const holdpoint = await during(
      startHoldpoint({
        servers: [{ name: 'stuck', command: process.execPath, args: ['-e', deaf] }],
        settings: { endingGraceMs: 60_000 },
      }),
    );
    const { order, letGo } = await heardOf(holdpoint);
    const told = expectToldByOrder(order);
    const before = await eventsOf(holdpoint, told);
    const pid = before.flatMap((event) =>
      event.type === 'connection.ready' ? [Number(event.serverInfo.version)] : [],
    )[0];
    expect(isAlive(pid ?? 0)).toBe(true);
    expect(before.at(-1)).toMatchObject({ detail: { step: 'agent_told' } });
    letGo();
    const events = await untilEnded(holdpoint, told);
    expect(events).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ step: 'process_ended' }) }),
    );
    await expect.poll(() => isAlive(pid ?? 0)).toBe(false);
  });
});
