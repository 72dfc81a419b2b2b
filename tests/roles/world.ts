import { openAuditDesk } from '@/server/main/open-audit';
import { originsBehind } from '@/server/auth/origin';
import { randomBytes } from 'node:crypto';
import { noTracing } from '@/server/engine/ports/tracing';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { io, type Socket } from 'socket.io-client';
import type { CallId, PersonId, RequestId, SessionId, TeamId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { Command } from '@/lib/protocol/commands';
import type { Push } from '@/lib/protocol/pushes';
import { apiRoutes } from '@/server/api/routes';
import { createAuth } from '@/server/auth/auth';
import { authRoutes } from '@/server/auth/routes';
import { createAgentEndpoint } from '@/server/downstream/endpoint';
import { openServers } from '@/server/main/open-servers';
import { createEngine, type Engine } from '@/server/engine/engine';
import { rawRefusal } from '@/server/engine/people-desk';
import type { AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import { noModels } from '@/server/engine/ports/models';
import type { Settings } from '@/server/engine/ports/servers';
import { createGateway, type Gateway } from '@/server/gateway/gateway';
import { Hub } from '@/server/gateway/hub';
import { openKeeping } from '@/server/main/open-keeping';
import { openNotify } from '@/server/main/open-notify';
import { openPolicy } from '@/server/main/open-policy';
import { RulesDesk } from '@/server/policy/rules-desk';
import { openStore } from '@/server/store/open-store';
import { baseUrl, password, TestBrowser, tokenOf } from '@/tests/auth/bench';
import { ScriptedUpstream } from '@/tests/engine/scripted-upstream';
import { must, operation, silent } from '@/tests/engine/workplace';
import { ruleOf } from '@/tests/support/desk';
import { learnedPace } from '@/server/engine/ports/servers';

export const payments = 'payments' as TeamId;
export const security = 'security' as TeamId;
const ops = 'ops' as TeamId;

/** Who is at the table; `signed out` and the keys are no people. */
export const columns = [
  'admin',
  'in the team',
  'in another team',
  'in no team',
  'assigned',
  'covering',
  'observer in the team',
  'observer elsewhere',
] as const;
export type Column = (typeof columns)[number];

export interface Seat {
  readonly column: Column;
  readonly person: Person;
  readonly browser: TestBrowser;
  readonly token: string;
  readonly page: Page;
}

/** A page with its socket: what it says and everything it hears. */
export class Page {
  readonly pushes: Push[] = [];

  constructor(private readonly socket: Socket) {
    socket.on('push', (push: Push) => this.pushes.push(push));
  }

  say(command: Command): Promise<Result<unknown>> {
    return new Promise((resolve) => {
      this.socket.emit('command', command, resolve);
    });
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Everything composed as the process does it, with one server that does what the test says. */
export interface World {
  readonly url: string;
  readonly engine: Engine;
  readonly seats: ReadonlyMap<Column, Seat>;
  readonly agentKey: string;
  readonly otherKey: string;
  readonly agent: AgentIdentity;
  readonly ids: ReadonlyMap<string, PersonId>;
  /** A call of the agent's that a rule holds; where it goes is by the tool. */
  hold(
    tool: string,
  ): Promise<{ readonly request: HoldRequest; readonly callId: CallId; readonly sessionId: SessionId }>;
  setTeam(team: TeamId, members: readonly PersonId[]): Promise<void>;
  moveMs(ms: number): void;
  changed(id: RequestId, matches: (request: HoldRequest) => boolean): Promise<void>;
  close(): Promise<void>;
}

class MovedClock implements Clock {
  private aheadMs = 0;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return Date.now() + this.aheadMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.now() + delayMs, run };
    this.timers.add(timer);
    const real = setTimeout(() => this.fire(timer), delayMs);
    real.unref();
    return () => this.timers.delete(timer);
  }

  move(ms: number): void {
    this.aheadMs += ms;
    for (const timer of [...this.timers]) if (timer.at <= this.now()) this.fire(timer);
  }

  private fire(timer: { readonly run: () => void }): void {
    if (this.timers.delete(timer as never)) timer.run();
  }
}

const tools = ['team', 'everyone', 'escalates', 'edits'] as const;
export const escalatesAfterMs = 3_600_000;

const rules = [
  ruleOf({
    id: 'edits-far',
    when: 'tool.name == "edits" && args.far == true',
    hold: { team: security, editable: [''] },
  }),
  ruleOf({ id: 'team', tool: 'team', hold: { team: payments, editable: [''] } }),
  ruleOf({ id: 'edits', tool: 'edits', hold: { team: payments, editable: [''] } }),
  ruleOf({
    id: 'escalates',
    tool: 'escalates',
    hold: {
      team: payments,
      editable: [''],
      deadlineMs: 10 ** 9,
      escalation: { afterMs: escalatesAfterMs, team: security },
    },
  }),
  ruleOf({ id: 'everyone', tool: 'everyone', hold: { editable: [''] } }),
];

export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-roles-'));
  const opened = await openStore({ databaseUrl: `sqlite:${path.join(folder, 'roles.db')}`, log: silent });
  if (!opened.ok) throw new Error(opened.message);
  const clock = new MovedClock();
  const secret = 's'.repeat(43);
  const common = { clock, log: silent };
  const auth = await createAuth({
    db: opened.db,
    kind: opened.kind,
    baseUrl,
    trustedOrigins: [baseUrl],
    secret,
    audit: opened.audit,
    ...common,
  });
  const hub = new Hub(silent);
  const policy = await openPolicy(
    { db: opened.db, audit: opened.audit, ...common },
    { first: [], isLive: (id) => engine.isLive(id) },
  );
  const upstream = new ScriptedUpstream();
  upstream.tools = tools.map((name): JsonObject => ({ name, inputSchema: { type: 'object' } }));
  const settings = settingsOf();
  const random = (count: number): Uint8Array => randomBytes(count);
  const { directory, roster } = auth;
  const kept = await openKeeping({ opened, ...common }, settings);
  const servers = await openServers(
    { opened, hub, ...common },
    { secret, settings, environment: { browserServers: 'private' } },
  );
  const engine: Engine = createEngine({
    tracing: noTracing,
    store: opened.store,
    audit: opened.audit,
    upstream,
    publisher: hub,
    ...common,
    random,
    settings,
    policy: policy.rules,
    choices: policy.choices,
    roster,
    models: noModels,
    keeping: kept.keeping,
    register: servers.book,
    toolRecords: servers.tools,
    identify: (id) => directory.identify(id),
  });
  const agents = createAgentEndpoint({
    desk: engine.agents,
    offers: servers.offers,
    agentOf: (key) => directory.agentOf(key),
    settings,
    ...common,
    version: '0.0.0',
  });
  const rulesDesk = new RulesDesk({
    rules: policy.rules,
    choices: policy.choices,
    ...common,
    teams: () => roster.teamRows().map(({ id }) => id),
    pastCalls: (query) => opened.store.pastCalls(query),
    questionOf: (past) => engine.questionOf(past),
    changed: (version) => hub.publish({ change: 'rules', version }),
  });
  const notify = await openNotify({
    opened,
    roster,
    masking: kept.keeping.masking,
    ...common,
    random,
    secret,
    baseUrl,
    mail: null,
    allowsLocal: true,
    isAtBrowser: (id) => gateway.isAtBrowser(id),
    push: (id, message) => gateway.pushTo(id, message),
  });
  const gateway: Gateway = createGateway({
    audit: openAuditDesk({ trail: opened.audit, hub, clock, log: silent }).port,
    originOf: originsBehind(0),
    hub,
    ...common,
    origins: [],
    directory,
    people: engine.people,
    control: engine.control,
    rules: rulesDesk,
    notices: notify.notices,
    keeping: kept.desk,
    values: kept.values,
    routeOf: (id) => engine.routeOf(id),
    isRawClosed: (person, summary) => rawRefusal(person, summary) !== null,
    servers: servers.desk(engine, () => 0),
    storageOk: () => engine.storageOk(),
  });
  const doors = new Hono();
  doors.route('/', authRoutes(auth, { trustedProxies: 0 }));
  // Many cells ask as one person: the pace of the API is not what is looked at here.
  let asked = 0;
  doors.route(
    '/',
    apiRoutes({
      originOf: originsBehind(0),
      people: engine.people,
      control: engine.control,
      directory,
      log: silent,
      now: () => (asked += 1_000),
    }),
  );
  const answerApi = getRequestListener(doors.fetch);
  const http = createServer((req, res) => {
    if (req.url?.startsWith('/mcp') === true) return void agents.handle(req, res);
    void answerApi(req, res);
  });
  gateway.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  await engine.run();

  const ids = new Map<string, PersonId>();
  const enter = async (
    kind: 'welcome' | 'join',
    form: object,
  ): Promise<{ readonly person: Person; readonly browser: TestBrowser }> => {
    const browser = new TestBrowser(url);
    const response = await browser.post(`/api/door/${kind}`, form);
    const person = await directory.personOf(browser.headers);
    if (person === null) throw new Error(`nobody came in: ${response.status}`);
    ids.set(person.name, person.id);
    return { person, browser };
  };
  const firstToken = tokenOf((await auth.firstAdminLink()) ?? '');
  const admin = await enter('welcome', { token: firstToken, name: 'Mika', email: 'mika@example.com', password });
  const join = async (name: string, role: Person['role']): ReturnType<typeof enter> => {
    const invited = must(await directory.invite(admin.person, { email: `${name.toLowerCase()}@example.com`, role }));
    return enter('join', { token: tokenOf(invited.link), name, password });
  };
  const entered: readonly (readonly [Column | null, Awaited<ReturnType<typeof enter>>])[] = [
    ['admin', admin],
    ['in the team', await join('Ana', 'approver')],
    ['in another team', await join('Sam', 'approver')],
    ['in no team', await join('Wes', 'approver')],
    ['assigned', await join('Ivo', 'approver')],
    ['covering', await join('Kim', 'approver')],
    ['observer in the team', await join('Olu', 'observer')],
    ['observer elsewhere', await join('Eva', 'observer')],
    [null, await join('Bo', 'approver')],
  ];
  const idOf = (name: string): PersonId => ids.get(name) ?? ('per_nobody' as PersonId);
  for (const [id, name] of [
    [payments, 'Payments'],
    [security, 'Security'],
    [ops, 'Ops'],
  ] as const)
    must(await directory.createTeam(admin.person, { id, name }));
  const setTeam = async (team: TeamId, members: readonly PersonId[]): Promise<void> =>
    void must(await directory.setTeamMembers(admin.person, team, members));
  await setTeam(payments, ['Ana', 'Bo', 'Olu'].map(idOf));
  await setTeam(security, [idOf('Sam')]);
  const bo = must(await directory.colleagues(admin.person)).find(({ id }) => id === idOf('Bo'));
  if (bo === undefined) throw new Error('Bo is not here');
  must(await directory.setAwayOf(admin.person, bo.id, { untilAt: null, delegateId: idOf('Kim') }));
  must(await rulesDesk.save(admin.person, { base: policy.rules.current.version, rules, note: null }));
  const own = must(await directory.createAgent(admin.person, { name: 'night-shift', servers: null }));
  const other = must(await directory.createAgent(admin.person, { name: 'day-shift', servers: null }));
  const agent = await directory.agentOf(own.key);
  if (agent === null) throw new Error('the agent is not known');

  const seats = new Map<Column, Seat>();
  for (const [column, { browser }] of entered) {
    if (column === null) continue;
    const person = await directory.personOf(browser.headers);
    if (person === null) throw new Error('signed out');
    const { token } = must(await directory.createToken(person, { name: 'bot', expiresAt: null }));
    const page = await connect(url, { cookie: browser.headers.get('cookie') ?? '' });
    seats.set(column, { column, person, browser, token, page });
  }
  const waiting = new Set<() => void>();
  hub.listen(() => {
    for (const wake of waiting) wake();
  });
  const anything = (): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
    });
  const changed = async (id: RequestId, matches: (request: HoldRequest) => boolean): Promise<void> => {
    for (;;) {
      const heard = anything();
      const request = await opened.store.request(id);
      if (request !== null && matches(request)) return;
      await heard;
    }
  };
  let session: SessionId | null = null;
  return {
    url,
    engine,
    seats,
    agentKey: own.key,
    otherKey: other.key,
    agent,
    ids,
    setTeam,
    changed,
    moveMs: (ms) => clock.move(ms),
    async hold(tool) {
      const hello = { client: { name: 'test', version: '1' }, scope: null, protocolVersion: '2025-11-25' };
      const listener = { listChanged() {}, notification() {}, log() {}, ended() {} };
      session ??= must(await engine.agents.open(agent, hello, listener));
      const opening = new Promise<HoldRequest>((resolve) => {
        const stop = hub.listen((change) => {
          if (change.change !== 'request' || change.before !== null) return;
          stop();
          resolve(change.item.request);
        });
      });
      const order = {
        server: 'bank',
        tool,
        arguments: { far: false },
        meta: {},
        idempotencyKey: operation(),
        task: null,
        patienceMs: null,
      };
      engine.agents.call(session, order, { received() {}, progress() {}, waiting() {} }).catch(() => undefined);
      const request = await opening;
      if (request.callId === null) throw new Error('of no call');
      return { request, callId: request.callId, sessionId: request.sessionId };
    },
    async close() {
      for (const { page } of seats.values()) page.close();
      await gateway.stop();
      await agents.stop();
      http.closeAllConnections();
      await engine.drain();
      await notify.drain();
      policy.stop();
      await auth.drain();
      await opened.store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A socket with these headers; refused when nobody is signed in by them. */
export async function connect(url: string, headers: Record<string, string>): Promise<Page> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: headers });
  const page = new Page(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.disconnect();
      reject(error);
    });
  });
  return page;
}

function settingsOf(): Settings {
  const none = { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null };
  const transport = { kind: 'http', url: 'http://127.0.0.1:1/mcp', headers: {}, sign: null } as const;
  return {
    servers: [{ name: 'bank', transport, trusted: true, repeatable: [], limits: none, pace: learnedPace }],
    rules: [],
    idleSessionMs: 10 ** 12,
    requestDeadlineMs: 10 ** 9,
    heartbeatMs: 10 ** 6,
    endingGraceMs: 500,
    agents: { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: null, clients: [] },
    models: [],
    mail: null,
    keeping: { masking: [], retention: null },
    limits: { sessionsPerAgent: 50, openCallsPerSession: 5_000, requestsPerSecond: 10_000, argumentsBytes: 1_000_000 },
  };
}
