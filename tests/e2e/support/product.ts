import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import type { Role } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { CommandOf, CommandType } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { protocolVersion } from '@/lib/protocol/version';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const startLimitMs = 60_000;
/** Everyone's, so that a test can sign in as a person would. */
export const password = 'correct horse battery';

export interface ProductOptions {
  /** The `mcpServers` of the configuration file. */
  readonly servers: Readonly<Record<string, object>>;
  /** The top-level `holdpoint` key. */
  readonly holdpoint?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it listens, when something has to know before it starts. */
  readonly port?: number;
  /** The address browsers use, when something stands in front of it. */
  readonly baseUrl?: string;
}

/** The built product as an operator runs it: its own process, folder, port and configuration file. */
export interface Product {
  readonly baseUrl: string;
  readonly mcpUrl: string;
  readonly agentKey: string;
  /** Where its database and secret lie. */
  readonly folder: string;
  /** The link that makes the first admin, as it was printed. It works until someone is signed in by this product. */
  welcomeLink(): Promise<string>;
  /** Signs a browser in as a person of this role, made on the first call for it; `name` tells people apart. */
  signIn(context: BrowserContext, role: Role, name?: string): Promise<void>;
  /** A cookie header of such a person, for what is not a browser. */
  cookieOf(role: Role, name?: string): Promise<string>;
  /** A signed-in socket that says commands. Closed with the product. */
  connect(role: Role, name?: string): Promise<Commander>;
  /** Ends the process as an operator would; its folder stays for a next start. */
  stop(): Promise<number | null>;
  kill(): Promise<number | null>;
  /** Of the running process. */
  pid(): number;
  start(): Promise<void>;
  close(): Promise<void>;
  output(): string;
}

export interface Commander {
  readonly socket: Socket;
  say<T extends CommandType>(command: CommandOf<T>): Promise<Result<ReplyOf[T]>>;
}

export async function startProduct(options: ProductOptions): Promise<Product> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-e2e-'));
  const port = options.port ?? (await freePort());
  const agentKey = `hp_${randomBytes(32).toString('base64url')}`;
  await writeFile(
    path.join(folder, 'mcp.json'),
    JSON.stringify({ mcpServers: options.servers, holdpoint: options.holdpoint ?? {} }),
  );
  const product = new RunningProduct({
    folder,
    port,
    agentKey,
    env: options.env ?? {},
    baseUrl: options.baseUrl ?? null,
  });
  await product.start();
  return product;
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly agentKey: string;
  readonly baseUrl: string | null;
  readonly env: Readonly<Record<string, string>>;
}

class RunningProduct implements Product {
  readonly baseUrl: string;
  readonly mcpUrl: string;
  readonly agentKey: string;
  readonly folder: string;
  /** Past whatever stands in front. */
  private readonly directUrl: string;
  private child: ChildProcess | null = null;
  private readonly lines: string[] = [];
  private welcome: string | null = null;
  private admin: Promise<string> | null = null;
  private readonly cookies = new Map<string, Promise<string>>();
  private readonly sockets: Socket[] = [];

  constructor(private readonly place: Place) {
    this.directUrl = `http://localhost:${place.port}`;
    this.baseUrl = place.baseUrl ?? this.directUrl;
    this.mcpUrl = `${this.directUrl}/mcp`;
    this.agentKey = place.agentKey;
    this.folder = place.folder;
  }

  async start(): Promise<void> {
    const { folder, port, agentKey, env } = this.place;
    const child = spawn(process.execPath, [path.join(root, 'dist/server/main.js')], {
      cwd: root,
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'production',
        PORT: String(port),
        BASE_URL: this.baseUrl,
        DATABASE_URL: `sqlite:${path.join(folder, 'holdpoint.db')}`,
        HOLDPOINT_CONFIG: path.join(folder, 'mcp.json'),
        HOLDPOINT_BOOTSTRAP_AGENT: 'oncall-copilot',
        HOLDPOINT_BOOTSTRAP_AGENT_KEY: agentKey,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`Holdpoint did not start in time:\n${this.output()}`)),
        startLimitMs,
      );
      const heard = (line: string): void => {
        this.lines.push(line);
        const token = /\/welcome\?token=(\S+)/.exec(line)?.[1];
        if (token !== undefined) this.welcome = token;
        if (!line.startsWith('Holdpoint is ready')) return;
        clearTimeout(late);
        resolve();
      };
      createInterface({ input: child.stdout }).on('line', heard);
      createInterface({ input: child.stderr }).on('line', heard);
      child.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`Holdpoint ended with ${code}:\n${this.output()}`));
      });
    });
  }

  async welcomeLink(): Promise<string> {
    return `${this.baseUrl}/welcome?token=${await this.welcomeToken()}`;
  }

  output(): string {
    return this.lines.join('\n');
  }

  cookieOf(role: Role, name = defaultNames[role]): Promise<string> {
    const known = this.cookies.get(name);
    if (known !== undefined) return known;
    const made = this.newcomer(role, name);
    this.cookies.set(name, made);
    return made;
  }

  /** Whoever comes first is the admin of the printed link, who invites the others. */
  private async newcomer(role: Role, name: string): Promise<string> {
    const first = this.admin ?? this.firstAdmin(defaultNames.admin);
    this.admin = first;
    if (name === defaultNames.admin) return first;
    await first;
    return this.invited(role, name);
  }

  async signIn(context: BrowserContext, role: Role, name = defaultNames[role]): Promise<void> {
    const cookies = (await this.cookieOf(role, name)).split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: this.baseUrl };
    });
    await context.addCookies(cookies);
  }

  async connect(role: Role, name = defaultNames[role]): Promise<Commander> {
    const cookie = await this.cookieOf(role, name);
    const socket = io(this.directUrl, { transports: ['websocket'], extraHeaders: { cookie }, forceNew: true });
    this.sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const say: Commander['say'] = (command) =>
      new Promise((resolve) => {
        socket.emit('command', command, resolve);
      });
    const hello = await say({ type: 'hello', version: protocolVersion });
    if (!hello.ok) throw new Error(hello.message);
    return { socket, say };
  }

  private async firstAdmin(name: string): Promise<string> {
    const token = await this.welcomeToken();
    return this.enter('welcome', { token, name, email: emailOf(name), password });
  }

  /** It is printed right after the word that it is ready. */
  private async welcomeToken(): Promise<string> {
    while (this.welcome === null) await new Promise((resolve) => this.child?.stdout?.once('data', resolve));
    return this.welcome;
  }

  private async invited(role: Role, name: string): Promise<string> {
    const admin = await this.connect('admin');
    const invited = await admin.say({ type: 'people.invite', email: emailOf(name), role });
    admin.socket.disconnect();
    if (!invited.ok) throw new Error(invited.message);
    const token = new URL(invited.value.link).searchParams.get('token');
    return this.enter('join', { token, name, password });
  }

  private async enter(door: 'welcome' | 'join', body: object): Promise<string> {
    const response = await fetch(`${this.directUrl}/api/door/${door}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${door}: ${response.status} ${await response.text()}`);
    return response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  kill(): Promise<number | null> {
    return this.end('SIGKILL');
  }

  pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Resolves with its exit code. */
  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    this.child = null;
    if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.disconnect();
    await this.stop();
    await rm(this.place.folder, { recursive: true, force: true });
  }
}

/** The address a person of this name is given. */
export function emailOf(name: string): string {
  return `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;
}

const defaultNames: { readonly [R in Role]: string } = {
  admin: 'Mika Laine',
  approver: 'Ana Ruiz',
  observer: 'Olu Ade',
};

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
