import { afterEach, describe, expect, it } from 'vitest';
import type { TeamId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { HoldRequest } from '@/lib/domain/request';
import type { Clock } from '@/server/engine/ports/clock';
import type { Models } from '@/server/engine/ports/models';
import type { Store } from '@/server/engine/ports/store';
import { ruleOf, TestPolicy, TestRoster } from '@/tests/support/desk';
import type { Json } from '@/lib/domain/json';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { ScriptedUpstream } from './scripted-upstream';
import { must, person, Workplace, type WorkplaceOptions } from './workplace';

const payments = 'payments' as TeamId;
const leads = 'leads' as TeamId;
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const ana: Person = { ...person('approver', 'Ana Ruiz'), teams: [payments] };
const jo: Person = { ...person('approver', 'Jo Wu'), teams: [payments] };
const kim: Person = { ...person('approver', 'Kim Ode'), teams: [leads] };

interface Desk {
  readonly kitchen: KitchenSink;
  readonly place: Workplace;
  readonly roster: TestRoster;
}

async function kitchenOf(): Promise<KitchenSink> {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  return kitchen;
}

function serversOf(kitchen: KitchenSink): WorkplaceOptions['servers'] {
  return [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }];
}

async function setUp(rules: readonly PolicyRule[], options: Partial<WorkplaceOptions> = {}): Promise<Desk> {
  const kitchen = await kitchenOf();
  const roster = new TestRoster([ana, jo, kim]);
  roster.addTeam('payments', 'Payments');
  roster.addTeam('leads', 'Leads');
  const place = await Workplace.open({
    servers: serversOf(kitchen),
    policy: new TestPolicy(rules),
    roster,
    ...options,
  });
  open.push(place);
  return { kitchen, place, roster };
}

const call = { key: 'a', note: '1' };

describe('starting again', () => {
  it('I5 a model’s question that went with its connection does not keep Holdpoint from starting', async () => {
    const kitchen = await kitchenOf();
    const policy = new TestPolicy([ruleOf({ id: 'all', decision: 'allow', sampling: 'model' })]);
    const models: Models = { names: ['m'], write: () => new Promise(() => undefined) };
    const first = await Workplace.open({ servers: serversOf(kitchen), policy, models });
    const { received } = first.call(await first.session(), 'sample');
    const asked = await first.opened(({ writer }) => writer === 'model');
    const callId = await received;
    await first.stop();
    // It is reached in another way from now on, so the connection cannot be taken up.
    const command = { kind: 'stdio' as const, command: 'true', args: [], env: {}, cwd: null };
    const again = await Workplace.open({
      servers: [{ name: 'kitchen', transport: command }],
      policy,
      models,
      folder: first.folder,
    });
    open.push(again);
    expect(await again.store.request(asked.requestId)).toMatchObject({ state: 'withdrawn' });
    expect((await again.store.call(callId))?.call.state).not.toBe('waiting');
  });
});

describe('an edit that brings other people', () => {
  const rules = [
    ruleOf({
      id: 'large',
      when: 'args.note == "big"',
      hold: { team: payments, editable: ['/note'], approvals: [{ count: 1, role: null, team: null }] },
    }),
    ruleOf({ id: 'small', tool: 'write', hold: { team: leads, editable: ['/note'] } }),
  ];

  it('I6 I11 is not decided by who had the request before', async () => {
    const { kitchen, place } = await setUp(rules);
    void place.call(await place.session(), 'write', call);
    const { requestId } = await place.opened();
    const { people } = place.engine;
    const own = must(await people.assign(kim, requestId, kim.id));
    must(await people.claim(kim, requestId));
    const { revision } = own;
    const edited = must(await people.edit(kim, { requestId, revision, arguments: { key: 'a', note: 'big' } }));
    expect(edited).toMatchObject({ team: { id: 'payments' }, assignedTo: null, claim: null });
    expect(await place.answer(edited, 'accept', { person: kim })).toMatchObject({ ok: false, code: 'not_found' });
    expect(kitchen.records.executions('write')).toEqual([]);
    expect(must(await place.answer(edited, 'accept', { person: ana })).state).not.toBe('open');
  });
});

describe('who is disabled', () => {
  const two = [ruleOf({ id: 'two', tool: 'write', hold: { approvals: [{ count: 2, role: null, team: null }] } })];

  it('I11 does nothing more, though a page of theirs was not told yet', async () => {
    const { kitchen, place, roster } = await setUp(two);
    void place.call(await place.session(), 'write', call);
    const request = await place.opened();
    const { requestId } = request;
    must(await place.answer(request, 'accept', { person: ana }));
    roster.remove(jo.id);
    const gone = { ok: false, code: 'not_found' };
    const { people } = place.engine;
    expect(await place.answer(request, 'accept', { person: jo })).toMatchObject(gone);
    expect(await people.claim(jo, requestId)).toMatchObject(gone);
    expect(await people.note(jo, { requestId, text: 'x', mentions: [] })).toMatchObject(gone);
    expect(await place.store.request(requestId)).toMatchObject({
      state: 'open',
      votes: [{ by: { name: 'Ana Ruiz' } }],
    });
    expect(kitchen.records.executions('write')).toEqual([]);
  });

  it('I6 I11 does not vote when it happens while their answer is being read', async () => {
    const reading = slowTool();
    const { place, roster } = await setUp([ruleOf({ id: 'one', tool: 'write' })], { before: reading.before });
    void place.call(await place.session(), 'write', call);
    const request = await place.opened();
    const begun = reading.next();
    const remember = { for: '15min', fields: [] } as const;
    const answered = place.answer(request, 'accept', { person: ana, remember });
    const go = await begun;
    roster.remove(ana.id);
    go();
    expect(await answered).toMatchObject({ ok: false, code: 'not_found' });
  });
});

/** The store, with the next read of a tool's definition held up. */
function slowTool(): { readonly before: (store: Store) => Store; readonly next: () => Promise<() => void> } {
  let arrived: ((go: () => void) => void) | null = null;
  const before = (store: Store): Store =>
    new Proxy(store, {
      get(target, name): unknown {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name !== 'payload') return member.bind(target) as unknown;
        return async (...given: Parameters<Store['payload']>) => {
          const tell = arrived;
          if (tell !== null && given[1] === 'tool') {
            arrived = null;
            await new Promise<void>((resolve) => tell(resolve));
          }
          return target.payload(...given);
        };
      },
    });
  return {
    before,
    next: () =>
      new Promise((resolve) => {
        arrived = resolve;
      }),
  };
}

/** A wall clock beside the one that timers go by, as a machine has that was asleep or set anew. */
class TwoClocks implements Clock {
  private aheadMs = 0;
  private passedMs = 0;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return 1_764_000_000_000 + this.aheadMs + this.passedMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.passedMs + delayMs, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  jump(ms: number): void {
    this.aheadMs += ms;
  }

  pass(ms: number): void {
    this.passedMs += ms;
    for (const timer of [...this.timers].sort((a, b) => a.at - b.at))
      if (timer.at <= this.passedMs && this.timers.delete(timer)) timer.run();
  }
}

describe('a clock that jumps', () => {
  it('I7 ends a request that is due within a minute of the jump, not after the time that was left before it', async () => {
    const clock = new TwoClocks();
    const rules = [ruleOf({ id: 'held', tool: 'write', deadlineMs: 3_600_000 })];
    const { place } = await setUp(rules, { clock });
    const { outcome } = place.call(await place.session(), 'write', call);
    const { requestId } = await place.opened();
    clock.jump(4_000_000);
    clock.pass(60_000);
    await place.until(requestId, ({ state }: HoldRequest) => state === 'expired');
    expect(must(await outcome)).toMatchObject({ outcome: 'expired' });
  });
});

describe('a hostile server', () => {
  async function working(): Promise<{
    readonly place: Workplace;
    readonly upstream: ScriptedUpstream;
    readonly rpcId: string;
  }> {
    const upstream = new ScriptedUpstream();
    const place = await Workplace.open({
      servers: [
        { name: 'kitchen', transport: { kind: 'http', url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null } },
      ],
      policy: new TestPolicy([ruleOf({ id: 'all', decision: 'allow' })]),
      upstream,
      settings: {
        limits: { sessionsPerAgent: 10, openCallsPerSession: 10, requestsPerSecond: 10_000, argumentsBytes: 1_000_000 },
      },
    });
    open.push(place);
    const sent = new Promise<string>((resolve) => {
      upstream.onConnection = (connection) => {
        connection.onCall = async ({ rpcId }) => {
          resolve(rpcId);
          return { ok: true, status: 200 };
        };
      };
    });
    void place.call(await place.session(), 'work');
    return { place, upstream, rpcId: await sent };
  }

  it('cannot fill the queue: beyond a number of open questions it hears an error', async () => {
    const { place, upstream, rpcId } = await working();
    const server = upstream.to();
    for (let index = 0; index < 100; index += 1) await server.ask(`q${index}`, rpcId);
    expect(must(await place.engine.people.queueCounts(person('admin'))).open).toBe(20);
    expect(server.answers).toHaveLength(80);
    expect(server.answers[0]).toMatchObject({ error: { message: expect.stringContaining('20') } });
    // One that is answered makes room for another.
    const request = await place.opened();
    must(await place.answer(request, 'decline', { person: person('admin') }));
    await server.ask('later', rpcId);
    expect(must(await place.engine.people.queueCounts(person('admin'))).open).toBe(20);
  });

  it('is refused a question that nests without end, and its call goes on', async () => {
    const { place, upstream, rpcId } = await working();
    const server = upstream.to();
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as Json;
    await server.ask('deep', rpcId, { requestedSchema: { type: 'object', properties: {}, more: deep } });
    expect(server.answers).toMatchObject([{ rpcId: 'deep', error: { message: expect.stringContaining('deeper') } }]);
    expect(must(await place.engine.people.queueCounts(person('admin'))).open).toBe(0);
    await server.ask('plain', rpcId);
    expect((await place.opened()).title).toBe('Which one?');
  });
});
