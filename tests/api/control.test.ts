import { afterEach, describe, expect, it } from 'vitest';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { apiRoutes } from '@/server/api/routes';
import { originsBehind } from '@/server/auth/origin';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { must, person, silent, Workplace } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';

const people: ReadonlyMap<string, Person> = new Map([
  ['hpp_admin', person('admin', 'Mika Laine')],
  ['hpp_ana', person('approver', 'Ana Ruiz')],
  ['hpp_ola', person('observer', 'Ola Berg')],
]);
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
});

type Ask = (
  where: readonly [method: string, path: string],
  token: string,
  body?: unknown,
) => Promise<{ status: number; body: unknown }>;

async function setUp(): Promise<{ readonly place: Workplace; readonly id: SessionId; readonly ask: Ask }> {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }],
    settings: { rules: [ruleOf({ id: 'write', tool: 'write' }), ruleOf({ id: 'all', decision: 'allow' })] },
  });
  closers.push(() => place.close());
  let at = 0;
  const app = apiRoutes({
    originOf: originsBehind(0),
    people: place.engine.people,
    control: place.engine.control,
    directory: { personOfToken: async (token) => people.get(token) ?? null, personOf: async () => null },
    log: silent,
    now: () => (at += 1_000),
  });
  const ask: Ask = async ([method, path], token, body) => {
    const response = await app.request(path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  return { place, id: await place.session(), ask };
}

describe('ending, cancelling and pausing over HTTP', () => {
  it('I11 is for an admin’s token alone; what is paused is for everyone', async () => {
    const { place, id, ask } = await setUp();
    const callId: CallId = await place.call(id, 'write', { note: 'x' }).received;
    for (const token of ['hpp_ana', 'hpp_ola']) {
      const refused = [
        await ask(['GET', `/api/v1/sessions/${id}/end`], token),
        await ask(['POST', `/api/v1/sessions/${id}/end`], token, { reason: 'x' }),
        await ask(['POST', `/api/v1/calls/${callId}/cancel`], token, { sessionId: id, reason: 'x' }),
        await ask(['POST', '/api/v1/pauses'], token, { everything: true, reason: 'x' }),
        await ask(['DELETE', '/api/v1/pauses/pse_000000000000'], token),
      ];
      expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      expect((await ask(['GET', '/api/v1/pauses'], token)).status).toBe(200);
    }
    expect((await ask(['GET', '/api/v1/pauses'], 'hpp_none')).status).toBe(401);
    expect((await place.store.session(id))?.session.state).toBe('active');
  });

  it('pauses, refuses calls meanwhile, and lifts', async () => {
    const { place, id, ask } = await setUp();
    const set = await ask(['POST', '/api/v1/pauses'], 'hpp_admin', { server: 'kitchen', reason: 'night' });
    expect(set).toMatchObject({
      status: 200,
      body: { reason: 'night', target: { kind: 'server', server: 'kitchen' } },
    });
    expect(must(await place.call(id, 'echo', { message: 'x' }).outcome).outcome).toBe('rejected');
    const { pauseId } = set.body as { readonly pauseId: string };
    expect((await ask(['DELETE', `/api/v1/pauses/${pauseId}`], 'hpp_admin')).status).toBe(200);
    expect((await ask(['DELETE', `/api/v1/pauses/${pauseId}`], 'hpp_admin')).status).toBe(404);
    expect(must(await place.call(id, 'echo', { message: 'x' }).outcome).outcome).toBe('completed');
  });

  it('I10 previews and ends a session, and cancels a call of another', async () => {
    const { place, id, ask } = await setUp();
    const held = place.call(id, 'write', { note: 'x' });
    const callId = await held.received;
    const cancelled = await ask(['POST', `/api/v1/calls/${callId}/cancel`], 'hpp_admin', {
      sessionId: id,
      reason: 'no',
    });
    expect(cancelled.status).toBe(200);
    expect(must(await held.outcome).outcome).toBe('rejected');
    expect(await ask(['GET', `/api/v1/sessions/${id}/end`], 'hpp_admin')).toMatchObject({ body: { sessionId: id } });
    expect((await place.store.session(id))?.session.state).toBe('active');
    expect((await ask(['POST', `/api/v1/sessions/${id}/end`], 'hpp_admin', { reason: 'done' })).status).toBe(200);
    await place.untilEvent(id, ({ type }) => type === 'session.ended');
    expect((await ask(['POST', `/api/v1/sessions/${id}/end`], 'hpp_admin', { reason: 'done' })).status).toBe(409);
  });

  it('says of bad input what is wrong with it, and does nothing', async () => {
    const { id, ask } = await setUp();
    const bad: readonly (readonly [string, unknown])[] = [
      [`/api/v1/sessions/${id}/end`, {}],
      [`/api/v1/sessions/${id}/end`, { reason: '  ' }],
      ['/api/v1/pauses', { reason: 'x' }],
      ['/api/v1/pauses', { reason: 'x', server: 'kitchen', everything: true }],
      ['/api/v1/pauses', { reason: 'x', everything: true, untilAt: 1 }],
      ['/api/v1/pauses', 'nonsense'],
    ];
    for (const [path, body] of bad)
      expect(await ask(['POST', path], 'hpp_admin', body)).toMatchObject({
        status: 400,
        body: { error: { code: 'bad_input' } },
      });
    expect(await ask(['POST', '/api/v1/sessions/nonsense/end'], 'hpp_admin', { reason: 'x' })).toMatchObject({
      status: 404,
    });
    expect(await ask(['POST', '/api/v1/pauses'], 'hpp_admin', { reason: 'x', server: 'kichen' })).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_server' } },
    });
    expect(await ask(['GET', '/api/v1/pauses'], 'hpp_admin')).toMatchObject({ body: { pauses: [] } });
  });
});
