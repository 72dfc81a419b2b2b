import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type BuildOptions } from 'esbuild';
import { describe, expect, it } from 'vitest';
import packageFile from '@/package.json';
import { readEnvironment } from '@/server/config/environment';
import { bundleEntries, bundleOptions } from '@/scripts/support/bundle.mjs';
import {
  blockOf,
  composeVariables,
  healthCheck,
  imageVariables,
  knownSettings,
  serviceOf,
  unitSetting,
  unitVariables,
  type Variables,
} from './deployed';

const read = (path: string): string => readFileSync(path, 'utf8');
const program = 'dist/server/main.js';
/** Read by what runs us, and by OpenTelemetry's SDK. */
const others = /^(?:NODE_ENV|NEXT_TELEMETRY_DISABLED|OTEL_[A-Z_]+)$/;
/** How long a stop takes at most, as docs/operations.md says. */
const stopSeconds = 10;
const asked: Variables = {
  BASE_URL: 'https://holdpoint.example.com',
  HOLDPOINT_SECRET: 's'.repeat(44),
  POSTGRES_PASSWORD: 'a0'.repeat(24),
};

describe('what Holdpoint is deployed with', () => {
  it('starts the program that is built', () => {
    expect(Object.keys(bundleEntries())).toContain('server/main');
    expect(read('Dockerfile')).toMatch(new RegExp(`^CMD \\["node", .*"${program}"\\]$`, 'm'));
    expect(unitSetting('ExecStart')).toMatch(new RegExp(`^\\S+node .*${program}$`));
  });

  it('is of a Node that the package takes', () => {
    const majors = [...read('Dockerfile').matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => Number(major));
    expect(majors.length).toBeGreaterThan(0);
    const least = Number(/>=(\d+)/.exec(packageFile.engines.node)?.[1]);
    for (const major of majors) expect(major).toBeGreaterThanOrEqual(least);
  });

  it('copies only what is there', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY --from=build (.+) \S+$/gm)].flatMap(([, paths]) =>
      (paths ?? '').split(' ').map((path) => path.replace('/app/', '')),
    );
    expect(copied).toContain('dist');
    for (const path of copied.filter((each) => each !== 'dist' && each !== '.next'))
      expect(existsSync(path)).toBe(true);
    const ignored = read('.dockerignore').split('\n');
    for (const needed of ['app', 'components', 'lib', 'server', 'scripts', 'examples'])
      expect(ignored).not.toContain(needed);
    for (const kept of ['data', '.git', 'node_modules']) expect(ignored).toContain(kept);
  });

  it('has in the image’s context all that its bundles are made of', async () => {
    const ignored = read('.dockerignore').split('\n');
    const isIgnored = (path: string): boolean => ignored.includes(path.split('/')[0] ?? '');
    const entryPoints = Object.fromEntries(Object.entries(bundleEntries()).filter(([, file]) => !isIgnored(file)));
    expect(Object.keys(entryPoints)).toContain('server/main');
    const options = { ...(bundleOptions() as BuildOptions), entryPoints, write: false, metafile: true } as const;
    const { metafile } = await build(options);
    expect(Object.keys(metafile.inputs).filter(isIgnored)).toEqual([]);
  });

  it.each([
    ['Dockerfile', imageVariables()],
    ['deploy/compose.yaml', composeVariables(serviceOf('holdpoint'), asked)],
    ['deploy/holdpoint.service', unitVariables()],
  ])('%s sets what the server reads, and nothing else', (_file, variables) => {
    const known = knownSettings();
    const names = Object.keys(variables).filter((name) => !others.test(name));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('tells of every setting in the readme, and of none that is not read', () => {
    const known = knownSettings();
    const told = [...read('README.md').matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name ?? '');
    const forDevelopers = 'HOLDPOINT_DEV';
    const unsaid = [...known].filter((name) => !name.startsWith('OTEL_') && name !== forDevelopers);
    expect(unsaid.filter((name) => !told.includes(name))).toEqual([]);
    expect(told.filter((name) => !known.has(name))).toEqual([]);
  });

  it('listens where a container can be reached, and keeps its database in the volume', () => {
    expect(readEnvironment(imageVariables())).toMatchObject({
      ok: true,
      environment: { host: '0.0.0.0', port: 3000, dataFolder: '/data' },
    });
    expect(read('Dockerfile')).toMatch(/^VOLUME \/data$/m);
    expect(read('Dockerfile')).toMatch(/^EXPOSE 3000$/m);
  });

  it('I14 has no secret of its own: each must be given', () => {
    const service = serviceOf('holdpoint');
    for (const name of Object.keys(asked))
      expect(() => composeVariables(service, { ...asked, [name]: '' })).toThrow(`${name}: `);
    expect(() => composeVariables(serviceOf('database'), {})).toThrow('POSTGRES_PASSWORD: ');
  });
});

describe('the compose file', () => {
  const service = serviceOf('holdpoint');
  const database = serviceOf('database');

  it('starts a server that takes all it is given, on the database beside it', () => {
    const variables = { ...imageVariables(), ...composeVariables(service, asked) };
    const reading = readEnvironment(variables);
    if (!reading.ok) throw new Error(reading.problems.join('\n'));
    const { databaseUrl, baseUrl, configFile, trustedProxies, exportsTelemetry, metricsToken } = reading.environment;
    const url = new URL(databaseUrl);
    const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = composeVariables(database, asked);
    expect([url.hostname, url.username, url.pathname, url.password]).toEqual([
      'database',
      POSTGRES_USER,
      `/${POSTGRES_DB ?? ''}`,
      POSTGRES_PASSWORD,
    ]);
    expect({ baseUrl, trustedProxies, exportsTelemetry, metricsToken }).toEqual({
      baseUrl: asked['BASE_URL'],
      trustedProxies: 1,
      exportsTelemetry: false,
      metricsToken: null,
    });
    expect(blockOf(service, 'volumes')).toContain(`:${configFile.path}:ro`);
    expect(blockOf(service, 'volumes')).toContain(':/data\n');
    expect(blockOf(service, 'ports')).toContain(`127.0.0.1:3000:${reading.environment.port}"`);
  });

  it('waits for a database that can be asked', () => {
    expect(blockOf(service, 'depends_on')).toContain('condition: service_healthy');
    const { POSTGRES_USER, POSTGRES_DB } = composeVariables(database, asked);
    expect(blockOf(database, 'healthcheck')).toContain(`pg_isready -U ${POSTGRES_USER} -d ${POSTGRES_DB}`);
  });

  it('is of a PostgreSQL that the image can back up', () => {
    const clients = { bookworm: 15, trixie: 17 } as const;
    const release = /^FROM node:\d+-(bookworm|trixie)-slim$/m.exec(read('Dockerfile'))?.[1] as keyof typeof clients;
    expect(read('Dockerfile')).toMatch(/apt-get install -y --no-install-recommends postgresql-client /);
    const server = Number(/^ {4}image: postgres:(\d+)-/m.exec(database)?.[1]);
    expect(server).toBeLessThanOrEqual(clients[release]);
  });

  it('gives it the time to stop by itself, and nothing to write to but its data', () => {
    expect(Number(/^ {4}stop_grace_period: (\d+)s$/m.exec(service)?.[1])).toBeGreaterThan(stopSeconds);
    expect(service).toMatch(/^ {4}read_only: true$/m);
    expect(service).toMatch(/^ {4}init: true$/m);
    expect(read('docs/operations.md')).toContain(`within ${stopSeconds} seconds`);
  });
});

describe('the unit of systemd', () => {
  it('starts a server whose data is where systemd makes its folder', () => {
    const reading = readEnvironment({ ...unitVariables(), BASE_URL: asked['BASE_URL'] });
    expect(reading).toMatchObject({
      ok: true,
      environment: { dataFolder: `/var/lib/${unitSetting('StateDirectory')}`, host: '127.0.0.1' },
    });
    expect(Number(unitSetting('TimeoutStopSec'))).toBeGreaterThan(stopSeconds);
  });
});

describe('the health check of the image', () => {
  it.each([
    { status: 200, code: 0 },
    { status: 503, code: 1 },
    { status: null, code: 1 },
  ])('ends with $code where /readyz says $status', async ({ status, code }) => {
    const [program, ...args] = healthCheck();
    expect(program).toBe('node');
    const paths: (string | undefined)[] = [];
    const server = createServer((req, res) => {
      paths.push(req.url);
      res.writeHead(status ?? 500).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (status === null) server.close();
    const child = spawn(process.execPath, args, {
      env: { NODE_ENV: 'production', PORT: String(port) },
      stdio: 'ignore',
    });
    const [ended] = (await once(child, 'close')) as [number | null];
    server.close();
    server.closeAllConnections();
    expect(ended).toBe(code);
    expect(paths).toEqual(status === null ? [] : ['/readyz']);
  });
});
