import { readdir, readFile } from 'node:fs/promises';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import type { ServerOrder } from '@/lib/domain/server';
import { commandSchema } from '@/lib/protocol/commands';
import type { Log } from '@/server/engine/ports/log';
import { openStore } from '@/server/store/open-store';
import { type ChangingServer, reader, schema, startChangingServer } from '@/tests/servers/changing';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { ruleOf, TestRoster } from '@/tests/support/desk';
import { must, person, silent, Workplace, type WorkplaceOptions } from './workplace';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const admin = person('admin');
const secret = 'Bearer sesame-9f8e7d6c5b4a';
const querySecret = 'query-1a2b3c4d5e6f';

async function openPlace(more: Partial<WorkplaceOptions> = {}): Promise<Workplace> {
  const place = await Workplace.open({ servers: [], ...more });
  closing.push(() => place.close());
  return place;
}

async function changing(...names: readonly string[]): Promise<ChangingServer> {
  const server = await startChangingServer(
    names.map((name) => reader(name)),
    { authorization: secret },
  );
  closing.push(() => server.close());
  return server;
}

function orderFor(url: string | null, more: Partial<ServerOrder> = {}): ServerOrder {
  return {
    name: 'mail',
    target: { kind: 'url', url },
    headers: [{ name: 'Authorization', value: secret }],
    trusted: true,
    repeatable: [],
    limits: { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null },
    ...more,
  };
}

function listeningLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const say = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say, info: say, warn: say, error: say, child: () => log };
  return { log, lines };
}

/** Every byte of the database and what lies beside it. */
async function bytesOf(folder: string): Promise<string> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'latin1')));
  return texts.join('\n');
}

describe('a server added in the browser', () => {
  it('is used at once, kept over a restart, changed, and removed; each is on record', async () => {
    const server = await changing('send');
    const place = await openPlace();
    must(await place.servers.add(admin, orderFor(server.url)));
    const session = await place.session();
    expect(must(await place.call(session, 'mail/send').outcome)).toMatchObject({ outcome: 'completed' });
    await place.stop();
    const again = await Workplace.open({ servers: [], folder: place.folder });
    closing.push(() => again.stop());
    const { settings } = must(await again.servers.read(admin, 'mail'));
    expect(settings).toMatchObject({ revision: 1, headers: ['Authorization'], unusable: null });
    must(await again.call(await again.session(), 'mail/send').outcome);
    const kept = orderFor(null, { headers: [{ name: 'authorization', value: null }], trusted: false });
    must(await again.servers.change(admin, kept, 1));
    expect(await again.servers.change(admin, kept, 1)).toMatchObject({ ok: false, code: 'stale_revision' });
    must(await again.servers.test(admin, { name: 'mail' }));
    must(await again.servers.remove(admin, 'mail', 2));
    const acts = (await again.acts()).map(({ act }) => act).filter((act) => act.startsWith('server.'));
    expect(acts).toEqual(['server.added', 'server.changed', 'server.removed']);
  });

  it('is not in force when what the audit log keeps of it could not be written (I15)', async () => {
    const server = await changing('send');
    const place = await openPlace();
    const beside = await openStore({ databaseUrl: `sqlite:${path.join(place.folder, 'holdpoint.db')}`, log: silent });
    if (!beside.ok) throw new Error(beside.message);
    closing.push(() => beside.store.close());
    for (const table of ['hp_audit', 'hp_audit_due'])
      await sql`create trigger ${sql.ref(`full_${table}`)} before insert on ${sql.table(table)}
        begin select raise(abort, 'no room'); end`.execute(beside.db);
    expect(await place.servers.add(admin, orderFor(server.url))).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(must(await place.servers.list(admin)).servers.map(({ name }) => name)).not.toContain('mail');
  });

  it('I2 is added, changed and removed when it was saved and only that was not heard', async () => {
    const server = await changing('send');
    const place = await openPlace();
    place.loseNextCommit();
    must(await place.servers.add(admin, orderFor(server.url)));
    must(await place.call(await place.session(), 'mail/send').outcome);
    place.loseNextCommit();
    must(await place.servers.change(admin, orderFor(server.url, { trusted: false }), 1));
    expect(must(await place.servers.read(admin, 'mail')).settings).toMatchObject({ revision: 2, trusted: false });
    place.loseNextCommit();
    must(await place.servers.remove(admin, 'mail', 2));
    const acts = (await place.acts()).map(({ act }) => act).filter((act) => act.startsWith('server.'));
    expect(acts).toEqual(['server.added', 'server.changed', 'server.removed']);
  });

  it('I2 goes with what is kept of its tools, or stays whole, in this life and the next', async () => {
    const server = await changing('send');
    const place = await openPlace();
    must(await place.servers.add(admin, orderFor(server.url)));
    must(await place.call(await place.session(), 'mail/send').outcome);
    await sql`create trigger stay before delete on hp_tool_definition
      begin select raise(abort, 'away'); end`.execute(place.db);
    expect(await place.servers.remove(admin, 'mail', 1)).toMatchObject({ ok: false, code: 'cannot_save' });
    expect(must(await place.servers.read(admin, 'mail')).tools).toMatchObject([{ tool: 'send' }]);
    await place.stop();
    const again = await Workplace.open({ servers: [], folder: place.folder });
    closing.push(() => again.stop());
    expect(must(await again.servers.read(admin, 'mail')).tools).toMatchObject([{ tool: 'send' }]);
    await sql`drop trigger stay`.execute(again.db);
    must(await again.servers.remove(admin, 'mail', 1));
    expect(must(await again.servers.add(admin, orderFor(server.url))).revision).toBe(1);
    expect(must(await again.servers.read(admin, 'mail')).tools).toEqual([]);
  });

  it('I14: what is only written is in no reply, no log, no event and not in the files of the database', async () => {
    const server = await changing('send');
    const { log, lines } = listeningLog();
    const place = await openPlace({ log });
    const url = `${server.url}?key=${querySecret}`;
    const replies: unknown[] = [
      await place.servers.test(admin, { order: orderFor(url) }),
      await place.servers.add(admin, orderFor(url)),
      await place.servers.list(admin),
    ];
    const session = await place.session();
    must(await place.call(session, 'mail/send').outcome);
    replies.push(await place.servers.read(admin, 'mail'), await place.events(session), await place.acts());
    replies.push(await place.servers.add(admin, orderFor(url)), await place.servers.test(admin, { name: 'mail' }));
    replies.push(await place.servers.change(admin, orderFor('not a url'), 1));
    const everything = `${JSON.stringify(replies)}\n${lines.join('\n')}\n${await bytesOf(place.folder)}`;
    for (const hidden of [secret, secret.slice('Bearer '.length), querySecret])
      expect(everything).not.toContain(hidden);
    // The search itself finds what is there.
    expect(everything).toContain('Authorization');
  });

  it('whose address moves to another host does not take the old values of its headers along', async () => {
    const [server, thief] = [await changing('send'), await changing('send')];
    const place = await openPlace();
    must(await place.servers.add(admin, orderFor(server.url)));
    const moved = orderFor(thief.url, { headers: [{ name: 'Authorization', value: null }] });
    expect(await place.servers.change(admin, moved, 1)).toMatchObject({ ok: false, code: 'bad_input' });
    expect(await place.servers.test(admin, { order: moved })).toMatchObject({ ok: false, code: 'bad_input' });
    expect(must(await place.servers.read(admin, 'mail')).settings?.revision).toBe(1);
  });

  it('cannot have a name that is taken, nor change one of the file', async () => {
    const server = await changing('send');
    const transport = { kind: 'http', url: server.url, headers: {}, sign: null } as const;
    const place = await openPlace({ servers: [{ name: 'kitchen', transport }] });
    for (const name of ['kitchen', 'KITCHEN'])
      expect(await place.servers.add(admin, orderFor(server.url, { name }))).toMatchObject({ code: 'bad_input' });
    expect(await place.servers.remove(admin, 'kitchen', 1)).toMatchObject({ code: 'not_allowed_now' });
    expect(await place.servers.add(admin, orderFor(server.url, { name: 'a__b' }))).toMatchObject({ code: 'bad_input' });
    expect(must(await place.servers.list(admin)).servers.map(({ name }) => name)).toEqual(['kitchen']);
  });

  it('that is removed while a call runs lets that go on, says so, takes no new ones, and not what waits for approval', async () => {
    const kitchen = await startKitchenSink();
    closing.push(() => kitchen.close());
    const rules = [ruleOf({ id: 'ask', tool: 'echo' }), ruleOf({ id: 'rest', decision: 'allow' })];
    const place = await openPlace({ settings: { rules } });
    must(await place.servers.add(admin, orderFor(kitchen.url, { headers: [] })));
    const session = await place.session();
    const running = place.call(session, 'mail/ask_simple');
    const question = await place.opened(({ kind }) => kind === 'form');
    const held = place.call(session, 'mail/echo', { message: 'x' });
    const approval = await place.opened(({ kind }) => kind === 'approval');
    must(await place.servers.remove(admin, 'mail', 1));
    const { servers } = must(await place.servers.list(admin));
    expect(servers).toMatchObject([{ name: 'mail', state: 'removed', liveConnections: 1 }]);
    expect(await place.call(session, 'mail/echo', { message: 'y' }).outcome).toMatchObject({ ok: false });
    must(await place.answer(approval, 'accept'));
    expect(must(await held.outcome)).toMatchObject({ outcome: 'failed' });
    must(await place.answer(question, 'decline', { reason: 'no' }));
    expect(must(await running.outcome)).toMatchObject({ outcome: 'completed' });
  });

  it.each([
    'http://169.254.169.254/mcp',
    'http://[::ffff:169.254.169.254]/mcp',
    'http://[64:ff9b::a9fe:a9fe]/mcp',
    'http://0xa9fea9fe/mcp',
    'http://[fe80::1]/mcp',
    'http://[fd00:ec2::254]/mcp',
    'http://100.100.100.200/mcp',
    'http://0.0.0.0:80/mcp',
    'http://224.0.0.1/mcp',
  ])('is never looked for at %s', async (url) => {
    const place = await openPlace();
    expect(must(await place.servers.test(admin, { order: orderFor(url) }))).toMatchObject({
      ok: false,
      failure: 'address',
    });
  });
});

describe('no program is started from a browser', () => {
  const stdio = { name: 'evil', command: 'sh', args: ['-c', 'touch /tmp/owned'] };
  const order = orderFor('http://127.0.0.1:1/mcp');

  it.each([
    { ...order, ...stdio },
    { ...order, target: { kind: 'stdio', ...stdio } },
    { ...order, target: { kind: 'command', ...stdio } },
    { ...order, target: { kind: 'url', url: 'http://127.0.0.1:1/mcp', command: 'sh' } },
    { ...order, command: 'sh' },
    { ...order, transport: { kind: 'stdio', ...stdio } },
  ])('the wire refuses %j', (server) => {
    for (const command of [
      { type: 'servers.add', server },
      { type: 'servers.change', server, revision: 1 },
      { type: 'servers.test', of: { order: server } },
    ])
      expect(commandSchema.safeParse(command).success).toBe(false);
  });

  it.each(['stdio:///bin/sh', 'file:///bin/sh', 'javascript:1', 'http://a b', '${PATH}', 'data:,x', 'ws://a/'])(
    'an address that is none of HTTP is refused: %s',
    async (url) => {
      const place = await openPlace();
      expect(await place.servers.add(admin, orderFor(url))).toMatchObject({ ok: false, code: 'bad_input' });
      expect(await place.servers.test(admin, { order: orderFor(url) })).toMatchObject({ ok: false });
    },
  );

  it('a variable of this machine is none of the browser’s', async () => {
    const server = await changing('send');
    const place = await openPlace();
    const order = orderFor(server.url, { headers: [{ name: 'Authorization', value: '${PATH}' }] });
    expect(must(await place.servers.test(admin, { order }))).toMatchObject({ ok: false, failure: 'unauthorized' });
  });
});

describe('a trial connection', () => {
  it('says what it found, and keeps nothing of it', async () => {
    const server = await changing('send', 'read');
    const place = await openPlace();
    const test = must(await place.servers.test(admin, { order: orderFor(server.url) }));
    expect(test).toMatchObject({
      ok: true,
      toolCount: 2,
      handshake: { name: 'changing', version: '1.0.0', era: 'stateful', protocolVersion: '2025-11-25' },
    });
    expect(must(await place.servers.list(admin)).servers).toEqual([]);
  });

  it('says exactly what failed, and what to do', async () => {
    const server = await changing('send');
    const place = await openPlace();
    const html = await listening(
      createHttp((_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('hi')),
    );
    const gone = await listening(createHttp((_req, res) => res.writeHead(404).end()));
    const plain = await listening(createHttp());
    const free = new URL(gone).port;
    const failureOf = async (url: string, more: Partial<ServerOrder> = {}): Promise<string> => {
      const test = must(await place.servers.test(admin, { order: orderFor(url, more) }));
      expect(test.ok || test.advice).not.toBe('');
      return test.ok ? 'none' : test.failure;
    };
    expect(await failureOf('http://no-such-host.invalid/mcp')).toBe('name');
    expect(await failureOf('http://127.0.0.1:1/mcp')).toBe('refused');
    expect(await failureOf(server.url, { headers: [] })).toBe('unauthorized');
    expect(await failureOf(html)).toBe('not_mcp');
    expect(await failureOf(`http://127.0.0.1:${free}/nothing`)).toBe('not_found');
    expect(await failureOf(plain.replace('http:', 'https:'))).toMatch(/tls|network/);
  });

  it('ends in time with a server that takes the connection and says nothing', async () => {
    const silent = await listening(createTcp());
    const place = await openPlace();
    expect(must(await place.servers.test(admin, { order: orderFor(silent) }))).toMatchObject({ failure: 'timeout' });
  }, 30_000);
});

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  closing.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

describe('what agents do not get of a tool', () => {
  it('stands on the page of its server, for who may read that: before those they get whole, and with what is wrong', async () => {
    const server = await changing('send');
    const outputSchema = { type: 'object' as const, properties: { paid: { $ref: '#/$defs/none' } } };
    const task = { ...reader('report'), execution: { taskSupport: 'required' as const } };
    server.tools = [
      reader('all'),
      task,
      { ...reader('pay'), outputSchema },
      { ...reader('fine'), outputSchema: schema },
    ];
    const place = await openPlace();
    must(await place.servers.add(admin, orderFor(server.url)));
    must(await place.call(await place.session(), 'mail/all').outcome);
    const { tools } = must(await place.servers.read(admin, 'mail'));
    const detail = expect.stringContaining('#/$defs/none') as string;
    expect(tools.map(({ tool, offer }) => [tool, offer])).toEqual([
      ['pay', { is: 'without_output', why: 'broken', detail }],
      ['report', { is: 'left_out', why: 'task_only', detail: '' }],
      ['all', { is: 'whole' }],
      ['fine', { is: 'whole' }],
    ]);
    expect(await place.servers.read(person('observer'), 'mail')).toMatchObject({ code: 'forbidden' });
    expect(await place.servers.try(admin, { server: 'mail', tool: 'report', arguments: {} })).toMatchObject({
      code: 'not_allowed_now',
      message: expect.stringContaining('only be called as a task') as string,
    });
    expect(server.called).toEqual(['all']);
  });
});

describe('a tool tried by hand', () => {
  it('goes the way of any call: held by a rule that keeps its owner from approving, told live, on record', async () => {
    const server = await changing('send');
    const rules = [ruleOf({ id: 'ask', hold: { ownerMayApprove: false } })];
    const place = await openPlace({
      settings: { rules },
      roster: new TestRoster([admin, person('approver', 'Bo Lin')]),
    });
    must(await place.servers.add(admin, orderFor(server.url)));
    const tried = must(await place.servers.try(admin, { server: 'mail', tool: 'send', arguments: { to: 'x' } }));
    const approval = await place.opened(({ kind }) => kind === 'approval');
    const detail = must(await place.engine.people.request(admin, approval.requestId));
    expect(detail.summary.session.agent.name).toBe('Ana Ruiz, by hand');
    expect(detail.allowed.approve.ok).toBe(false);
    expect(await place.answer(approval, 'accept', { person: admin })).toMatchObject({ ok: false });
    expect(await place.servers.tried(person('admin', 'Eve'), tried.callId)).toMatchObject({ code: 'not_found' });
    must(await place.answer(approval, 'accept', { person: person('approver', 'Bo Lin') }));
    const over = await place.untilTold(({ outcome }) => outcome !== null);
    expect(over.outcome).toMatchObject({ is: 'completed' });
    expect(must(await place.servers.tried(admin, tried.callId)).outcome).toMatchObject({ is: 'completed' });
    expect((await place.acts()).map(({ act }) => act)).toContain('server.tool_tried');
  });

  it('can be cancelled, and one that does not exist leaves no session open', async () => {
    const server = await changing('send');
    const place = await openPlace({ settings: { rules: [ruleOf({ id: 'ask' })] } });
    must(await place.servers.add(admin, orderFor(server.url)));
    const tried = must(await place.servers.try(admin, { server: 'mail', tool: 'send', arguments: {} }));
    must(await place.servers.cancelTry(admin, tried.callId));
    const over = await place.untilTold(({ outcome }) => outcome !== null);
    expect(over.outcome).toMatchObject({ is: 'cancelled' });
    expect(await place.servers.try(admin, { server: 'mail', tool: 'none', arguments: {} })).toMatchObject({
      ok: false,
    });
    expect(await place.servers.try(person('approver'), { server: 'mail', tool: 'send', arguments: {} })).toMatchObject({
      code: 'forbidden',
    });
    expect(server.called).toEqual([]);
  });
});
