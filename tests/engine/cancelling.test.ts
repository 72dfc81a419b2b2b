import { afterEach, describe, expect, it } from 'vitest';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import { startKitchenSink, type KitchenSink } from '@/tests/servers/kitchen-sink';
import { connection, setUp as scriptedLife, tools } from '@/tests/engine/lives';
import { must, person, Workplace } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';

const admin = person('admin', 'Mika Laine');
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
});

async function setUp(): Promise<{ readonly kitchen: KitchenSink; readonly place: Workplace; readonly id: SessionId }> {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }],
    settings: { rules: [ruleOf({ id: 'write', tool: 'write' }), ruleOf({ id: 'all', decision: 'allow' })] },
  });
  closers.push(() => place.close());
  return { kitchen, place, id: await place.session() };
}

function cancel(place: Workplace, sessionId: SessionId, callId: CallId): Promise<Result<null>> {
  return place.engine.control.cancelCall(admin, { sessionId, callId, reason: 'wrong account' });
}

describe('cancelling one call', () => {
  it('I10 that is held: rejected, never sent, its request withdrawn, its session and other calls go on', async () => {
    const { kitchen, place, id } = await setUp();
    const other = place.call(id, 'slow');
    await place.untilEvent(id, ({ type }) => type === 'call.progress');
    const held = place.call(id, 'write', { note: 'never' });
    const request = await place.opened();
    must(await cancel(place, id, await held.received));
    expect(must(await held.outcome)).toMatchObject({
      outcome: 'rejected',
      message: 'write was not run: Mika Laine cancelled it: “wrong account”. Nothing was sent.',
    });
    await place.until(request.requestId, ({ state }) => state === 'withdrawn');
    expect(await place.answer(request, 'accept')).toMatchObject({ ok: false });
    kitchen.release();
    expect(must(await other.outcome).outcome).toBe('completed');
    expect(kitchen.records.executions('write')).toEqual([]);
    expect((await place.store.session(id))?.session.state).toBe('active');
  });

  it('I4 I10 in flight: its server has the cancel, its outcome is unknown, its question is withdrawn', async () => {
    const { kitchen, place, id } = await setUp();
    const call = place.call(id, 'ask_simple');
    const request = await place.opened();
    const callId = await call.received;
    must(await cancel(place, id, callId));
    expect(must(await call.outcome)).toMatchObject({
      outcome: 'indeterminate',
      message: expect.stringContaining('Mika Laine cancelled it: “wrong account”'),
    });
    await kitchen.records.waitFor('cancel_received');
    await place.until(request.requestId, ({ state }) => state === 'withdrawn');
    const sent = await place.untilEvent(id, ({ type }) => type === 'call.cancel_sent');
    expect(sent).toMatchObject({ callId, why: null });
    expect((await place.events(id)).find(({ type }) => type === 'call.cancel_ordered')).toMatchObject({
      actor: { kind: 'person', name: 'Mika Laine' },
      reason: 'wrong account',
    });
    expect(await place.acts()).toContainEqual(
      expect.objectContaining({
        act: 'call.cancelled',
        why: 'wrong account',
        facts: expect.objectContaining({ call: callId }),
      }),
    );
    expect(await cancel(place, id, callId)).toMatchObject({ ok: false, code: 'not_open' });
  });

  it('I4 in flight and read-only: cancelled, for there is nothing to undo', async () => {
    const life = await scriptedLife({ trusted: true, tools: tools({ readOnlyHint: true }) });
    closers.push(() => life.place.close());
    const id = await life.place.session();
    const call = life.place.call(id, 'work');
    await life.place.untilEvent(id, ({ type }) => type === 'call.sent');
    must(await cancel(life.place, id, await call.received));
    expect(must(await call.outcome)).toMatchObject({ outcome: 'cancelled' });
    await life.place.untilEvent(id, ({ type }) => type === 'call.cancel_sent');
    expect(connection(life).cancelled).toHaveLength(1);
    // A result that comes all the same is nobody's any more.
    await connection(life).finish(connection(life).calls[0]?.rpcId ?? '');
    expect((await life.place.events(id)).some(({ type }) => type === 'call.completed')).toBe(false);
  });

  it('I11 is for admins alone, and of another session or none reads as not found', async () => {
    const { place, id } = await setUp();
    const held = place.call(id, 'write', { note: 'never' });
    await place.opened();
    const callId = await held.received;
    const elsewhere = await place.session('other');
    for (const role of ['approver', 'observer'] as const)
      expect(await place.engine.control.cancelCall(person(role), { sessionId: id, callId, reason: 'x' })).toMatchObject(
        { code: 'forbidden' },
      );
    expect(await cancel(place, elsewhere, callId)).toMatchObject({ code: 'not_found' });
    expect(await cancel(place, id, 'call_000000000000' as CallId)).toMatchObject({ code: 'not_found' });
    expect(await place.engine.control.cancelCall(admin, { sessionId: id, callId, reason: ' \n' })).toMatchObject({
      code: 'reason_required',
    });
  });
});
