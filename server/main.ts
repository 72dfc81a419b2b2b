import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import next from 'next';
import pino from 'pino';
import packageFile from '@/package.json';
import { createAuth } from './auth/auth';
import { authRoutes } from './auth/routes';
import { readConfigFile } from './config/config-file';
import { type Environment, readEnvironment } from './config/environment';
import { loadSecret } from './config/secret-file';
import { trustedOrigins } from './config/trusted-origins';
import { createAgentEndpoint } from './downstream/endpoint';
import { createEngine } from './engine/engine';
import type { Clock } from './engine/ports/clock';
import type { Log } from './engine/ports/log';
import { createGateway } from './gateway/gateway';
import { Hub } from './gateway/hub';
import { acquireExclusive, type LockState } from './store/exclusive-lock';
import { openStore } from './store/open-store';
import { createUpstream } from './upstream/upstream';
import { createFront } from './web/front';

const drainMs = 9_000;
const keepAliveMs = 65_000;

const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** What ends the process before it began, with words that say what to do. */
class StartProblem extends Error {}

type Stop = () => Promise<void>;

/** Start order: settings, lock, database, people, engine, adapters, port. Each is stopped in the opposite order. */
async function start(environment: Environment, log: Log): Promise<Stop> {
  const stops: Stop[] = [];
  const stop: Stop = async () => {
    for (const each of stops.reverse()) await each();
  };
  try {
    await compose(environment, log, stops);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function compose(environment: Environment, log: Log, stops: Stop[]): Promise<void> {
  const { databaseUrl, baseUrl, dev } = environment;
  const config = await readConfigFile(environment.configFile, process.env);
  if (!config.ok) throw new StartProblem(config.problems.join('\n'));
  if (config.notice !== null) log.warn({}, config.notice);
  const { settings } = config;

  const exclusive = await acquireExclusive({ databaseUrl, log, clock, onChange: (state) => lockChanged(log, state) });
  if (!exclusive.ok) throw new StartProblem(exclusive.message);
  stops.push(() => exclusive.lock.release());
  const opened = await openStore({ databaseUrl, log });
  if (!opened.ok) throw new StartProblem(opened.message);
  stops.push(() => opened.store.close());

  const secret = environment.secret ?? (await loadSecret(environment.dataFolder));
  const origins = trustedOrigins(baseUrl);
  const auth = await createAuth({
    db: opened.db,
    kind: opened.kind,
    baseUrl,
    trustedOrigins: origins,
    secret,
    clock,
    log,
  });
  stops.push(() => auth.drain());
  if (environment.bootstrapAgent !== null)
    await auth.bootstrapAgent(environment.bootstrapAgent.name, environment.bootstrapAgent.key);

  const hub = new Hub(log);
  const upstream = createUpstream({ log, clientVersion: packageFile.version });
  stops.push(() => upstream.stop());
  const engine = createEngine({
    store: opened.store,
    upstream,
    publisher: hub,
    clock,
    log,
    random: (count) => randomBytes(count),
    settings,
  });
  stops.push(() => engine.drain());
  const agents = createAgentEndpoint({
    desk: engine.agents,
    agentOf: (key) => auth.directory.agentOf(key),
    settings,
    log,
    clock,
    version: packageFile.version,
  });
  stops.push(() => agents.stop());
  const gateway = createGateway({
    hub,
    clock,
    log,
    origins,
    directory: auth.directory,
    people: engine.people,
    servers: (person) => engine.servers(person),
    storageOk: () => engine.storageOk(),
  });
  stops.push(() => gateway.stop());

  await engine.run();
  const pages = next({ dev, dir: process.cwd(), hostname: environment.host, port: environment.port });
  await pages.prepare();
  stops.push(() => pages.close());
  const showPage = pages.getRequestHandler();
  const answerApi = getRequestListener(authRoutes(auth, { trustedProxies: environment.trustedProxies }).fetch);
  const api = async (req: IncomingMessage, res: ServerResponse): Promise<void> => answerApi(req, res);
  const front = createFront({
    directory: auth.directory,
    log,
    agents: (req, res) => agents.handle(req, res),
    api,
    pages: (req, res) => showPage(req, res),
    storageOk: () => engine.storageOk(),
    secure: baseUrl.startsWith('https:'),
    dev,
  });
  const http = createServer({ keepAlive: true, keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, front);
  http.timeout = 0;
  gateway.attach(http);
  await listen(http, environment);
  stops.push(() => closeServer(http));
  log.info({ baseUrl, servers: settings.servers.map((server) => server.name) }, 'Holdpoint is ready');
  announce(baseUrl, await auth.firstAdminLink());
}

/** Another process owns the database now: going on would write over it. */
function lockChanged(log: Log, state: LockState): void {
  if (state !== 'taken') return log.warn({ state }, 'the database lock changed');
  log.error({ state }, 'another process took the database; stopping');
  process.kill(process.pid, 'SIGTERM');
}

function listen(http: Server, { port, host }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new StartProblem(`Port ${port} is in use. Stop what uses it, or set PORT to another.`)
          : error,
      ),
    );
    http.listen(port, host, resolve);
  });
}

function closeServer(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}

function announce(baseUrl: string, adminLink: string | null): void {
  const lines = [`Holdpoint is ready: ${baseUrl}`];
  if (adminLink !== null)
    lines.push('', 'No admin yet. Open this one-time link to become the first:', `  ${adminLink}`, '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(): Promise<void> {
  const reading = readEnvironment(process.env);
  if (!reading.ok) {
    process.stderr.write(`${reading.problems.join('\n')}\n`);
    process.exitCode = 1;
    return;
  }
  const log = pino({ level: reading.environment.logLevel, base: null }, pino.destination({ dest: 2, sync: false }));
  let stop: Stop;
  try {
    stop = await start(reading.environment, log);
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  let stopping = false;
  const shutDown = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), drainMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => shutDown('SIGTERM'));
  process.on('SIGINT', () => shutDown('SIGINT'));
}

void main();
