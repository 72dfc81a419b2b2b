import { describe, expect, it } from 'vitest';
import { during } from '@/tests/upstream/harness';
import { sendJson, startScripted } from '@/tests/upstream/scripted-server';
import { startHoldpoint } from '@/tests/support/holdpoint';

const sessions = 20;

describe('an agent whose session is ended', () => {
  it('I10 has its outcome while its server has answered neither cancel nor DELETE, and long before it would be forced', async () => {
    const asked: string[] = [];
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
    const holdpoint = await during(
      startHoldpoint({ servers: [{ name: 'stuck', url: server.url }], settings: { endingGraceMs: 60_000 } }),
    );
    const admin = holdpoint.person('admin');
    const waits: number[] = [];
    const over = new Set<string>();
    for (let count = 0; count < sessions; count += 1) {
      const { client } = await holdpoint.connect();
      const heard = client
        .callTool({ name: 'stuck__work', arguments: {} })
        .then((result) => ({ result, at: Date.now() }));
      const { session } = await holdpoint.waitForSession(
        ({ session: one, openCalls }) => one.state === 'active' && openCalls === 1 && !over.has(one.sessionId),
      );
      over.add(session.sessionId);
      const ended = await holdpoint.engine.people.end(admin, session.sessionId, 'stuck on a lock');
      expect(ended.ok).toBe(true);
      const { result, at } = await heard;
      expect(JSON.stringify(result)).toContain('stuck on a lock');
      const events = await holdpoint.store.events(session.sessionId, { afterSeq: 0, limit: 1_000 });
      const ordered = events.find(({ type }) => type === 'session.ending');
      // Its server is still asked, and the session still ends: nothing of that was waited for.
      expect(events.some(({ type }) => type === 'session.ended')).toBe(false);
      waits.push(at - (ordered?.at ?? 0));
      expect((await holdpoint.engine.control.forceEnd(admin, session.sessionId)).ok).toBe(true);
      await holdpoint.waitForSession(
        ({ session: one }) => one.sessionId === session.sessionId && one.state === 'ended',
      );
    }
    const median = waits.toSorted((a, b) => a - b)[sessions / 2] ?? 0;
    if (process.env['HOLDPOINT_FIGURES'] !== undefined) process.stdout.write(`told after ${waits.join(' ')} ms\n`);
    // Half of them; a machine that is busy with other things may keep some waiting.
    expect(median).toBeLessThan(200);
    expect(asked.length).toBeGreaterThanOrEqual(sessions);
  });
});
