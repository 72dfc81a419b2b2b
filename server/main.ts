import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import next from 'next';
import pino from 'pino';
import type { RandomBytes, SessionId, TeamId } from '@/lib/domain/ids';
import packageFile from '@/package.json';
import { apiRoutes } from './api/routes';
import { auditRoutes } from './audit/export-route';
import { type Auth, createAuth } from './auth/auth';
import { originsBehind } from './auth/origin';
import { authRoutes } from './auth/routes';
import { readConfigFile } from './config/config-file';
import { type Environment, readEnvironment } from './config/environment';
import { loadSecret } from './config/secret-file';
import { trustedOrigins } from './config/trusted-origins';
import { type AgentEndpoint, createAgentEndpoint } from './downstream/endpoint';
import { createEngine, type Engine } from './engine/engine';
import type { Clock } from './engine/ports/clock';
import type { Log } from './engine/ports/log';
import type { Settings } from './engine/ports/servers';
import { rawRefusal } from './engine/people-desk';
import { createGateway, type Gateway } from './gateway/gateway';
import { Hub } from './gateway/hub';
import { closing, listen, openPort } from './main/http-port';
import { type OpenKeeping, openKeeping } from './main/open-keeping';
import { type OpenAudit, openAuditDesk } from './main/open-audit';
import { openNotify } from './main/open-notify';
import { type OpenPolicy, openPolicy, teamUse } from './main/open-policy';
import { type OpenServers, openServers } from './main/open-servers';
import { StartProblem } from './main/start-problem';
import { createModels } from './models/models';
import type { Notify } from './notify/notify';
import { RulesDesk } from './policy/rules-desk';
import { identifyByHand, personByHand, rosterWithHands } from './servers/by-hand';
import { acquireExclusive, type LockState } from './store/exclusive-lock';
import { openStore, type StoreOpening } from './store/open-store';
import { errorFacts } from './telemetry/error-facts';
import type { Census } from './telemetry/figures';
import { Telemetry } from './telemetry/telemetry';
import { createUpstream } from './upstream/upstream';
import { createFront } from './web/front';

const drainMs = 9_000;

const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

type Stop = () => Promise<void>;

/** Start order: settings, lock, database, people, engine, adapters, port. Each is stopped in the opposite order. */
async function start(started: Pick<Composing, 'environment' | 'log' | 'telemetry'>): Promise<Stop> {
  const stops: Stop[] = [];
  const stop: Stop = async () => {
    for (const each of stops.reverse()) await each();
  };
  try {
    await compose({ ...started, stops });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What composing goes with; `stops` grows as parts are opened. */
interface Composing {
  readonly environment: Environment;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly stops: Stop[];
}

const random: RandomBytes = (count) => randomBytes(count);

async function compose(composing: Composing): Promise<void> {
  const { environment, log, telemetry } = composing;
  const { baseUrl } = environment;
  composing.stops.push(() => telemetry.stop());
  const settings = await readSettings(composing);
  const secret = environment.secret ?? (await loadSecret(environment.dataFolder));
  const opened = await openDatabase(composing, secret);
  const auth = await openAuth(composing, opened, { secret, isTeamUsed: (id) => teamUse(policy.rules.current, id) });
  const hub = new Hub(log);
  const isLive = (id: SessionId): boolean => engine.isLive(id);
  const policy = await openPolicy(
    { db: opened.db, audit: opened.audit, clock, log },
    { first: settings.rules, isLive },
  );
  composing.stops.push(async () => policy.stop());
  const keeping = await openKeeping({ opened, clock, log }, settings);
  const servers = await openServers({ opened, hub, clock, log }, { secret, settings, environment });
  const engine: Engine = openEngine(composing, { opened, auth, hub, policy, settings, servers, keeping });
  const http = openPort();
  const agents = createAgentEndpoint({
    desk: engine.agents,
    offers: servers.offers,
    agentOf: (key) => auth.directory.agentOf(key),
    settings,
    log,
    clock,
    version: packageFile.version,
  });
  const audit = openAuditDesk({ trail: opened.audit, hub, clock, log });
  const { gateway, notify } = await openDesk(composing, {
    ...{ opened, auth, hub, policy, settings, servers, keeping },
    audit,
    engine,
    secret,
  });
  const { store } = opened;
  const follow = telemetry.follow({
    events: (id, place) => store.events(id, place),
    metaOf: (id) => store.payload(id, 'meta'),
    census: () => ({ ...censusOf(engine), browsers: gateway.connected(), audit: audit.verifier.figures }),
    log,
  });
  hub.listen(follow);
  await engine.prepare();
  http.on('request', await openFront(composing, { auth, engine, agents, audit }));
  composing.stops.push(closing(http, { gateway, agents }));
  gateway.attach(http);
  await listen(http, environment);
  await engine.run();
  audit.verifier.run();
  composing.stops.push(() => audit.verifier.drain());
  log.info({ baseUrl, servers: settings.servers.map((server) => server.name) }, 'Holdpoint is ready');
  announce(baseUrl, await auth.firstAdminLink());
  // Catching up takes as long as the queue is; nobody waits for that.
  void notify.run();
  composing.stops.push(() => keeping.purger.stop());
  keeping.purger.run();
}

function censusOf(engine: Engine): Omit<Census, 'browsers' | 'audit'> {
  return { ...engine.census(), storageOk: engine.storageOk() };
}

/** What the engine and the desk are made of. */
interface Made {
  readonly opened: Extract<StoreOpening, { ok: true }>;
  readonly auth: Auth;
  readonly hub: Hub;
  readonly policy: OpenPolicy;
  readonly servers: OpenServers;
  readonly settings: Settings;
  readonly keeping: OpenKeeping;
}

function openEngine({ log, stops, telemetry }: Composing, made: Made): Engine {
  const { opened, auth, hub, policy, settings, servers, keeping } = made;
  const upstream = createUpstream({ log, clientVersion: packageFile.version });
  stops.push(() => upstream.stop());
  const engine = createEngine({
    store: opened.store,
    audit: opened.audit,
    upstream,
    publisher: hub,
    clock,
    log,
    random,
    settings,
    policy: policy.rules,
    choices: policy.choices,
    roster: rosterWithHands(auth.roster),
    models: createModels(settings.models, { log }),
    tracing: telemetry.tracing,
    keeping: keeping.keeping,
    register: servers.book,
    toolRecords: servers.tools,
    identify: (id) =>
      personByHand(id) === null ? auth.directory.identify(id) : Promise.resolve(identifyByHand(auth.roster, id)),
  });
  stops.push(() => engine.drain());
  return engine;
}

/** What people reach: the socket's commands, the rules, and notices of what waits. */
async function openDesk(
  { environment, log, stops }: Composing,
  made: Made & { readonly audit: OpenAudit; readonly engine: Engine; readonly secret: string },
): Promise<{ readonly gateway: Gateway; readonly notify: Notify }> {
  const { opened, auth, hub, policy, settings, servers, keeping, audit, engine, secret } = made;
  const { baseUrl } = environment;
  const { store } = opened;
  const rules = new RulesDesk({
    rules: policy.rules,
    choices: policy.choices,
    clock,
    log,
    teams: () => auth.roster.teamRows().map(({ id }) => id),
    pastCalls: (query) => store.pastCalls(query),
    questionOf: (past) => engine.questionOf(past),
    changed: (version) => {
      hub.publish({ change: 'rules', version });
      engine
        .rulesChanged()
        .catch((error: unknown) => log.error({ err: error }, 'what waits could not all be put under the new rules'));
    },
  });
  const notify = await openNotify({
    opened,
    roster: auth.roster,
    masking: keeping.keeping.masking,
    clock,
    log,
    random,
    secret,
    baseUrl,
    mail: settings.mail,
    allowsLocal: environment.allowsLocalWebhooks,
    isAtBrowser: (id) => gateway.isAtBrowser(id),
    push: (id, message) => gateway.pushTo(id, message),
  });
  hub.listen((change) => notify.hear(change));
  stops.push(() => notify.drain());
  const gateway: Gateway = createGateway({
    hub,
    clock,
    log,
    origins: trustedOrigins(baseUrl),
    directory: auth.directory,
    originOf: originsBehind(environment.trustedProxies),
    people: engine.people,
    control: engine.control,
    audit: audit.port,
    rules,
    notices: notify.notices,
    keeping: keeping.desk,
    values: keeping.values,
    routeOf: (id) => engine.routeOf(id),
    isRawClosed: (person, summary) => rawRefusal(person, summary) !== null,
    servers: servers.desk(engine, (id, message) => gateway.pushTo(id, message)),
    storageOk: () => engine.storageOk(),
  });
  return { gateway, notify };
}

async function readSettings({ environment, log }: Composing): Promise<Settings> {
  const config = await readConfigFile(environment.configFile, process.env);
  if (!config.ok) throw new StartProblem(config.problems.join('\n'));
  if (config.notice !== null) log.warn({}, config.notice);
  return config.settings;
}

async function openDatabase(
  { environment, log, stops }: Composing,
  secret: string,
): Promise<Extract<StoreOpening, { ok: true }>> {
  const { databaseUrl } = environment;
  const exclusive = await acquireExclusive({ databaseUrl, log, clock, onChange: (state) => lockChanged(log, state) });
  if (!exclusive.ok) throw new StartProblem(exclusive.message);
  stops.push(() => exclusive.lock.release());
  const opened = await openStore({ databaseUrl, secret, log });
  if (!opened.ok) throw new StartProblem(opened.message);
  stops.push(() => opened.store.close());
  return opened;
}

async function openAuth(
  { environment, log, stops }: Composing,
  opened: Pick<Extract<StoreOpening, { ok: true }>, 'audit' | 'db' | 'kind'>,
  how: { readonly secret: string; readonly isTeamUsed: (id: TeamId) => string | null },
): Promise<Auth> {
  const { baseUrl, bootstrapAgent } = environment;
  const { audit, db, kind } = opened;
  const auth = await createAuth({
    audit,
    db,
    kind,
    baseUrl,
    trustedOrigins: trustedOrigins(baseUrl),
    clock,
    log,
    ...how,
  });
  stops.push(() => auth.drain());
  if (bootstrapAgent !== null) await auth.bootstrapAgent(bootstrapAgent.name, bootstrapAgent.key);
  return auth;
}

async function openFront(
  { environment, log, stops, telemetry }: Composing,
  parts: { readonly auth: Auth; readonly engine: Engine; readonly agents: AgentEndpoint; readonly audit: OpenAudit },
): Promise<RequestListener> {
  const { auth, engine, agents, audit } = parts;
  const { dev, host, port, baseUrl, trustedProxies } = environment;
  const pages = next({ dev, dir: process.cwd(), hostname: host, port });
  await pages.prepare();
  stops.push(() => pages.close());
  const showPage = pages.getRequestHandler();
  const doors = new Hono();
  doors.route('/', authRoutes(auth, { trustedProxies }));
  const { directory } = auth;
  const originOf = originsBehind(trustedProxies);
  doors.route('/', auditRoutes({ desk: audit.desk, directory, originOf }));
  const { people, control } = engine;
  doors.route('/', apiRoutes({ people, control, directory, originOf, log, now: () => clock.now() }));
  const answerApi = getRequestListener(doors.fetch);
  return createFront({
    directory: auth.directory,
    log,
    agents: (req, res) => agents.handle(req, res),
    api: async (req: IncomingMessage, res: ServerResponse): Promise<void> => answerApi(req, res),
    pages: (req, res) => showPage(req, res),
    figures: (req, res) => telemetry.serveFigures(req, res),
    figuresToken: environment.metricsToken,
    storageOk: () => engine.storageOk(),
    trouble: () => audit.trouble(),
    secure: baseUrl.startsWith('https:'),
    dev,
  });
}

/** Another process owns the database now: going on would write over it. */
function lockChanged(log: Log, state: LockState): void {
  if (state !== 'taken') return log.warn({ state }, 'the database lock changed');
  log.error({ state }, 'another process took the database; stopping');
  process.kill(process.pid, 'SIGTERM');
}

function announce(baseUrl: string, adminLink: string | null): void {
  const lines = [`Holdpoint is ready: ${baseUrl}`];
  if (adminLink !== null)
    lines.push('', 'No admin yet. Open this one-time link to become the first:', `  ${adminLink}`, '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

function openLog({ logLevel }: Environment, telemetry: Telemetry): pino.Logger {
  const options: pino.LoggerOptions = {
    level: logLevel,
    base: null,
    serializers: { err: errorFacts, error: errorFacts },
    mixin: (line) => telemetry.fieldsOf(line),
  };
  const { logStream } = telemetry;
  if (logStream === null) return pino(options, pino.destination({ dest: 2, sync: false }));
  const streams = [{ stream: pino.destination({ dest: 2, sync: true }) }, { stream: logStream }];
  return pino(options, pino.multistream(streams.map((each) => ({ ...each, level: logLevel }))));
}

async function main(): Promise<void> {
  const reading = readEnvironment(process.env);
  if (!reading.ok) {
    process.stderr.write(`${reading.problems.join('\n')}\n`);
    process.exitCode = 1;
    return;
  }
  const { environment } = reading;
  const telemetry = new Telemetry({ exports: environment.exportsTelemetry, version: packageFile.version });
  const log = openLog(environment, telemetry);
  let stop: Stop;
  try {
    stop = await start({ environment, log, telemetry });
  } catch (error) {
    if (error instanceof StartProblem) process.stderr.write(`${error.message}\n`);
    else log.error({ error }, 'Holdpoint could not start');
    log.flush(() => process.exit(1));
    return;
  }
  let stopping = false;
  const shutDown = (why: string, code: number): void => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => process.exit(1), drainMs).unref();
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => shutDown('SIGTERM', 0));
  process.on('SIGINT', () => shutDown('SIGINT', 0));
  // A promise nobody waited for concerns one request or session; the others and who they ask go on.
  process.on('unhandledRejection', (error) => log.error({ error }, 'a rejection was not handled'));
  // After this nothing can be relied on: what is saved is safe, and a new start takes it up.
  process.on('uncaughtException', (error) => {
    log.error({ error }, 'an exception was not caught; stopping');
    shutDown('uncaughtException', 1);
  });
}

void main();
