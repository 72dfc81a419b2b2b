import { rename } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallId } from '@/lib/domain/ids';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import { openSqlite } from '@/server/store/sqlite';
import { ScriptedUpstream } from './scripted-upstream';
import { must, operation, Workplace } from './workplace';
import { ruleOf } from '@/tests/support/desk';

const allowAll = ruleOf({ id: 'all', decision: 'allow' });
const open: Workplace[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Setting {
  readonly upstream: ScriptedUpstream;
  readonly place: Workplace;
  /** What was published of the storage, in order. */
  readonly told: readonly boolean[];
  untilTold(ok: boolean): Promise<void>;
}

async function setUp(rules: readonly PolicyRule[] = [allowAll]): Promise<Setting> {
  const upstream = new ScriptedUpstream();
  const told: boolean[] = [];
  const waiting = new Set<() => void>();
  const transport = { kind: 'http', url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null } as const;
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport }],
    settings: { rules },
    upstream,
    publish: (change) => {
      if (change.change !== 'storage') return;
      told.push(change.ok);
      for (const wake of waiting) wake();
    },
  });
  open.push(place);
  return {
    upstream,
    place,
    told,
    async untilTold(ok) {
      while (told.at(-1) !== ok) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
    },
  };
}

function fileOf(place: Workplace): string {
  return path.join(place.folder, 'holdpoint.db');
}

/** Another program holds the database's lock: nothing can be written until it lets go. */
function lock(place: Workplace): () => void {
  const other = openSqlite(fileOf(place));
  if (!other.ok) throw new Error(other.message);
  other.handle.exec('begin immediate');
  return () => {
    other.handle.exec('rollback');
    other.handle.close();
  };
}

/** The database is moved away: what is written then reaches it, and may not be called saved. */
async function takeAway(place: Workplace): Promise<() => Promise<void>> {
  const file = fileOf(place);
  await rename(file, `${file}.elsewhere`);
  return () => rename(`${file}.elsewhere`, file);
}

/** A call in flight whose server has asked a person. */
async function asked({ place, upstream }: Setting) {
  const session = await place.session();
  const call = place.call(session, 'work');
  const callId = await call.received;
  await upstream.to().ask('q1', callId);
  const request = await place.opened();
  return { session, callId, request, outcome: call.outcome };
}

/** Says the same answer until it is taken, as a browser does when the database is back. */
async function answered(place: Workplace, request: HoldRequest, operationId = operation()): Promise<HoldRequest> {
  return untilTaken(() => place.answer(request, 'accept', { operationId, content: {} }));
}

/** Tries again a few times while it is refused as not saved, and only then. */
async function untilTaken<T>(attempt: () => Promise<Result<T>>): Promise<T> {
  for (let left = 20; ; left -= 1) {
    const result = await attempt();
    if (result.ok) return result.value;
    expect(result.code).toBe('cannot_save');
    expect(left).toBeGreaterThan(0);
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
}

async function typesOf(place: Workplace, session: Awaited<ReturnType<Workplace['session']>>): Promise<string[]> {
  const events = await place.events(session);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1));
  return events.map((event) => event.type);
}

describe('a locked database', () => {
  it('I2 refuses a person’s answer, which reaches nobody, and takes the same answer when it is free', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const { callId, request, outcome } = await asked(setting);
    const operationId = operation();
    const release = lock(place);
    const refused = await place.answer(request, 'accept', { operationId, content: {} });
    expect(refused).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(setting.told).toEqual([false]);
    expect(place.engine.storageOk()).toBe(false);
    expect(upstream.to().answers).toEqual([]);
    expect((await place.store.request(request.requestId))?.state).toBe('open');
    release();
    const taken = must(await place.answer(request, 'accept', { operationId, content: {} }));
    expect(taken).toMatchObject({ answer: { operationId } });
    await place.until(request.requestId, (now) => now.state === 'delivered');
    expect(upstream.to().answers).toHaveLength(1);
    expect(setting.told.at(-1)).toBe(true);
    await upstream.to().finish(callId);
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
  });

  it('I2 I3 refuses an agent’s call in words, sends nothing, and takes it when it is free', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const session = await place.session();
    must(await place.engine.agents.tools(session));
    const release = lock(place);
    const order = { server: 'kitchen', tool: 'work', arguments: {}, idempotencyKey: 'once' };
    const refused = await place.order(session, order).outcome;
    expect(refused).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(refused.ok ? '' : refused.message).not.toBe('');
    expect(upstream.to().calls).toEqual([]);
    release();
    const { outcome, received } = place.order(session, order);
    const callId = await received;
    await upstream.to().finish(callId);
    expect(must(await outcome)).toMatchObject({ outcome: 'completed', callId });
    expect(upstream.to().calls).toHaveLength(1);
    expect((await typesOf(place, session)).filter((type) => type === 'call.received')).toHaveLength(1);
  });

  it('I5 loses nothing a server says meanwhile: it is recorded when the database is free, in order, and once', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId = await received;
    const { inbox } = upstream.to();
    const arrival = { callRpcId: callId, place: null };
    const release = lock(place);
    const said: string[] = [];
    const saying = (async (): Promise<void> => {
      for (const step of [1, 2]) {
        await inbox.progress({ rpcId: callId, progress: step, total: 2, message: null }, arrival);
        said.push(`progress ${step}`);
      }
      await upstream.to().ask('q1', callId);
      said.push('question');
    })();
    await setting.untilTold(false);
    expect(said).toEqual([]);
    release();
    await saying;
    const request = await place.opened();
    await answered(place, request);
    await upstream.to().finish(callId);
    expect(must(await outcome)).toMatchObject({ outcome: 'completed' });
    const types = await typesOf(place, session);
    expect(types.filter((type) => type === 'call.progress' || type === 'request.opened')).toEqual([
      'call.progress',
      'call.progress',
      'request.opened',
    ]);
  });

  it('lets everything that only reads go on meanwhile', async () => {
    const setting = await setUp();
    const { place } = setting;
    const { session, request } = await asked(setting);
    const release = lock(place);
    const answering = place.answer(request, 'accept', { content: {} });
    let settled = false;
    void answering.then(() => {
      settled = true;
    });
    // Each takes turns of the event loop; a process that waits for the lock with all it has would do none.
    for (let times = 0; times < 20; times += 1) {
      expect((await place.store.session(session))?.session.sessionId).toBe(session);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    expect(settled).toBe(false);
    release();
    must(await answering);
  });
});

describe('a database whose commits arrive and are not known to', () => {
  it('I1 I2 takes an answer once, and delivers it once, however often it is said', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const { session, request } = await asked(setting);
    const putBack = await takeAway(place);
    const operationId = operation();
    expect(await place.answer(request, 'accept', { operationId, content: {} })).toMatchObject({ code: 'cannot_save' });
    expect(await place.answer(request, 'accept', { operationId, content: {} })).toMatchObject({ code: 'cannot_save' });
    expect(upstream.to().answers).toEqual([]);
    await putBack();
    expect(await answered(place, request, operationId)).toMatchObject({ answer: { operationId } });
    await place.until(request.requestId, (now) => now.state === 'delivered');
    expect(upstream.to().answers).toHaveLength(1);
    const types = await typesOf(place, session);
    expect(types.filter((type) => type === 'request.answered')).toHaveLength(1);
    expect(types.filter((type) => type === 'answer.sent')).toHaveLength(1);
  });

  it('I2 I5 finds them by itself when the database is back: nobody has to speak first', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const { session, request } = await asked(setting);
    const putBack = await takeAway(place);
    expect(await place.answer(request, 'accept', { content: {} })).toMatchObject({ code: 'cannot_save' });
    expect(upstream.to().answers).toEqual([]);
    await putBack();
    await setting.untilTold(true);
    await place.until(request.requestId, (now) => now.state === 'delivered');
    expect(upstream.to().answers).toHaveLength(1);
    expect((await typesOf(place, session)).filter((type) => type === 'request.answered')).toHaveLength(1);
  });

  it('I3 I4 a call whose commit was called lost is one call: found on disk, or said again with its key', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const session = await place.session();
    must(await place.engine.agents.tools(session));
    const putBack = await takeAway(place);
    const order = { server: 'kitchen', tool: 'work', arguments: {}, idempotencyKey: 'once' };
    const first = place.order(session, order);
    await setting.untilTold(false);
    await putBack();
    // It was found on disk at once, or its agent heard that it cannot be told, and asks again.
    const heard = await Promise.race([first.received, first.outcome.then(() => null)]);
    const again = place.order(session, order);
    const callId = await again.received;
    expect(heard ?? callId).toBe(callId);
    await expect.poll(() => upstream.to().calls.length).toBe(1);
    await upstream.to().finish(callId);
    expect(must(await again.outcome)).toMatchObject({ outcome: 'completed', callId });
    const types = await typesOf(place, session);
    for (const once of ['call.received', 'call.sent', 'call.completed'])
      expect(types.filter((type) => type === once)).toEqual([once]);
  });

  it('I5 opens a question once, and gives the agent its result, whose commits were called lost', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const session = await place.session();
    const { outcome, received } = place.call(session, 'work');
    const callId: CallId = await received;
    const putBackFirst = await takeAway(place);
    const asking = upstream.to().ask('q1', callId);
    await setting.untilTold(false);
    await putBackFirst();
    await asking;
    const request = await place.opened();
    await answered(place, request);
    await place.until(request.requestId, (now) => now.state === 'delivered');
    const putBack = await takeAway(place);
    const finishing = upstream.to().finish(callId, 'the very result');
    await setting.untilTold(false);
    await putBack();
    await finishing;
    const result = must(await outcome);
    expect(result).toMatchObject({ outcome: 'completed', callId });
    expect(JSON.stringify(result)).toContain('the very result');
    const types = await typesOf(place, session);
    for (const once of ['request.opened', 'call.completed', 'request.answered']) {
      expect(types.filter((type) => type === once)).toEqual([once]);
    }
    // What this process holds is what the next one finds.
    expect((await place.store.call(callId))?.call).toMatchObject({ state: 'completed' });
  });
});
