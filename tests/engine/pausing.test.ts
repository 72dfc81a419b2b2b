import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentId, PauseId, SessionId } from '@/lib/domain/ids';
import type { PauseList } from '@/lib/domain/pause';
import type { Change } from '@/server/engine/ports/publisher';
import type { PauseOrder } from '@/server/engine/ports/control';
import { openStore } from '@/server/store/open-store';
import { MovableClock, must, person, silent, Workplace } from '@/tests/engine/workplace';
import { ScriptedUpstream } from '@/tests/engine/scripted-upstream';
import { auditEntries } from '@/tests/support/audit-entries';
import { ruleOf } from '@/tests/support/desk';

const allowAll = ruleOf({ id: 'all', decision: 'allow' });
const http = { kind: 'http' as const, url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null };
const admin = person('admin', 'Mika Laine');
const everything: PauseOrder = { target: { kind: 'everything' }, reason: 'Leak under investigation', untilAt: null };
const kitchenOnly: PauseOrder = { ...everything, target: { kind: 'server', server: 'kitchen' } };

const places: Workplace[] = [];
afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.close().catch(() => undefined)));
});

async function setUp(
  how: { readonly holds?: true; readonly clock?: MovableClock; readonly folder?: string } = {},
): Promise<{ readonly place: Workplace; readonly upstream: ScriptedUpstream; readonly changes: Change[] }> {
  const upstream = new ScriptedUpstream();
  const changes: Change[] = [];
  const place = await Workplace.open({
    servers: [
      { name: 'kitchen', transport: http },
      { name: 'pantry', transport: http },
    ],
    settings: { rules: how.holds === true ? [] : [allowAll] },
    upstream,
    publish: (change) => void changes.push(change),
    ...(how.clock === undefined ? {} : { clock: how.clock }),
    ...(how.folder === undefined ? {} : { folder: how.folder }),
  });
  places.push(place);
  return { place, upstream, changes };
}

function told(changes: readonly Change[]): readonly PauseList[] {
  return changes.flatMap((change) => (change.change === 'pauses' ? [change.list] : []));
}

/** The next change of pauses reaches the disk, and that is not heard. */
function losing(place: Workplace): void {
  const save = place.store.savePauses.bind(place.store);
  place.store.savePauses = async (...all) => {
    place.store.savePauses = save;
    await save(...all);
    throw new Error('the connection was lost');
  };
}

function isEvent(type: string) {
  return (event: { readonly type: string }): boolean => event.type === type;
}

async function types(place: Workplace, id: SessionId): Promise<readonly string[]> {
  return (await place.events(id)).map(({ type }) => type);
}

describe('a pause', () => {
  it.each([
    ['of everything', everything.target],
    ['of the server', { kind: 'server', server: 'kitchen' }],
    ['of the agent', { kind: 'agent', agentId: 'agt_oncall-copilot' as AgentId }],
  ] as const)('%s refuses a new call in words that say who, why and that nothing was sent', async (_name, target) => {
    const { place, upstream } = await setUp();
    const sessionId = await place.session();
    const pause = must(await place.engine.control.pause(admin, { ...everything, target }));
    const outcome = must(await place.call(sessionId, 'work').outcome);
    expect(outcome.outcome).toBe('rejected');
    if (!('message' in outcome)) throw new Error('no words');
    expect(outcome.message).toContain('Mika Laine paused');
    expect(outcome.message).toContain('“Leak under investigation”');
    expect(outcome.message).toContain('Nothing was sent');
    // Not even its tools were asked for.
    expect(upstream.connections).toHaveLength(0);
    expect(await types(place, sessionId)).toEqual(['session.started', 'call.received', 'call.denied']);
    must(await place.engine.control.lift(admin, pause.pauseId));
    const call = place.call(sessionId, 'work');
    await place.untilEvent(sessionId, isEvent('call.sent'));
    await upstream.to().finish(upstream.to().calls[0]?.rpcId ?? '');
    expect(must(await call.outcome).outcome).toBe('completed');
  });

  it('that comes while a connection is opened stops what was to go over it', async () => {
    const { place, upstream } = await setUp();
    const sessionId = await place.session('oncall-copilot', 'kitchen');
    upstream.onOpen = async () => {
      must(await place.engine.control.pause(admin, kitchenOnly));
      return null;
    };
    const read = await place.engine.agents.passOn(sessionId, 'resources/read', { uri: 'file:///menu' });
    expect(read).toMatchObject({ ok: false, code: 'paused' });
    expect(upstream.to().requested).not.toContain('resources/read');
    expect(await place.engine.agents.passOn(sessionId, 'resources/list', {})).toMatchObject({ ok: true });
  });

  it('of one server or agent leaves the others alone, and lists and sessions to all', async () => {
    const { place, upstream } = await setUp();
    must(await place.engine.control.pause(admin, kitchenOnly));
    must(
      await place.engine.control.pause(admin, {
        ...everything,
        target: { kind: 'agent', agentId: 'agt_other' as AgentId },
      }),
    );
    const sessionId = await place.session();
    expect(must(await place.engine.agents.tools(sessionId)).map(({ server }) => server)).toEqual(['kitchen', 'pantry']);
    const call = place.call(sessionId, 'pantry/work');
    await place.untilEvent(sessionId, isEvent('call.sent'));
    await upstream.to('pantry').finish(upstream.to('pantry').calls[0]?.rpcId ?? '');
    expect(must(await call.outcome).outcome).toBe('completed');
    const other = await place.session('other');
    expect(must(await place.call(other, 'pantry/work').outcome).outcome).toBe('rejected');
    expect(upstream.to('kitchen').calls).toEqual([]);
  });

  it('lets running calls go on, and what they ask is answered', async () => {
    const { place, upstream } = await setUp();
    const sessionId = await place.session();
    const call = place.call(sessionId, 'work');
    await place.untilEvent(sessionId, isEvent('call.sent'));
    const kitchen = upstream.to();
    const rpcId = kitchen.calls[0]?.rpcId ?? '';
    must(await place.engine.control.pause(admin, everything));
    await kitchen.ask('q1', rpcId);
    const request = await place.opened();
    must(await place.answer(request, 'accept', { content: {} }));
    await place.until(request.requestId, ({ state }) => state === 'delivered');
    await kitchen.finish(rpcId);
    expect(must(await call.outcome).outcome).toBe('completed');
  });

  it('I6 keeps a held call waiting: it can be declined, not approved, and is not sent when the pause is lifted', async () => {
    const { place, upstream } = await setUp({ holds: true });
    const sessionId = await place.session();
    const call = place.call(sessionId, 'work');
    const request = await place.opened();
    const pause = must(await place.engine.control.pause(admin, kitchenOnly));
    const refused = await place.answer(request, 'accept');
    expect(refused).toMatchObject({ ok: false, code: 'paused' });
    const detail = must(await place.engine.people.request(person('approver'), request.requestId));
    expect(detail.allowed.approve).toMatchObject({ ok: false, why: expect.stringContaining('Mika Laine paused') });
    expect(detail.allowed.answer.ok).toBe(true);
    must(await place.engine.control.lift(admin, pause.pauseId));
    expect(upstream.to().calls).toEqual([]);
    must(await place.answer(request, 'accept'));
    await place.untilEvent(sessionId, isEvent('call.sent'));
    await upstream.to().finish(upstream.to().calls[0]?.rpcId ?? '');
    expect(must(await call.outcome).outcome).toBe('completed');
  });

  it('can be declined through: the agent hears it at once', async () => {
    const { place } = await setUp({ holds: true });
    const sessionId = await place.session();
    const call = place.call(sessionId, 'work');
    const request = await place.opened();
    must(await place.engine.control.pause(admin, everything));
    must(await place.answer(request, 'decline', { reason: 'no' }));
    expect(must(await call.outcome).outcome).toBe('rejected');
  });

  it('I3 refuses at the last moment what was let go and has not left', async () => {
    const { place, upstream } = await setUp({ holds: true });
    const sessionId = await place.session();
    const call = place.call(sessionId, 'work');
    const request = await place.opened();
    // Its tools are asked for once more before it is sent: the pause comes in between.
    const kitchen = upstream.to();
    let paused: Promise<unknown> | null = null;
    const ask = kitchen.request.bind(kitchen);
    kitchen.request = async (method) => {
      paused ??= place.engine.control.pause(admin, kitchenOnly);
      await paused;
      return ask(method);
    };
    must(await place.answer(request, 'accept'));
    const outcome = must(await call.outcome);
    expect(paused).not.toBeNull();
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: -32054 } });
    expect(JSON.stringify(outcome)).toMatch(/Mika Laine paused.*Nothing was sent/);
    expect(kitchen.calls).toEqual([]);
  });

  it('does not use up an idempotency key: the same call after it is sent', async () => {
    const { place, upstream } = await setUp();
    const sessionId = await place.session();
    const order = { server: 'kitchen', tool: 'work', arguments: {}, idempotencyKey: 'once' };
    const pause = must(await place.engine.control.pause(admin, everything));
    expect(must(await place.order(sessionId, order).outcome).outcome).toBe('rejected');
    must(await place.engine.control.lift(admin, pause.pauseId));
    const again = place.order(sessionId, order);
    await place.untilEvent(sessionId, isEvent('call.sent'));
    await upstream.to().finish(upstream.to().calls[0]?.rpcId ?? '');
    expect(must(await again.outcome).outcome).toBe('completed');
  });

  it('I4 refuses a call with a key of its own, whatever else the session asked for before', async () => {
    const { place } = await setUp({ holds: true });
    const sessionId = await place.session();
    const order = { server: 'kitchen', tool: 'work', arguments: {} };
    void place.order(sessionId, order);
    await place.opened();
    must(await place.engine.control.pause(admin, everything));
    const keyed = must(await place.order(sessionId, { ...order, idempotencyKey: 'once' }).outcome);
    expect(keyed.outcome).toBe('rejected');
  });

  it('I5 survives a restart, and holds before anything of the last life is sent', async () => {
    const first = await setUp({ holds: true });
    const sessionId = await first.place.session();
    void first.place.call(sessionId, 'work');
    await first.place.opened();
    must(await first.place.engine.control.pause(admin, kitchenOnly));
    await first.place.stop();
    const second = await setUp({ holds: true, folder: first.place.folder });
    expect(must(second.place.engine.control.pauses(person('observer'))).pauses).toMatchObject([
      { target: kitchenOnly.target, reason: kitchenOnly.reason, by: { name: 'Mika Laine' } },
    ]);
    const next = await second.place.session();
    expect(must(await second.place.call(next, 'work').outcome).outcome).toBe('rejected');
    places.splice(places.indexOf(first.place), 1);
  });

  it('I12 ends at its time by itself, is told with a higher number each time, and is replaced by another of the same', async () => {
    const clock = new MovableClock();
    const { place, changes } = await setUp({ clock });
    const { control } = place.engine;
    must(await control.pause(admin, { ...kitchenOnly, untilAt: clock.now() + 60_000 }));
    const second = must(
      await control.pause(admin, { ...kitchenOnly, reason: 'Longer', untilAt: clock.now() + 90_000 }),
    );
    expect(must(control.pauses(admin)).pauses).toEqual([second]);
    const sessionId = await place.session();
    clock.move(89_999);
    expect(must(await place.call(sessionId, 'work').outcome).outcome).toBe('rejected');
    clock.move(1);
    // From that instant on, before it is written down.
    expect(must(control.pauses(admin)).pauses).toEqual([]);
    await expect
      .poll(() => {
        clock.move(1);
        return told(changes).at(-1)?.pauses.length;
      })
      .toBe(0);
    const seqs = told(changes).map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect((await place.store.pauses()).pauses).toEqual([]);
  });

  it('is refused where it would hold nothing up, or says nothing', async () => {
    const { place } = await setUp();
    const { control } = place.engine;
    const refused = async (order: Partial<PauseOrder>): Promise<unknown> => {
      const result = await control.pause(admin, { ...everything, ...order });
      return result.ok ? 'ok' : result.code;
    };
    expect(await refused({ reason: '  \n ' })).toBe('reason_required');
    expect(await refused({ untilAt: 1 })).toBe('bad_input');
    expect(await refused({ target: { kind: 'server', server: 'kichen' } })).toBe('unknown_server');
    expect(await control.lift(admin, 'pse_000000000000' as PauseId)).toMatchObject({ ok: false, code: 'not_found' });
  });

  it('I11 is set and lifted by admins alone, and seen by everyone', async () => {
    const { place } = await setUp();
    const { control } = place.engine;
    const pause = must(await control.pause(admin, everything));
    for (const role of ['approver', 'observer'] as const) {
      expect(await control.pause(person(role), everything)).toMatchObject({ ok: false, code: 'forbidden' });
      expect(await control.lift(person(role), pause.pauseId)).toMatchObject({ ok: false, code: 'forbidden' });
      expect(must(control.pauses(person(role))).pauses).toEqual([pause]);
    }
  });

  it('I2 is not said to hold when it could not be saved, and holds nothing up then', async () => {
    const { place, upstream } = await setUp();
    const sessionId = await place.session();
    const save = place.store.savePauses.bind(place.store);
    place.store.savePauses = () => Promise.reject(new Error('the database is away'));
    expect(await place.engine.control.pause(admin, everything)).toMatchObject({ ok: false, code: 'cannot_save' });
    place.store.savePauses = save;
    expect(must(place.engine.control.pauses(admin)).pauses).toEqual([]);
    const call = place.call(sessionId, 'work');
    await place.untilEvent(sessionId, isEvent('call.sent'));
    await upstream.to().finish(upstream.to().calls[0]?.rpcId ?? '');
    expect(must(await call.outcome).outcome).toBe('completed');
  });

  it('I2 I15 is in force when it was saved and only that was not heard, with one entry', async () => {
    const { place, changes } = await setUp();
    const { control } = place.engine;
    losing(place);
    const pause = must(await control.pause(admin, everything));
    expect(must(control.pauses(admin)).pauses).toEqual([pause]);
    losing(place);
    must(await control.lift(admin, pause.pauseId));
    expect(must(control.pauses(admin)).pauses).toEqual([]);
    expect(told(changes).map(({ pauses }) => pauses.length)).toEqual([1, 0]);
    expect((await place.acts()).map(({ act }) => act)).toEqual(['pause.set', 'pause.lifted']);
  });

  it('I2 I15 whose saving is not known is refused, as is what comes after, and is in force once it is found', async () => {
    const clock = new MovableClock();
    const { place } = await setUp({ clock });
    const { control } = place.engine;
    const read = place.store.pauses.bind(place.store);
    place.store.pauses = () => Promise.reject(new Error('the database is away'));
    losing(place);
    expect(await control.pause(admin, everything)).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(await control.pause(admin, kitchenOnly)).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(must(control.pauses(admin)).pauses).toEqual([]);
    place.store.pauses = read;
    await expect
      .poll(() => {
        clock.move(1_000);
        return must(control.pauses(admin)).pauses.length;
      })
      .toBe(1);
    expect((await place.acts()).map(({ act }) => act)).toEqual(['pause.set']);
    must(await control.pause(admin, kitchenOnly));
    expect(must(control.pauses(admin)).pauses).toHaveLength(2);
  });

  it('I10 is in the audit log when it is set, lifted, replaced or over, and not in force when it could not be', async () => {
    const clock = new MovableClock();
    const { place } = await setUp({ clock });
    const { control } = place.engine;
    const from = { address: '10.0.0.7', by: 'browser', client: null } as const;
    const first = must(await control.pause({ ...admin, from }, kitchenOnly));
    must(await control.pause(admin, { ...kitchenOnly, untilAt: clock.now() + 1_000 }));
    clock.move(1_000);
    await expect.poll(async () => (await place.acts()).length).toBe(4);
    expect(await place.acts()).toMatchObject([
      { act: 'pause.set', why: kitchenOnly.reason, from, about: { kind: 'pause', id: first.pauseId } },
      { act: 'pause.lifted', actor: { kind: 'person' }, about: { id: first.pauseId } },
      { act: 'pause.set' },
      { act: 'pause.lifted', actor: { kind: 'holdpoint' } },
    ]);
  });

  it('I10 and what the audit log keeps of it are both on disk, or neither, whenever we die', async () => {
    const { place } = await setUp();
    const save = place.store.savePauses.bind(place.store);
    const dead = new Promise<void>((resolve) => {
      place.store.savePauses = async (...all) => {
        await save(...all);
        resolve();
        // Whatever was to follow is never done.
        return new Promise<void>(() => undefined);
      };
    });
    void place.engine.control.pause(admin, everything);
    await dead;
    const next = await openStore({ databaseUrl: `sqlite:${path.join(place.folder, 'holdpoint.db')}`, log: silent });
    if (!next.ok) throw new Error(next.message);
    expect((await next.store.pauses()).pauses).toHaveLength(1);
    expect((await auditEntries(next.db)).map(({ act }) => act)).toEqual(['pause.set']);
    await next.store.close();
  });
});
