import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { EndStep } from '@/lib/domain/end-step';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { CallOutcome } from '@/server/engine/ports/agents';
import { kitchenSinkOnStdio } from '@/tests/servers/bundle-main';
import { isAlive } from '@/tests/servers/child';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { MovableClock, must, person, Workplace } from '@/tests/engine/workplace';
import { ScriptedUpstream } from '@/tests/engine/scripted-upstream';
import { ruleOf } from '@/tests/support/desk';
import { sendJson, startScripted } from '@/tests/upstream/scripted-server';

const allowAll = ruleOf({ id: 'all', decision: 'allow' });
const holdWrites = [ruleOf({ id: 'write', tool: 'write' }), allowAll];
const admin = person('admin', 'Mika Laine');
const graceMs = 60_000;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
});

async function overHttp(url: string, more: { readonly graceMs?: number } = {}): Promise<Workplace> {
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url, headers: {}, sign: null } }],
    settings: { rules: holdWrites, endingGraceMs: more.graceMs ?? graceMs },
  });
  closers.push(() => place.close());
  return place;
}

function stepsOf(events: readonly SessionEvent[]): readonly EndStep[] {
  return events.flatMap((event) => (event.type === 'session.step' ? [event.detail] : []));
}

/** Ends it and gives its whole log, once that is closed. */
async function end(place: Workplace, session: SessionId): Promise<readonly SessionEvent[]> {
  must(await place.engine.people.end(admin, session, 'stuck on a lock'));
  return over(place, session);
}

async function over(place: Workplace, session: SessionId): Promise<readonly SessionEvent[]> {
  await place.untilEvent(session, ({ type }) => type === 'session.ended');
  return place.events(session);
}

/** What every ending must show, whatever the state it found. */
function expectProof(events: readonly SessionEvent[]): void {
  const at = (step: EndStep['step']): number =>
    events.findIndex((event) => event.type === 'session.step' && event.detail.step === step);
  const begun = events.findIndex(({ type }) => type === 'session.ending');
  expect(events[begun]).toMatchObject({ actor: { kind: 'person', name: 'Mika Laine' }, reason: 'stuck on a lock' });
  expect(at('agent_told')).toBeGreaterThan(begun);
  // No server is waited for before the agent is told.
  const asked = (['grace', 'cancel_sent', 'cancel_failed', 'delete_sent', 'process_ended'] as const).map(at);
  expect(asked.filter((place) => place >= 0 && place < at('agent_told'))).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: 'session.ended', end: 'terminated' });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
}

type State = 'idle' | 'held' | 'working' | 'asking' | 'sampling';
const tools: { readonly [S in Exclude<State, 'idle'>]: string } = {
  held: 'write',
  working: 'slow',
  asking: 'ask_simple',
  sampling: 'sample',
};
const states: readonly State[] = ['idle', 'held', 'working', 'asking', 'sampling'];

/** A session in that state; the promise is what its agent hears. */
async function inState(place: Workplace, state: State): Promise<{ id: SessionId; heard: Promise<CallOutcome> | null }> {
  const id = await place.session();
  must(await place.engine.agents.tools(id));
  if (state === 'idle') return { id, heard: null };
  const call = place.call(id, tools[state]);
  if (state === 'working') await place.untilEvent(id, ({ type }) => type === 'call.progress');
  else await place.opened();
  return { id, heard: call.outcome.then(must) };
}

describe('ending over HTTP', () => {
  it.each(states)(
    'I10 while %s: the agent is told, the server has the cancel and one DELETE, by its own record',
    async (state) => {
      const kitchen = await startKitchenSink();
      closers.push(() => kitchen.close());
      const place = await overHttp(kitchen.url);
      const { id, heard } = await inState(place, state);
      const events = await end(place, id);
      expectProof(events);
      expect(stepsOf(events)).toContainEqual(expect.objectContaining({ step: 'delete_sent', status: 200 }));
      expect(kitchen.records.of('delete_received')).toHaveLength(1);
      expect(kitchen.sessionIds()).toEqual([]);
      const isSent = state !== 'idle' && state !== 'held';
      if (isSent) await kitchen.records.waitFor('cancel_received');
      expect(kitchen.records.of('cancel_received')).toHaveLength(isSent ? 1 : 0);
      expect(kitchen.records.executions('write')).toEqual([]);
      const outcome = await heard;
      expect(outcome?.outcome ?? null).toBe(
        { idle: null, held: 'ended' }[state as 'idle'] ?? (isSent ? 'indeterminate' : null),
      );
    },
  );

  it('I10 is told whatever the server does: one that hangs on cancel and on DELETE holds up nothing before it is forced', async () => {
    const hanging: string[] = [];
    const server = await startScripted(({ method, message, response }) => {
      const rpc = message?.['method'];
      if (rpc === 'tools/list') {
        const result = { tools: [{ name: 'anything', inputSchema: { type: 'object' } }] };
        return sendJson(response, { jsonrpc: '2.0', id: message?.['id'] ?? null, result });
      }
      if (method !== 'DELETE' && rpc !== 'tools/call' && rpc !== 'notifications/cancelled') return false;
      hanging.push(method === 'DELETE' || typeof rpc !== 'string' ? method : rpc);
      if (rpc === 'tools/call') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return true;
    });
    closers.push(() => server.close());
    const place = await overHttp(server.url);
    const id = await place.session();
    const call = place.call(id, 'anything');
    await place.untilEvent(id, ({ type }) => type === 'call.sent');
    must(await place.engine.people.end(admin, id, 'stuck on a lock'));
    // Long before the grace of a minute: nothing of the server's is waited for.
    expect(must(await call.outcome)).toMatchObject({ outcome: 'indeterminate' });
    expect(stepsOf(await place.events(id)).map(({ step }) => step)).toContain('agent_told');
    await place.untilEvent(id, (event) => event.type === 'session.step' && event.detail.step === 'grace');
    expect(must(await place.engine.people.session(admin, id)).session.state).toBe('ending');
    expect(await place.engine.control.forceEnd(person('approver'), id)).toMatchObject({ ok: false, code: 'forbidden' });
    const from = { address: '203.0.113.9', by: 'browser', client: null } as const;
    must(await place.engine.control.forceEnd({ ...admin, from }, id));
    const events = await over(place, id);
    expectProof(events);
    // On record as well, with who and from where: it was another decision than the ending.
    expect((await place.acts()).filter(({ act }) => act === 'session.forced')).toMatchObject([
      { actor: { id: admin.id }, from, about: { kind: 'session', id } },
    ]);
    expect(stepsOf(events)).toContainEqual(expect.objectContaining({ step: 'cancel_failed' }));
    expect(stepsOf(events)).toContainEqual(
      expect.objectContaining({
        step: 'delete_sent',
        status: null,
        why: 'No answer to DELETE; it was not waited for.',
      }),
    );
    expect(events.find((event) => event.type === 'session.step' && event.detail.step === 'forced')).toMatchObject({
      actor: { kind: 'person', name: 'Mika Laine' },
    });
    expect(hanging).toContain('notifications/cancelled');
    expect(await place.engine.control.forceEnd(admin, id)).toMatchObject({ ok: false, code: 'session_ended' });
  });

  it('I10 forced in the same breath still closes what is open: DELETE leaves, by the server’s own record', async () => {
    const kitchen = await startKitchenSink();
    closers.push(() => kitchen.close());
    const place = await overHttp(kitchen.url);
    const { id } = await inState(place, 'working');
    must(await place.engine.people.end(admin, id, 'stuck on a lock'));
    must(await place.engine.control.forceEnd(admin, id));
    expectProof(await over(place, id));
    await kitchen.records.waitFor('delete_received');
    expect(kitchen.sessionIds()).toEqual([]);
  });

  it('I10 of a server that died says so and comes to its end by itself', async () => {
    const kitchen = await startKitchenSink();
    const place = await overHttp(kitchen.url, { graceMs: 500 });
    const { id, heard } = await inState(place, 'working');
    await kitchen.close();
    const events = await end(place, id);
    expect(['indeterminate', 'ended']).toContain((await heard)?.outcome);
    expect(stepsOf(events)).not.toContainEqual(expect.objectContaining({ step: 'delete_sent', status: 200 }));
    expectProof(events);
  });

  it('I5 begun before a restart goes on after it, while its connection is being taken up again', async () => {
    const kitchen = await startKitchenSink();
    closers.push(() => kitchen.close());
    const first = await overHttp(kitchen.url);
    const { id } = await inState(first, 'working');
    await first.stop();
    const second = await Workplace.open({
      servers: [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }],
      settings: { rules: holdWrites, endingGraceMs: 2_000 },
      folder: first.folder,
    });
    closers.push(() => second.close());
    const before = await second.events(id);
    expect(before.map(({ type }) => type)).toContain('connection.reattaching');
    const events = await end(second, id);
    expectProof(events);
    await kitchen.records.waitFor('delete_received');
    expect(kitchen.sessionIds()).toEqual([]);
  });
});

describe('ending what never answers', () => {
  async function scripted(): Promise<{ place: Workplace; upstream: ScriptedUpstream; clock: MovableClock }> {
    const upstream = new ScriptedUpstream();
    const clock = new MovableClock();
    const http = { kind: 'http' as const, url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null };
    const place = await Workplace.open({
      servers: [
        { name: 'kitchen', transport: http },
        { name: 'pantry', transport: http },
      ],
      settings: { rules: [allowAll], endingGraceMs: 2_000 },
      upstream,
      clock,
    });
    closers.push(() => place.close());
    return { place, upstream, clock };
  }

  it('I10 a connection that never closes is given up after its time, and the session ends with that as proof', async () => {
    const { place, upstream, clock } = await scripted();
    const id = await place.session();
    const call = place.call(id, 'work');
    await place.untilEvent(id, ({ type }) => type === 'call.sent');
    upstream.to().close = () => new Promise(() => undefined);
    must(await place.engine.people.end(admin, id, 'stuck on a lock'));
    expect(must(await call.outcome).outcome).toBe('indeterminate');
    await expect
      .poll(async () => {
        clock.move(1_000);
        return (await place.events(id)).at(-1)?.type;
      })
      .toBe('session.ended');
    const events = await place.events(id);
    expectProof(events);
    expect(stepsOf(events)).toContainEqual(expect.objectContaining({ step: 'close_failed', server: 'kitchen' }));
  });

  it('I10 a connection that throws when it is closed does not keep its session either', async () => {
    const { place, upstream } = await scripted();
    const id = await place.session();
    void place.call(id, 'work');
    await place.untilEvent(id, ({ type }) => type === 'call.sent');
    upstream.to().close = () => Promise.reject(new Error('a bug'));
    const events = await end(place, id);
    expectProof(events);
    expect(events.at(-1)?.type).toBe('session.ended');
  });

  it('I10 the agent is told while another connection of its session is still opening', async () => {
    const { place, upstream, clock } = await scripted();
    const id = await place.session();
    const call = place.call(id, 'work');
    await place.untilEvent(id, ({ type }) => type === 'call.sent');
    upstream.onOpen = () => new Promise(() => undefined);
    void place.call(id, 'pantry/work');
    await place.untilEvent(id, (event) => event.type === 'connection.opening' && event.server === 'pantry');
    must(await place.engine.people.end(admin, id, 'stuck on a lock'));
    // The clock stands still: whoever waits for anything before this waits for ever.
    expect(must(await call.outcome).outcome).toBe('indeterminate');
    expect(stepsOf(await place.events(id)).map(({ step }) => step)).toContain('agent_told');
    await expect
      .poll(async () => {
        clock.move(1_000);
        return (await place.events(id)).at(-1)?.type;
      })
      .toBe('session.ended');
  });
});

describe('ending on stdio', () => {
  async function onStdio(env: Record<string, string>, grace: number): Promise<{ place: Workplace; records: string }> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-ending-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const records = path.join(folder, 'records.jsonl');
    const { command, args, env: usual = {} } = await kitchenSinkOnStdio({ KITCHEN_RECORDS: records, ...env });
    const place = await Workplace.open({
      servers: [
        {
          name: 'kitchen',
          transport: {
            kind: 'stdio',
            command,
            args,
            env: usual,
            cwd: null,
          },
        },
      ],
      settings: { rules: holdWrites, endingGraceMs: grace },
    });
    closers.push(() => place.close());
    return { place, records };
  }

  async function grandchild(place: Workplace, id: SessionId): Promise<number> {
    const outcome = must(await place.call(id, 'spawn_grandchild', { detached: true }).outcome);
    if (outcome.outcome !== 'completed') throw new Error(JSON.stringify(outcome));
    const [first] = outcome.result['content'] as readonly [{ readonly text: string }];
    return (JSON.parse(first.text) as { readonly pid: number }).pid;
  }

  it.each(states)('I10 while %s: no child and no grandchild is left, by the process table', async (state) => {
    const { place, records } = await onStdio({}, 10_000);
    const { id, heard } = await inState(place, state);
    const young = await grandchild(place, id);
    const events = await end(place, id);
    expectProof(events);
    const ended = stepsOf(events).find((step) => step.step === 'process_ended');
    if (ended?.step !== 'process_ended') throw new Error('no proof of the process');
    await expect.poll(() => [ended.pid, young].filter(isAlive)).toEqual([]);
    const written = await readFile(records, 'utf8');
    expect(written).toContain(`"pid":${ended.pid}`);
    expect(written.includes('cancel_received')).toBe(state !== 'idle' && state !== 'held');
    expect(written).not.toContain('"tool":"write"');
    expect((await heard)?.outcome ?? null).not.toBe('completed');
  });

  it('I10 forced in the same breath: no child is left then either', async () => {
    const { place } = await onStdio({ KITCHEN_STUBBORN: '1' }, graceMs);
    const { id } = await inState(place, 'idle');
    must(await place.engine.people.end(admin, id, 'stuck on a lock'));
    must(await place.engine.control.forceEnd(admin, id));
    const ended = stepsOf(await over(place, id)).find((step) => step.step === 'process_ended');
    if (ended?.step !== 'process_ended') throw new Error('no proof of the process');
    await expect.poll(() => isAlive(ended.pid)).toBe(false);
  });

  it('I10 one that ignores the end of its input and SIGTERM is killed when that is forced, with all of its own', async () => {
    const { place } = await onStdio({ KITCHEN_STUBBORN: '1' }, graceMs);
    const { id, heard } = await inState(place, 'working');
    const young = await grandchild(place, id);
    must(await place.engine.people.end(admin, id, 'stuck on a lock'));
    expect((await heard)?.outcome).toBe('indeterminate');
    await place.untilEvent(id, (event) => event.type === 'session.step' && event.detail.step === 'grace');
    must(await place.engine.control.forceEnd(admin, id));
    const events = await over(place, id);
    expectProof(events);
    const ended = stepsOf(events).find((step) => step.step === 'process_ended');
    expect(ended).toMatchObject({ how: 'killed' });
    if (ended?.step !== 'process_ended') throw new Error('no proof of the process');
    await expect.poll(() => [ended.pid, young].filter(isAlive)).toEqual([]);
  });
});
