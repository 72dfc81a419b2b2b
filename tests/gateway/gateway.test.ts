import { originsBehind } from '@/server/auth/origin';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { PersonId } from '@/lib/domain/ids';
import type { Person, Role } from '@/lib/domain/permission';
import { refuse, type Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { Command, CommandOf, CommandType } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Push } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';
import type { Clock } from '@/server/engine/ports/clock';
import type { Directory } from '@/server/engine/ports/directory';
import { createGateway } from '@/server/gateway/gateway';
import type { KeepingPort, ValuesPort } from '@/server/gateway/keeping-commands';
import { Hub } from '@/server/gateway/hub';
import { realClock } from './real-clock';
import { MovableClock, operation, person, silent, Workplace } from '@/tests/engine/workplace';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { rawRefusal } from '@/server/engine/people-desk';
import type { RulesPort } from '@/server/gateway/rule-commands';
import { plainAnswer, ruleOf } from '@/tests/support/desk';
import { watchOpen } from '@/tests/support/looks';
import type { NoticesPort } from '@/server/gateway/notice-commands';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const refused = async (): Promise<Result<never>> => refuse('forbidden');

/** People by their cookie's text; who is not in it is not signed in. */
class FakeDirectory implements Directory {
  readonly signedIn = new Map<string, Person>();
  readonly listeners: ((id: PersonId) => void)[] = [];
  personOf = async (headers: Headers): Promise<Person | null> => this.signedIn.get(headers.get('cookie') ?? '') ?? null;
  agentOf = async (): Promise<null> => null;
  identify = async (): Promise<null> => null;
  personOfToken = async (): Promise<null> => null;
  agents = refused;
  createAgent = refused;
  setAgentOwner = refused;
  revokeAgent = refused;
  people = refused;
  invite = refused;
  withdrawInvitation = refused;
  setRole = refused;
  disable = refused;
  enable = refused;
  resetLink = refused;
  colleagues = refused;
  teams = refused;
  createTeam = refused;
  renameTeam = refused;
  removeTeam = refused;
  setTeamMembers = refused;
  away = refused;
  setAway = refused;
  setAwayOf = refused;
  tokens = refused;
  createToken = refused;
  revokeToken = refused;
  setting = async (): Promise<null> => null;
  saveSetting = refused;
  onPersonChanged = (listener: (id: PersonId) => void): void => void this.listeners.push(listener);
}

/** Who asks for rules here is refused. */
const noRules: RulesPort = {
  read: refused,
  version: refused,
  check: refused,
  save: refused,
  tryOut: refused,
  backtest: refused,
  importFile: refused,
  exportFile: refused,
  choices: refused,
  revoke: refused,
};

const refusedNow = (): Result<never> => refuse('forbidden');

/** Who asks for notifications here is refused. */
const noNotices: NoticesPort = {
  preferences: refusedNow,
  savePreferences: refused,
  teamPreferences: refusedNow,
  saveTeamPreferences: refused,
  endpoints: refusedNow,
  addEndpoint: refused,
  removeEndpoint: refused,
  enableEndpoint: refused,
  sendTest: refused,
  log: refused,
};

class Page {
  readonly pushes: Push[] = [];
  private readonly wakes = new Set<() => void>();

  constructor(readonly socket: Socket) {
    socket.on('push', (push: Push) => {
      this.pushes.push(push);
      for (const wake of this.wakes) wake();
    });
    socket.on('disconnect', () => {
      for (const wake of this.wakes) wake();
    });
  }

  say<T extends CommandType>(command: CommandOf<T>): Promise<Result<ReplyOf[T]>> {
    return new Promise((resolve) => {
      this.socket.emit('command', command, resolve);
    });
  }

  raw(...input: unknown[]): Promise<Result<unknown>> {
    return new Promise((resolve) => {
      this.socket.emit('command', ...input, resolve);
    });
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.wakes.delete(wake);
          resolve();
        };
        this.wakes.add(wake);
      });
    }
  }
}

async function setUp(clock: Clock = realClock) {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  const hub = new Hub(silent);
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: kitchen.url, headers: {}, sign: null } }],
    settings: {
      rules: [ruleOf({ id: 'all', decision: 'allow' })],
    },
    publish: (change) => hub.publish(change),
  });
  closers.push(() => place.close());
  const directory = new FakeDirectory();
  const gateway = createGateway({
    audit: { read: async () => refuse('forbidden'), broken: () => null },
    originOf: originsBehind(0),
    hub,
    clock,
    log: silent,
    origins: ['http://good.example'],
    directory,
    people: place.engine.people,
    control: place.engine.control,
    rules: noRules,
    notices: noNotices,
    keeping: {} as KeepingPort,
    values: {} as ValuesPort,
    routeOf: (id) => place.engine.routeOf(id),
    isRawClosed: (who, summary) => rawRefusal(who, summary) !== null,
    servers: place.servers,
    storageOk: () => place.engine.storageOk(),
  });
  const http: Server = createServer();
  gateway.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closers.push(() => gateway.stop());
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const connect = async (role: Role, name: string, headers: Record<string, string> = {}): Promise<Page> => {
    directory.signedIn.set(`who=${name}`, person(role, name));
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie: `who=${name}`, ...headers },
    });
    closers.push(async () => void socket.disconnect());
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return new Page(socket);
  };
  return { kitchen, place, directory, connect, url };
}

describe('a browser', () => {
  it('I11 is refused when nobody is signed in, and when it comes from another site', async () => {
    const { connect, url } = await setUp();
    const stranger = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
    closers.push(async () => void stranger.disconnect());
    const error = await new Promise<Error>((resolve) => stranger.once('connect_error', resolve));
    expect(error.message).toBe('not_signed_in');
    await expect(connect('admin', 'Mika', { origin: 'http://evil.example' })).rejects.toThrow('websocket error');
    expect((await connect('admin', 'Mika', { origin: 'http://good.example' })).socket.connected).toBe(true);
  });

  it('is asked to reload when it speaks another version', async () => {
    const { connect } = await setUp();
    const page = await connect('approver', 'Ana');
    expect(await page.say({ type: 'hello', version: protocolVersion + 1 })).toMatchObject({
      ok: false,
      code: 'old_page',
    });
    expect(await page.say({ type: 'hello', version: protocolVersion })).toMatchObject({
      ok: true,
      value: { person: { name: 'Ana' }, storageOk: true },
    });
  });

  it('gets words for every command of the wrong shape, and stays connected', async () => {
    const { connect } = await setUp();
    const page = await connect('admin', 'Mika');
    const wrong: readonly unknown[] = [
      null,
      42,
      'hello',
      [],
      {},
      { type: 'no.such.command' },
      { type: 'hello' },
      { type: 'hello', version: 1, more: true },
      { type: 'request.read', requestId: 'req_x' },
      {
        type: 'request.answer',
        requestId: "req_000000000000' OR 1=1",
        operationId: 'op_1',
        revision: 1,
        action: 'accept',
        reason: null,
        content: null,
      },
      {
        type: 'request.answer',
        requestId: 'req_000000000000',
        operationId: 'op_000000000000',
        revision: -1,
        action: 'maybe',
        reason: null,
        content: [],
      },
      { type: 'session.watch', sessionId: { $gt: '' }, afterSeq: 0 },
      { type: 'session.end', sessionId: 'ses_000000000000', reason: '   ' },
      { type: 'session.end', sessionId: 'ses_000000000000', reason: 'x'.repeat(10_000) },
    ];
    for (const input of wrong) {
      const result = await page.raw(input);
      expect({ input, result }).toMatchObject({ result: { ok: false, code: 'bad_input' } });
    }
    page.socket.emit('command', watchOpen);
    page.socket.emit('command');
    expect((await page.say(watchOpen)).ok).toBe(true);
  });

  it('I11 reads an unknown id as not found', async () => {
    const { connect } = await setUp();
    const page = await connect('approver', 'Ana');
    const requestId = 'req_000000000000' as HoldRequest['requestId'];
    const sessionId = 'ses_000000000000' as HoldRequest['sessionId'];
    const commands: readonly Command[] = [
      { type: 'request.read', requestId },
      { type: 'request.claim', requestId },
      { type: 'request.look', requestId, typing: false },
      {
        type: 'request.answer',
        requestId,
        operationId: operation(),
        revision: 1,
        action: 'decline',
        reason: null,
        content: null,
        ...plainAnswer,
      },
      { type: 'session.watch', sessionId, afterSeq: 0 },
      { type: 'session.raw', sessionId, page: { is: 'newest' } },
      { type: 'session.preview_end', sessionId },
      { type: 'session.end', sessionId, reason: 'x' },
    ];
    for (const command of commands) {
      expect({ type: command.type, result: await page.say(command) }).toMatchObject({
        result: { ok: false, code: 'not_found' },
      });
    }
  });

  it('I1 I12 sees a request open, answers it, and another browser hears of it', async () => {
    const { connect, place } = await setUp();
    const ana = await connect('approver', 'Ana');
    const jo = await connect('approver', 'Jo');
    for (const page of [ana, jo])
      expect(await page.say(watchOpen)).toMatchObject({
        ok: true,
        value: { items: [], more: false, counts: { open: 0 }, presence: [] },
      });
    const { outcome } = place.call(await place.session(), 'ask_simple');
    const opened = (page: Page): HoldRequest | undefined =>
      page.pushes.flatMap((push) => (push.type === 'request.changed' ? [push.item.request] : []))[0];
    for (const page of [ana, jo]) await page.until(() => opened(page) !== undefined);
    const request = opened(ana);
    if (request === undefined) throw new Error('no request');
    const order = {
      type: 'request.answer' as const,
      requestId: request.requestId,
      revision: 1,
      action: 'accept' as const,
      reason: null,
      ...plainAnswer,
    };
    const results = await Promise.all([
      ana.say({ ...order, operationId: operation(), content: { value: 'a' } }),
      jo.say({ ...order, operationId: operation(), content: { value: 'b' } }),
    ]);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.find((result) => !result.ok)).toMatchObject({ code: 'already_answered' });
    await outcome;
    for (const page of [ana, jo]) {
      await page.until(() =>
        page.pushes.some((push) => push.type === 'request.changed' && push.item.request.state === 'delivered'),
      );
      const seqs = page.pushes.flatMap((push) => (push.type === 'request.changed' ? [push.seq] : []));
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
  });

  it('I12 takes up a session where it left off, without a gap', async () => {
    const { connect, place } = await setUp();
    const page = await connect('observer', 'Olu');
    const sessionId = await place.session();
    await place.call(sessionId, 'echo', { message: 'one' }).outcome;
    const first = await page.say({ type: 'session.watch', sessionId, afterSeq: 0 });
    if (!first.ok) throw new Error(first.message);
    const known = first.value.events.length;
    expect(first.value.events.map((event) => event.seq)).toEqual(
      Array.from({ length: known }, (_none, index) => index + 1),
    );
    await place.call(sessionId, 'echo', { message: 'two' }).outcome;
    await page.until(() =>
      page.pushes.some(
        (push) => push.type === 'session.events' && push.events.some((event) => event.type === 'call.completed'),
      ),
    );
    const pushed = page.pushes
      .flatMap((push) => (push.type === 'session.events' ? push.events : []))
      .map((event) => event.seq);
    // What was told just before may be heard after the snapshot that has it.
    expect(pushed.filter((seq) => seq > known)[0]).toBe(known + 1);
    expect(pushed).toEqual(pushed.map((_seq, index) => (pushed[0] ?? 0) + index));
    const later = await page.say({ type: 'session.watch', sessionId, afterSeq: known });
    if (!later.ok) throw new Error(later.message);
    expect(later.value.events[0]?.seq).toBe(known + 1);
  });

  it('I11 the role decides at the engine: an observer may look and nothing else', async () => {
    const { connect, place } = await setUp();
    const observer = await connect('observer', 'Olu');
    const sessionId = await place.session();
    void place.call(sessionId, 'ask_simple').outcome;
    const request = await place.opened();
    const { requestId } = request;
    expect(await observer.say({ type: 'request.read', requestId })).toMatchObject({
      ok: true,
      value: { allowed: { answer: { ok: false } } },
    });
    for (const command of [
      { type: 'request.claim', requestId },
      {
        type: 'request.answer',
        requestId,
        operationId: operation(),
        revision: 1,
        action: 'decline',
        reason: null,
        content: null,
        ...plainAnswer,
      },
      { type: 'session.preview_end', sessionId },
      { type: 'session.end', sessionId, reason: 'x' },
      { type: 'servers.list' },
      { type: 'agents.list' },
    ] as const satisfies readonly Command[]) {
      expect({ type: command.type, result: await observer.say(command) }).toMatchObject({
        result: { ok: false, code: 'forbidden' },
      });
    }
  });

  it('I11 a role that changed, and a sign-in that ended, take effect on the open socket at once', async () => {
    const { connect, directory } = await setUp();
    const page = await connect('admin', 'Mika');
    expect((await page.say({ type: 'servers.list' })).ok).toBe(true);
    directory.signedIn.set('who=Mika', person('observer', 'Mika'));
    for (const listener of directory.listeners) listener(person('admin', 'Mika').id);
    await page.until(() =>
      page.pushes.some((push) => push.type === 'person.changed' && push.person?.role === 'observer'),
    );
    expect(await page.say({ type: 'servers.list' })).toMatchObject({ ok: false, code: 'forbidden' });
    directory.signedIn.delete('who=Mika');
    for (const listener of directory.listeners) listener(person('admin', 'Mika').id);
    await page.until(() => !page.socket.connected);
    expect(page.pushes.at(-1)).toEqual({ type: 'person.changed', person: null });
  });

  it('I11 hears nothing more once its sign-in has run out, though it says nothing', async () => {
    const clock = new MovableClock();
    const { connect, directory } = await setUp(clock);
    const page = await connect('approver', 'Ana');
    clock.move(31_000);
    expect(page.socket.connected).toBe(true);
    directory.signedIn.delete('who=Ana');
    clock.move(31_000);
    await page.until(() => !page.socket.connected);
    expect(page.pushes.at(-1)).toEqual({ type: 'person.changed', person: null });
  });

  it('I11 is asked who it is when it speaks, half a minute after it was known, whatever nobody told', async () => {
    const clock = new MovableClock();
    const { connect, directory } = await setUp(clock);
    clock.move(10_000);
    const page = await connect('approver', 'Ana');
    // Those who say nothing are looked at now, and this one was known too lately; they are again in half a minute.
    clock.move(20_000);
    directory.signedIn.delete('who=Ana');
    expect((await page.say({ type: 'queue.counts' })).ok).toBe(true);
    clock.move(11_000);
    // The line is closed before any answer.
    void page.say({ type: 'queue.counts' });
    await page.until(() => !page.socket.connected);
    expect(page.pushes.at(-1)).toEqual({ type: 'person.changed', person: null });
  });

  it('that says more at once than any command needs is cut off, and others go on', async () => {
    const { connect } = await setUp();
    const loud = await connect('approver', 'Ana');
    const calm = await connect('approver', 'Jo');
    const most = 2_000_000;
    const padded = (length: number) => ({ type: 'hello' as const, version: protocolVersion, pad: 'x'.repeat(length) });
    expect(await loud.say(padded(most - 1_000))).toMatchObject({ ok: false, code: 'bad_input' });
    void loud.say(padded(most));
    await loud.until(() => !loud.socket.connected);
    expect((await calm.say({ type: 'hello', version: protocolVersion })).ok).toBe(true);
  });

  it('shows who looks and who types, and forgets them with their socket', async () => {
    const { connect, place } = await setUp();
    const ana = await connect('approver', 'Ana');
    const jo = await connect('approver', 'Jo');
    await jo.say(watchOpen);
    place.call(await place.session(), 'ask_simple');
    const { requestId } = await place.opened();
    await ana.say({ type: 'request.look', requestId, typing: true });
    const looking = (): string => {
      const last = jo.pushes.findLast((push) => push.type === 'presence.changed');
      return last?.type === 'presence.changed'
        ? last.entry.people.map((each) => `${each.name}${each.typing ? ' types' : ''}`).join()
        : 'none';
    };
    await jo.until(() => looking() === 'Ana types');
    ana.socket.disconnect();
    await jo.until(() => looking() === '');
    expect(jo.pushes.filter((push) => push.type === 'presence.changed')).toHaveLength(2);
  });

  it('is slowed down when it floods, and others are not', async () => {
    const { connect } = await setUp();
    const loud = await connect('approver', 'Ana');
    const calm = await connect('approver', 'Jo');
    const results = await Promise.all(
      Array.from({ length: 300 }, () => loud.say({ type: 'hello', version: protocolVersion })),
    );
    expect(results.some((result) => !result.ok && result.code === 'too_many')).toBe(true);
    expect((await calm.say({ type: 'hello', version: protocolVersion })).ok).toBe(true);
  });
});
