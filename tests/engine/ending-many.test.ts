import { afterEach, describe, expect, it } from 'vitest';
import type { EndManyPreview, EndSelection } from '@/lib/domain/end-many';
import {
  type EndItem,
  type EndItemsLook,
  endItemsMost,
  endingsMost,
  type EndOperation,
  settledOf,
  type WhenChanged,
} from '@/lib/domain/end-operation';
import type { AgentId, EndingId, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { notNarrowed } from '@/lib/domain/session-query';
import type { Change } from '@/server/engine/ports/publisher';
import { must, person, Workplace } from '@/tests/engine/workplace';
import { ScriptedUpstream } from '@/tests/engine/scripted-upstream';
import { ruleOf } from '@/tests/support/desk';

const admin = person('admin', 'Mika Laine');
const http = { kind: 'http' as const, url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null };
const tools: readonly JsonObject[] = [
  { name: 'work', inputSchema: { type: 'object' } },
  { name: 'look', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
  { name: 'ask', inputSchema: { type: 'object' } },
];
const rules = [ruleOf({ id: 'ask', tool: 'ask' }), ruleOf({ id: 'all', decision: 'allow' })];
const everyone: EndSelection = { sessionIds: null, live: null, search: null, narrow: null };

const all: EndItemsLook = { show: 'all', from: 0 };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
});

interface Setting {
  readonly place: Workplace;
  readonly upstream: ScriptedUpstream;
  readonly told: EndOperation[];
}

async function setUp(folder?: string): Promise<Setting> {
  const upstream = new ScriptedUpstream();
  upstream.tools = tools;
  const told: EndOperation[] = [];
  const place = await Workplace.open({
    servers: [
      { name: 'kitchen', transport: http },
      { name: 'pantry', transport: http },
    ],
    settings: {
      rules,
      endingGraceMs: 2_000,
      limits: { sessionsPerAgent: 1_000, openCallsPerSession: 100, requestsPerSecond: 10_000, argumentsBytes: 100_000 },
    },
    upstream,
    publish: (change: Change) => {
      if (change.change === 'ending') told.push(change.operation);
    },
    ...(folder === undefined ? {} : { folder }),
  });
  closers.push(() => place.close());
  return { place, upstream, told };
}

async function preview({ place }: Setting, selection: EndSelection = everyone): Promise<EndManyPreview> {
  return must(await place.engine.control.previewEndMany(admin, selection));
}

async function order(
  { place }: Setting,
  shown: EndManyPreview,
  how: { readonly whenChanged?: WhenChanged; readonly selection?: EndSelection } = {},
): Promise<EndOperation> {
  return must(
    await place.engine.control.endMany(admin, {
      selection: how.selection ?? everyone,
      sessions: shown.sessions.map(({ sessionId, print }) => ({ sessionId, print })),
      reason: 'leak',
      whenChanged: how.whenChanged ?? 'leave',
    }),
  );
}

async function untilOver(
  { place }: Setting,
  id: EndingId,
): Promise<{ operation: EndOperation; items: readonly EndItem[] }> {
  await expect
    .poll(async () => must(await place.engine.control.ending(admin, id, all)).operation.endedAt, { timeout: 30_000 })
    .not.toBeNull();
  const items: EndItem[] = [];
  for (;;) {
    const page = must(await place.engine.control.ending(admin, id, { show: 'all', from: items.length }));
    items.push(...page.items);
    if (items.length === page.total || page.items.length === 0) return { operation: page.operation, items };
  }
}

/** A call under way. */
async function working(place: Workplace, id: SessionId, tool = 'work'): Promise<ReturnType<Workplace['call']>> {
  const call = place.call(id, tool);
  await place.untilEvent(id, ({ type }) => type === 'call.sent');
  return call;
}

describe('ending many sessions', () => {
  it('I10 shows beforehand, added up: who is told what, what goes, who is on it, what stays unknown', async () => {
    const setting = await setUp();
    const { place } = setting;
    const [one, two, three] = [await place.session('night'), await place.session('night'), await place.session('day')];
    await working(place, one);
    await working(place, two, 'pantry/look');
    void place.call(three, 'ask');
    const request = await place.opened();
    must(await place.engine.people.claim(person('approver', 'Priya Nair'), request.requestId));
    const shown = await preview(setting);
    expect(shown).toMatchObject({
      about: 'every live session',
      over: 0,
      unknown: [{ server: 'kitchen', tool: 'work', calls: 1 }],
      held: 1,
      requestsTotal: 1,
      requests: [{ agent: 'day', answering: 'Priya Nair', kind: 'approval' }],
    });
    expect(shown.sessions).toHaveLength(3);
    expect(shown.told.map(({ agents, sessions }) => ({ agents, sessions }))).toContainEqual({
      agents: ['night'],
      sessions: 1,
    });
    expect(shown.told.some(({ message }) => message.includes('unknown outcome: work'))).toBe(true);
    expect(shown.connections.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    // Nothing has happened.
    expect((await place.events(one)).some(({ type }) => type === 'session.ending')).toBe(false);
  });

  it('takes the live sessions of one server, agent, search or verdict alone', async () => {
    const setting = await setUp();
    const { place } = setting;
    const [one, two, three] = [await place.session('night'), await place.session('night'), await place.session('day')];
    await working(place, one);
    await working(place, two, 'pantry/work');
    void place.call(three, 'ask');
    await place.opened();
    const ids = async (selection: Partial<EndSelection>): Promise<readonly SessionId[]> =>
      (await preview(setting, { ...everyone, ...selection })).sessions.map(({ sessionId }) => sessionId).sort();
    expect(await ids({ narrow: { ...notNarrowed, server: 'pantry' } })).toEqual([two]);
    expect(await ids({ narrow: { ...notNarrowed, agentId: 'agt_night' as AgentId } })).toEqual([one, two].sort());
    expect(await ids({ narrow: { ...notNarrowed, moods: ['person'] } })).toEqual([three]);
    expect(await ids({ search: 'day' })).toEqual([three]);
    expect(await ids({ sessionIds: [one, three] })).toEqual([one, three].sort());
  });

  it('I10 200 at once: progress is told as it goes, all of them end, and the record of each is kept', async () => {
    const setting = await setUp();
    const { place, told } = setting;
    const sessions = await Promise.all(Array.from({ length: 200 }, () => place.session('night')));
    const calls = await Promise.all(sessions.slice(0, 50).map((id) => working(place, id)));
    const { endingId, counts } = await order(setting, await preview(setting));
    expect(counts).toMatchObject({ total: 200, waiting: 200 });
    const { operation, items } = await untilOver(setting, endingId);
    expect(operation).toMatchObject({ state: 'done', reason: 'leak', counts: { ended: 200, unknown: 50, failed: 0 } });
    expect(items.every(({ state }) => state === 'ended')).toBe(true);
    for (const call of calls) expect(must(await call.outcome).outcome).toBe('indeterminate');
    const far = told.filter((one) => one.endingId === endingId).map((one) => settledOf(one.counts));
    expect(far).toEqual([...far].sort((a, b) => a - b));
    expect(far.at(-1)).toBe(200);
    expect(must(await place.engine.control.previewEndMany(admin, everyone)).sessions).toEqual([]);
    // Of each session as well, and in the audit log once for the whole.
    expect((await place.events(sessions[7] as SessionId)).find(({ type }) => type === 'session.ending')).toMatchObject({
      actor: { name: 'Mika Laine' },
      reason: 'leak',
    });
    const acts = await place.acts();
    expect(acts.filter(({ act }) => act === 'sessions.ended')).toMatchObject([
      { why: 'leak', facts: { sessions: 200 }, about: { id: endingId } },
    ]);
    expect(acts.filter(({ act }) => act === 'session.ended')).toHaveLength(200);
  }, 60_000);

  it('leaves what changed since the preview, says how, and sweeps up nobody new', async () => {
    const setting = await setUp();
    const { place } = setting;
    const [same, changed] = [await place.session(), await place.session()];
    const shown = await preview(setting);
    await working(place, changed);
    const fresh = await place.session();
    const { endingId } = await order(setting, shown);
    const { operation, items } = await untilOver(setting, endingId);
    expect(operation.counts).toMatchObject({ total: 2, ended: 1, left: 1 });
    expect(items.find(({ sessionId }) => sessionId === changed)).toMatchObject({
      state: 'left',
      why: '1 call in flight instead of 0.',
    });
    expect((await place.store.session(same))?.session.state).toBe('ended');
    for (const id of [changed, fresh]) expect((await place.store.session(id))?.session.state).toBe('active');
  });

  it('ends what changed where the order says so, and marks it', async () => {
    const setting = await setUp();
    const { place } = setting;
    const id = await place.session();
    const shown = await preview(setting);
    const call = await working(place, id);
    const { endingId } = await order(setting, shown, { whenChanged: 'end' });
    const { items, operation } = await untilOver(setting, endingId);
    expect(items).toMatchObject([{ state: 'ended', unknown: 1, changed: '1 call in flight instead of 0.' }]);
    expect(operation.counts.changed).toBe(1);
    expect(must(await call.outcome).outcome).toBe('indeterminate');
  });

  it('is stopped between sessions: what was begun ends, the rest is left alone', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    const gates: (() => void)[] = [];
    upstream.onConnection = (connection) => {
      connection.close = () =>
        new Promise((resolve) => gates.push(() => resolve({ deleteStatus: 200, deleteWhy: null, process: null })));
    };
    const sessions = await Promise.all(Array.from({ length: 280 }, () => place.session()));
    await Promise.all(sessions.map((id) => place.engine.agents.tools(id)));
    const { endingId } = await order(setting, await preview(setting));
    await expect.poll(() => gates.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(256);
    expect(await place.engine.control.stopEnding(person('approver'), endingId)).toMatchObject({ code: 'forbidden' });
    const stopped = must(await place.engine.control.stopEnding(admin, endingId));
    expect(stopped).toMatchObject({ state: 'stopped', stopped: { by: { name: 'Mika Laine' } } });
    const settle = setInterval(() => gates.splice(0).forEach((open) => open()), 5);
    const { operation } = await untilOver(setting, endingId);
    clearInterval(settle);
    expect(operation).toMatchObject({ state: 'stopped', counts: { ended: 256, stopped: 24 } });
    expect(must(await place.engine.control.previewEndMany(admin, everyone)).sessions).toHaveLength(24);
    expect(await place.engine.control.stopEnding(admin, endingId)).toMatchObject({ code: 'not_allowed_now' });
  }, 60_000);

  it('I10 servers that hang hold up no agent’s being told: 200 hear of it before the first of them has closed', async () => {
    const setting = await setUp();
    const { place, upstream } = setting;
    upstream.onConnection = (connection) => {
      connection.close = () => new Promise(() => undefined);
    };
    const sessions = await Promise.all(Array.from({ length: 200 }, () => place.session()));
    const calls = await Promise.all(sessions.map((id) => working(place, id)));
    const { endingId } = await order(setting, await preview(setting));
    for (const call of calls) expect(must(await call.outcome).outcome).toBe('indeterminate');
    const { operation } = must(await place.engine.control.ending(admin, endingId, all));
    expect(operation).toMatchObject({ state: 'running', counts: { total: 200, ended: 0 } });
  }, 60_000);

  it('I5 goes on after a restart in the middle: each session ends once, and the record says so', async () => {
    const first = await setUp();
    // Nothing closes in this life: the process stops in the middle of all those begun.
    first.upstream.onConnection = (connection) => {
      connection.close = () => new Promise(() => undefined);
    };
    const sessions = await Promise.all(Array.from({ length: 270 }, () => first.place.session()));
    await Promise.all(sessions.map((id) => first.place.engine.agents.tools(id)));
    const { endingId } = await order(first, await preview(first));
    await expect
      .poll(async () => (await first.place.store.endItems(endingId)).filter(({ state }) => state === 'ending').length, {
        timeout: 30_000,
      })
      .toBe(256);
    await first.place.stop();
    const second = await setUp(first.place.folder);
    const { operation, items } = await untilOver(second, endingId);
    expect(operation).toMatchObject({ state: 'done', restarts: 1, counts: { ended: 270 } });
    expect(items).toHaveLength(270);
    for (const id of sessions)
      expect((await second.place.events(id)).filter(({ type }) => type === 'session.ending')).toHaveLength(1);
  });

  /** An order of which the first session hangs, so that it stays on its way. */
  async function hanging(setting: Setting): Promise<EndingId> {
    setting.upstream.onConnection = (connection) => {
      connection.close = () => new Promise(() => undefined);
    };
    await setting.place.engine.agents.tools(await setting.place.session());
    return (await order(setting, await preview(setting))).endingId;
  }

  it('I2 I10 that it was stopped is on disk and on record, with who did it from where, before it is said', async () => {
    const setting = await setUp();
    const { place } = setting;
    const endingId = await hanging(setting);
    const from = { address: '203.0.113.9', by: 'browser', client: null } as const;
    must(await place.engine.control.stopEnding({ ...admin, from }, endingId));
    expect(await place.store.ending(endingId)).toMatchObject({ state: 'stopped', stopped: { by: { id: admin.id } } });
    const stops = async () => (await place.acts()).filter(({ act }) => act === 'sessions.stopped');
    expect(await stops()).toMatchObject([{ actor: { id: admin.id }, from, about: { id: endingId } }]);
    // Said again it is the same, once.
    must(await place.engine.control.stopEnding(admin, endingId));
    expect(await stops()).toHaveLength(1);
  });

  it('I2 I15 that it was stopped is not said while it cannot be saved, and is on record once, whenever it can', async () => {
    const setting = await setUp();
    const { place } = setting;
    const endingId = await hanging(setting);
    await expect.poll(async () => (await place.store.endItems(endingId)).map(({ state }) => state)).toEqual(['ending']);
    const save = place.store.saveEnding.bind(place.store);
    place.store.saveEnding = () => Promise.reject(new Error('the database is away'));
    expect(await place.engine.control.stopEnding(admin, endingId)).toMatchObject({ code: 'cannot_save' });
    expect((await place.store.ending(endingId))?.state).toBe('running');
    // It is written, and that is not heard.
    place.store.saveEnding = async (...given) => {
      await save(...given);
      throw new Error('the answer was lost');
    };
    expect(await place.engine.control.stopEnding(admin, endingId)).toMatchObject({ code: 'cannot_save' });
    place.store.saveEnding = save;
    must(await place.engine.control.stopEnding(admin, endingId));
    expect((await place.store.ending(endingId))?.state).toBe('stopped');
    expect((await place.acts()).filter(({ act }) => act === 'sessions.stopped')).toHaveLength(1);
  });

  it('I2 I15 is begun when it was kept and only that was not heard, with one entry', async () => {
    const setting = await setUp();
    const { place } = setting;
    const id = await place.session();
    const shown = await preview(setting);
    const save = place.store.saveEnding.bind(place.store);
    place.store.saveEnding = async (...given) => {
      place.store.saveEnding = save;
      await save(...given);
      throw new Error('the answer was lost');
    };
    const { endingId } = await order(setting, shown);
    expect((await untilOver(setting, endingId)).operation).toMatchObject({ state: 'done', counts: { ended: 1 } });
    expect((await place.store.session(id))?.session.state).toBe('ended');
    expect((await place.acts()).filter(({ act }) => act === 'sessions.ended')).toHaveLength(1);
  });

  it('I2 is not begun when it could not be kept', async () => {
    const setting = await setUp();
    const { place } = setting;
    const id = await place.session();
    const shown = await preview(setting);
    const save = place.store.saveEnding.bind(place.store);
    place.store.saveEnding = () => Promise.reject(new Error('the database is away'));
    const refused = await place.engine.control.endMany(admin, {
      selection: everyone,
      sessions: shown.sessions,
      reason: 'leak',
      whenChanged: 'leave',
    });
    place.store.saveEnding = save;
    expect(refused).toMatchObject({ ok: false, code: 'cannot_save' });
    expect((await place.store.session(id))?.session.state).toBe('active');
  });

  it('says of a session that ended meanwhile that it was over', async () => {
    const setting = await setUp();
    const { place } = setting;
    const id = await place.session();
    const shown = await preview(setting);
    must(await place.engine.people.end(person('admin', 'Somebody Else'), id, 'mine'));
    await place.untilEvent(id, ({ type }) => type === 'session.ended');
    const { endingId } = await order(setting, shown);
    expect((await untilOver(setting, endingId)).items).toMatchObject([{ state: 'over' }]);
  });

  it('I10 its record is read a page at a time, and narrowed to what became of the sessions', async () => {
    const setting = await setUp();
    const { place } = setting;
    const { control } = place.engine;
    const sessions = await Promise.all(Array.from({ length: 120 }, () => place.session()));
    await working(place, sessions[3] as SessionId);
    const shown = await preview(setting);
    await working(place, sessions[5] as SessionId);
    const { endingId } = await order(setting, shown);
    const { items } = await untilOver(setting, endingId);
    expect(items.map(({ sessionId }) => sessionId)).toEqual(shown.sessions.map(({ sessionId }) => sessionId));
    const read = async (look: EndItemsLook) => must(await control.ending(admin, endingId, look));
    expect(await read(all)).toMatchObject({ total: 120, items: items.slice(0, endItemsMost) });
    expect(await read({ show: 'all', from: 100 })).toMatchObject({ total: 120, items: items.slice(100) });
    expect(await read({ show: 'all', from: 500 })).toMatchObject({ total: 120, items: [] });
    expect(await read({ show: 'unknown', from: 0 })).toMatchObject({ items: [{ sessionId: sessions[3], unknown: 1 }] });
    expect(await read({ show: 'left', from: 0 })).toMatchObject({ total: 1, items: [{ sessionId: sessions[5] }] });
    expect((await read({ show: 'odd', from: 0 })).total).toBe(2);
    expect((await read({ show: 'ended', from: 0 })).total).toBe(119);
    expect(await read({ show: 'failed', from: 0 })).toMatchObject({ total: 0, items: [] });
  });

  it('lists orders a page at a time, the latest first, those of the same instant once each', async () => {
    const setting = await setUp();
    const { place } = setting;
    const { control } = place.engine;
    const given: EndingId[] = [];
    for (let at = 0; at < endingsMost + 3; at += 1) {
      const id = await place.session();
      const { endingId } = await order(setting, await preview(setting, { ...everyone, sessionIds: [id] }));
      await untilOver(setting, endingId);
      given.push(endingId);
    }
    const first = must(await control.endings(admin, null));
    expect([first.endings.length, first.more]).toEqual([endingsMost, true]);
    const last = first.endings.at(-1) as EndOperation;
    const rest = must(await control.endings(admin, { at: last.at, endingId: last.endingId }));
    expect([rest.endings.length, rest.more]).toEqual([3, false]);
    const read = [...first.endings, ...rest.endings];
    expect(read.map(({ endingId }) => endingId).sort()).toEqual([...given].sort());
    expect(read.map(({ at }) => at)).toEqual(read.map(({ at }) => at).sort((a, b) => b - a));
  });

  it('ends nothing of a list that shows only what is over', async () => {
    const setting = await setUp();
    await setting.place.session();
    expect((await preview(setting, { ...everyone, live: true })).sessions).toHaveLength(1);
    expect((await preview(setting, { ...everyone, live: false })).sessions).toEqual([]);
    const before = { ...notNarrowed, startedBefore: 0 };
    expect(await preview(setting, { ...everyone, narrow: before })).toMatchObject({
      about: 'started before 1970-01-01 00:00 UTC',
      sessions: [],
    });
  });

  it('I11 is for admins alone, preview and record included, and takes no session that never was', async () => {
    const setting = await setUp();
    const { control } = setting.place.engine;
    const shown = { selection: everyone, sessions: [], reason: 'x', whenChanged: 'leave' } as const;
    for (const role of ['approver', 'observer'] as const) {
      expect(await control.previewEndMany(person(role), everyone)).toMatchObject({ code: 'forbidden' });
      expect(await control.endMany(person(role), shown)).toMatchObject({ code: 'forbidden' });
      expect(await control.endings(person(role), null)).toMatchObject({ code: 'forbidden' });
      expect(await control.ending(person(role), 'end_000000000000' as EndingId, all)).toMatchObject({
        code: 'forbidden',
      });
    }
    const missing = [{ sessionId: 'ses_000000000000' as SessionId, print: 'x' }];
    expect(await control.endMany(admin, { ...shown, sessions: missing })).toMatchObject({ code: 'not_found' });
    expect(await control.endMany(admin, shown)).toMatchObject({ code: 'bad_input' });
    expect(await control.endMany(admin, { ...shown, sessions: missing, reason: ' ' })).toMatchObject({
      code: 'reason_required',
    });
  });
});
