import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { postgresPrograms, reachableTempFolder } from '@/tests/support/postgres-files';

const execute = promisify(execFile);
const user = 'holdpoint';
const startTries = 5;

export interface TestPostgres {
  url(databaseName: string): string;
  /** Makes an empty database and resolves with its name. */
  createDatabase(): Promise<string>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** The user the server runs as: it refuses to be root. */
interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

interface Place extends RunAs {
  readonly folder: string;
  readonly programs: string;
}

/**
 * Starts a real PostgreSQL from npm, on a free port of loopback, with a password of its own. As root it runs as
 * `nobody`. Not synced to disk: no test here outlives a power cut.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const runAs = await otherUserIfRoot();
  const folder = await mkdtemp(path.join(reachableTempFolder(), 'holdpoint-postgres-'));
  try {
    // Others may pass through to a copy of the programs; the data folder itself is closed by initdb.
    await chmod(folder, 0o711);
    if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(folder, runAs.uid, runAs.gid);
    const programs = await postgresPrograms(folder, runAs.uid === undefined ? 'as-me' : 'as-other-user');
    const place = { ...runAs, folder, programs };
    const password = randomBytes(16).toString('hex');
    await initialise(place, password);
    const { server, port } = await startServer(place);
    return control({ server, folder, address: `postgres://${user}:${password}@127.0.0.1:${port}` });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function otherUserIfRoot(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => execute('id', [flag, 'nobody'])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}

function spawnOptions({ uid, gid, folder }: Place): {
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
} {
  // The working folder must be one that the other user may read; the language decides what the log says.
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', NODE_ENV: 'test' } as const;
  const options = { cwd: folder, env };
  return uid === undefined || gid === undefined ? options : { ...options, uid, gid };
}

async function initialise(place: Place, password: string): Promise<void> {
  const passwordFile = path.join(place.folder, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.uid !== undefined && place.gid !== undefined) await chown(passwordFile, place.uid, place.gid);
  const args = [`--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const rest = ['--encoding=UTF8', '--locale=C', '--no-sync', `--pgdata=${path.join(place.folder, 'data')}`];
  await execute(path.join(place.programs, 'bin', 'initdb'), [...args, ...rest], spawnOptions(place));
  await rm(passwordFile);
}

/** Between finding a free port and opening it another program may take it, so it is tried a few times. */
async function startServer(place: Place): Promise<{ server: ChildProcess; port: number }> {
  const problems: string[] = [];
  for (let attempt = 0; attempt < startTries; attempt += 1) {
    const port = await freePort();
    const outcome = await tryStart(place, port);
    if (typeof outcome !== 'string') return { server: outcome, port };
    problems.push(outcome);
    if (!outcome.includes('Address already in use')) break;
  }
  throw new Error(`PostgreSQL did not start:\n${problems.join('\n')}`);
}

/** Resolves with the running server, or with what it said before it ended. */
function tryStart(place: Place, port: number): Promise<ChildProcess | string> {
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  const more = ['full_page_writes=off', 'shared_buffers=32MB', 'max_connections=200'];
  const args = ['-D', path.join(place.folder, 'data'), ...[...settings, ...more].flatMap((each) => ['-c', each])];
  return new Promise((resolve) => {
    const server = spawn(path.join(place.programs, 'bin', 'postgres'), args, {
      ...spawnOptions(place),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: string[] = [];
    server.once('error', (error) => resolve(error.message));
    server.once('close', (code) => resolve(`${said.join('\n')}\nended with code ${code}`));
    createInterface({ input: server.stderr }).on('line', (line) => {
      if (said.length < 100) said.push(line);
      if (line.includes('ready to accept connections')) resolve(server);
    });
  });
}

interface Running {
  readonly server: ChildProcess;
  readonly folder: string;
  readonly address: string;
}

function control({ server, folder, address }: Running): TestPostgres {
  const url = (databaseName: string): string => `${address}/${databaseName}`;
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  // A test run that is cut short leaves no server behind.
  const quitNow = (): void => void server.kill('SIGQUIT');
  process.once('exit', quitNow);
  return {
    url,
    async createDatabase() {
      const name = `test_${randomBytes(8).toString('hex')}`;
      const client = new Client({ connectionString: url('postgres') });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}`);
      } finally {
        await client.end();
      }
      return name;
    },
    async stop() {
      // Fast shutdown: sessions still open are ended.
      server.kill('SIGINT');
      await ended;
      process.off('exit', quitNow);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
