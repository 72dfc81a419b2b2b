import { refuse } from '@/lib/domain/refusal';
import { protocolVersion } from '@/lib/protocol/version';
import { originsBehind } from '@/server/auth/origin';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { PersonId, TeamId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { CommandOf, CommandType } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Push } from '@/lib/protocol/pushes';
import type { Directory } from '@/server/engine/ports/directory';
import { rawRefusal } from '@/server/engine/people-desk';
import { createGateway } from '@/server/gateway/gateway';
import type { KeepingPort, ValuesPort } from '@/server/gateway/keeping-commands';
import { Hub } from '@/server/gateway/hub';
import type { NoticesPort } from '@/server/gateway/notice-commands';
import type { RulesPort } from '@/server/gateway/rule-commands';
import { must, operation, person, silent, Workplace } from '@/tests/engine/workplace';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { plainAnswer, ruleOf, TestPolicy, TestRoster } from '@/tests/support/desk';
import { watchOpen } from '@/tests/support/looks';
import { startTcpProxy } from '@/tests/support/tcp-proxy';
import { realClock } from './real-clock';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const payments = 'payments' as TeamId;
const leads = 'leads' as TeamId;
const mei: Person = person('admin', 'Mei');
const ana: Person = { ...person('approver', 'Ana'), teams: [payments] };
const kim: Person = { ...person('approver', 'Kim'), teams: [leads] };
const ola: Person = person('observer', 'Ola');

/** What a browser hears, in order. */
class Page {
  readonly pushes: Push[] = [];
  #wake: () => void = () => undefined;

  constructor(readonly socket: Socket) {
    socket.on('push', (push: Push) => {
      this.pushes.push(push);
      this.#wake();
    });
  }

  say<T extends CommandType>(command: CommandOf<T>): Promise<Result<ReplyOf[T]>> {
    return new Promise((resolve) => {
      this.socket.emit('command', command, resolve);
    });
  }

  async until(done: () => boolean): Promise<void> {
    while (!done())
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }

  /** Everything that was said to it before this is behind it. */
  async settle(): Promise<void> {
    await this.say({ type: 'queue.counts' });
  }

  of<T extends Push['type']>(type: T): readonly Extract<Push, { type: T }>[] {
    return this.pushes.filter((push): push is Extract<Push, { type: T }> => push.type === type);
  }
}

async function setUp(rules: Parameters<typeof ruleOf>[0][]) {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  const network = await startTcpProxy(kitchen.url);
  closers.push(() => network.close());
  const hub = new Hub(silent);
  const roster = new TestRoster([mei, ana, kim, ola]);
  roster.addTeam('payments', 'Payments');
  roster.addTeam('leads', 'Leads');
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: network.url, headers: {}, sign: null } }],
    policy: new TestPolicy(rules.map((rule) => ruleOf(rule))),
    roster,
    publish: (change) => hub.publish(change),
  });
  closers.push(() => place.close());
  const signedIn = new Map<string, Person>();
  const listeners: ((id: PersonId) => void)[] = [];
  const directory = {
    personOf: async (headers: Headers) => signedIn.get(headers.get('cookie') ?? '') ?? null,
    onPersonChanged: (listener: (id: PersonId) => void) => void listeners.push(listener),
  } as unknown as Directory;
  const gateway = createGateway({
    audit: { read: async () => refuse('forbidden'), broken: () => null },
    originOf: originsBehind(0),
    hub,
    clock: realClock,
    log: silent,
    origins: [],
    directory,
    people: place.engine.people,
    control: place.engine.control,
    // Nothing here says a command of theirs.
    rules: {} as RulesPort,
    notices: {} as NoticesPort,
    keeping: {} as KeepingPort,
    values: {} as ValuesPort,
    routeOf: (id) => place.engine.routeOf(id),
    isRawClosed: (who, summary) => rawRefusal(who, summary) !== null,
    servers: place.servers,
    storageOk: () => true,
  });
  const http: Server = createServer();
  gateway.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closers.push(() => gateway.stop());
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const connect = async (who: Person): Promise<Page> => {
    signedIn.set(`who=${who.name}`, who);
    const cookie = `who=${who.name}`;
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie, 'user-agent': 'holdpoint-test-client' },
    });
    closers.push(async () => void socket.disconnect());
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const page = new Page(socket);
    must(await page.say(watchOpen));
    return page;
  };
  /** Who they are from now on, as an admin or a sign-in elsewhere makes them. */
  const become = (who: Person): void => {
    signedIn.set(`who=${who.name}`, who);
    roster.put(who);
    for (const listener of listeners) listener(who.id);
  };
  return { place, connect, network, become };
}

const ofPayments = { id: 'payments', tool: 'write', hold: { team: payments, editable: ['/note'] } };
const call = { key: 'a', note: 'small' };

describe('from where people act', () => {
  it('is in the audit log, and in nothing that any page hears or that is in the session’s log (I14, I15)', async () => {
    const { place, connect } = await setUp([ofPayments]);
    const pages = await Promise.all([mei, ana].map(connect));
    const [admin, own] = pages as [Page, Page];
    const hello = must(await own.say({ type: 'hello', version: protocolVersion }));
    expect(hello.person).toEqual(ana);
    const sessionId = await place.session();
    void place.call(sessionId, 'write', call);
    const { requestId, revision } = await place.opened();
    must(await own.say({ type: 'request.look', requestId, typing: true }));
    const order = { requestId, revision, operationId: operation(), action: 'decline', reason: 'No.' } as const;
    must(await own.say({ type: 'request.answer', content: null, ...plainAnswer, ...order }));
    await admin.until(() => admin.of('request.changed').some(({ item }) => item.request.state !== 'open'));
    const [answered, ...more] = (await place.acts()).filter(({ act }) => act === 'request.answered');
    expect(more).toEqual([]);
    const from = { address: '127.0.0.1', by: 'browser', client: 'holdpoint-test-client' };
    expect(answered).toMatchObject({ actor: { id: ana.id }, from, why: 'No.', about: { id: requestId } });
    expect(answered?.facts).toMatchObject({ session: sessionId, action: 'decline', kind: 'approval' });
    const heard = JSON.stringify([admin.pushes, own.pushes, hello, await place.events(sessionId)]);
    expect(heard).toContain(requestId);
    expect(heard).not.toContain('127.0.0.1');
    expect(heard).not.toContain('holdpoint-test-client');
  });
});

describe('what a page hears of requests', () => {
  it('I11 is only what is its person’s to see, however it changes', async () => {
    const { place, connect } = await setUp([ofPayments]);
    const pages = await Promise.all([mei, ana, kim, ola].map(connect));
    const [admin, own, other, observer] = pages as [Page, Page, Page, Page];
    void place.call(await place.session(), 'write', call);
    const { requestId, revision } = await place.opened();
    must(await own.say({ type: 'request.claim', requestId }));
    must(
      await own.say({
        type: 'request.answer',
        requestId,
        operationId: operation(),
        revision,
        action: 'decline',
        reason: 'No.',
        content: null,
        ...plainAnswer,
      }),
    );
    for (const page of [admin, own])
      await page.until(() => page.of('request.changed').some(({ item }) => item.request.state !== 'open'));
    for (const page of [other, observer]) {
      await page.settle();
      expect(page.of('request.changed')).toEqual([]);
      expect(page.of('request.gone')).toEqual([]);
      expect(JSON.stringify(page.pushes.filter(({ type }) => type.startsWith('request.')))).not.toContain(requestId);
    }
  });

  it('I5 I11 that its server went away and came back is told to those whose it is, and to nobody else', async () => {
    const { place, connect, network } = await setUp([ofPayments]);
    const pages = await Promise.all([mei, ana, kim, ola].map(connect));
    const [admin, own, other, observer] = pages as [Page, Page, Page, Page];
    void place.call(await place.session(), 'write', call);
    const { requestId } = await place.opened();
    const isTold = (page: Page, state: string | null): boolean =>
      page
        .of('request.changed')
        .some(({ item, seq }) => seq > item.request.seq && (item.away?.state ?? null) === state);
    network.cut();
    for (const page of [admin, own]) await page.until(() => isTold(page, 'reattaching'));
    const listed = must(await own.say(watchOpen));
    expect(listed.items).toMatchObject([{ request: { requestId }, away: { server: 'kitchen', state: 'reattaching' } }]);
    network.restore();
    for (const page of [admin, own]) await page.until(() => isTold(page, null));
    for (const page of [other, observer]) {
      await page.settle();
      expect(page.of('request.changed')).toEqual([]);
      expect(page.of('request.gone')).toEqual([]);
    }
    expect(must(await other.say(watchOpen)).items).toEqual([]);
  });

  it('I11 I12 says that a request is gone to who saw it before, and no more than that', async () => {
    const rules = [{ id: 'large', when: 'args.note == "big"', hold: { team: payments } }];
    const { place, connect } = await setUp([
      ...rules,
      { ...ofPayments, id: 'small', hold: { team: leads, editable: ['/note'] } },
    ]);
    const [own, other, observer] = (await Promise.all([ana, kim, ola].map(connect))) as [Page, Page, Page];
    void place.call(await place.session(), 'write', call);
    const { requestId, revision } = await place.opened();
    await other.until(() => other.of('request.changed').length > 0);
    expect(own.of('request.changed')).toEqual([]);
    const edited = { type: 'request.edit', requestId, revision, arguments: { key: 'a', note: 'big' } } as const;
    must(await other.say(edited));
    await other.until(() => other.of('request.gone').length > 0);
    const [gone] = other.of('request.gone');
    expect(gone).toEqual({ type: 'request.gone', seq: expect.any(Number), requestId });
    expect(gone?.seq).toBeGreaterThan(other.of('request.changed').at(-1)?.seq ?? 0);
    await own.until(() => own.of('request.changed').length > 0);
    expect(own.of('request.changed').at(-1)).toMatchObject({
      item: { request: { requestId, team: { id: 'payments' } } },
    });
    await observer.settle();
    expect([...observer.of('request.changed'), ...observer.of('request.gone')]).toEqual([]);
    expect(await other.say({ type: 'request.read', requestId })).toMatchObject({ ok: false, code: 'not_found' });
  });
});

describe('who looks at what', () => {
  it('I11 is told to those alone whose request it is, in pushes and in what a page begins with', async () => {
    const { place, connect } = await setUp([ofPayments]);
    const [admin, own, other] = (await Promise.all([mei, ana, kim].map(connect))) as [Page, Page, Page];
    void place.call(await place.session(), 'write', call);
    const { requestId } = await place.opened();
    expect(await other.say({ type: 'request.look', requestId, typing: true })).toMatchObject({
      ok: false,
      code: 'not_found',
    });
    must(await own.say({ type: 'request.look', requestId, typing: true }));
    await admin.until(() => admin.of('presence.changed').length > 0);
    expect(admin.of('presence.changed')).toEqual([
      { type: 'presence.changed', entry: { requestId, people: [{ id: ana.id, name: 'Ana', typing: true }] } },
    ]);
    await other.settle();
    expect(other.of('presence.changed')).toEqual([]);
    expect(must(await other.say(watchOpen)).presence).toEqual([]);
    expect(must(await admin.say(watchOpen)).presence).toHaveLength(1);
  });
});

describe('raw messages', () => {
  it('I11 stop for who is not of the team, from the moment a session begins to ask one', async () => {
    const { place, connect } = await setUp([ofPayments, { id: 'rest', decision: 'allow' }]);
    const [own, other] = (await Promise.all([ana, kim].map(connect))) as [Page, Page];
    const session = await place.session();
    must(await place.call(session, 'write_idempotent', { key: 'b', note: 'open' }).outcome);
    for (const page of [own, other])
      must(await page.say({ type: 'session.raw', sessionId: session, page: { is: 'newest' } }));
    must(await place.call(session, 'write_idempotent', { key: 'c', note: 'open' }).outcome);
    await other.until(() => other.of('session.raw').length > 0);
    void place.call(session, 'write', { key: 'secret', note: 'small' });
    const request = await place.opened();
    const before = other.of('session.raw').length;
    must(await place.answer(request, 'accept', { person: ana }));
    const isSent = (page: Page): boolean => JSON.stringify(page.of('session.raw')).includes('"secret"');
    await own.until(() => isSent(own));
    await other.settle();
    expect(other.of('session.raw')).toHaveLength(before);
    expect(isSent(other)).toBe(false);
    expect(await other.say({ type: 'session.raw', sessionId: session, page: { is: 'newest' } })).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
  });

  it('I11 stop for who is taken out of the team, although nothing happens in the session', async () => {
    const { place, connect, become } = await setUp([ofPayments]);
    const [admin, own] = (await Promise.all([mei, ana].map(connect))) as [Page, Page];
    const session = await place.session();
    void place.call(session, 'write', { key: 'd', note: 'small' });
    await place.opened();
    for (const page of [admin, own])
      must(await page.say({ type: 'session.raw', sessionId: session, page: { is: 'newest' } }));
    become({ ...ana, teams: [] });
    await own.until(() => own.of('person.changed').length > 0);
    // A message that no event comes with.
    place.engine.agents.traffic(session, { direction: 'in', message: { jsonrpc: '2.0', id: 'later', method: 'ping' } });
    const isHeard = (page: Page): boolean => JSON.stringify(page.of('session.raw')).includes('"later"');
    await admin.until(() => isHeard(admin));
    await own.settle();
    expect(isHeard(own)).toBe(false);
  });

  it('I11 go on for who became something else and may hear them still', async () => {
    const { place, connect, become } = await setUp([ofPayments]);
    const own = await connect(ana);
    const session = await place.session();
    void place.call(session, 'write', { key: 'e', note: 'small' });
    await place.opened();
    must(await own.say({ type: 'session.raw', sessionId: session, page: { is: 'newest' } }));
    become({ ...ana, teams: [payments, leads] });
    await own.until(() => own.of('person.changed').length > 0);
    place.engine.agents.traffic(session, { direction: 'in', message: { jsonrpc: '2.0', id: 'later', method: 'ping' } });
    const isHeard = (): boolean => JSON.stringify(own.of('session.raw')).includes('"later"');
    await own.until(isHeard);
    expect(isHeard()).toBe(true);
  });
});
