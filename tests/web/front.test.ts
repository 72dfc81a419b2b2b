import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PersonId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { Log } from '@/server/engine/ports/log';
import { safeNext } from '@/components/door/safe-next';
import { createFront, type FrontPorts } from '@/server/web/front';
import { noTeams } from '@/tests/support/desk';

const ana: Person = {
  id: 'per_ana' as PersonId,
  name: 'Ana Ruiz',
  email: 'ana@example.com',
  role: 'approver',
  ...noTeams,
};
const open: Server[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()));
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Setting {
  readonly personOf?: FrontPorts['directory']['personOf'];
  readonly pages?: FrontPorts['pages'];
  readonly api?: FrontPorts['api'];
  readonly storageOk?: boolean;
  readonly trouble?: string;
  readonly figuresToken?: string;
  readonly secure?: boolean;
  readonly dev?: boolean;
}

async function setUp(setting: Setting = {}) {
  const served: string[] = [];
  const logged: { readonly fields: object; readonly message: string }[] = [];
  const keep = (fields: object, message: string): void => void logged.push({ fields, message });
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
  const say =
    (what: string) =>
    async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
      served.push(`${what} ${req.url}`);
      res.end(what);
    };
  const personOf: FrontPorts['directory']['personOf'] = async (headers) =>
    headers.get('cookie') === 'me' ? ana : null;
  const front = createFront({
    directory: { personOf: setting.personOf ?? personOf } as FrontPorts['directory'],
    log,
    agents: say('agents'),
    api: setting.api ?? say('api'),
    pages: setting.pages ?? say('pages'),
    figures: (_req, res) => void res.end('figures'),
    figuresToken: setting.figuresToken ?? null,
    storageOk: () => setting.storageOk ?? true,
    trouble: () => setting.trouble ?? null,
    secure: setting.secure ?? false,
    dev: setting.dev ?? false,
  });
  const server = createServer(front);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  /** The path goes out exactly as it stands: `fetch` would tidy it up. */
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString('utf8') }),
        );
        res.on('error', reject);
      });
      sent.on('error', reject);
      sent.end();
    });
  return { get, served, logged };
}

const signedIn = { cookie: 'me' };

describe('the way to what', () => {
  it('each path goes to its part', async () => {
    const { get, served } = await setUp();
    for (const path of ['/mcp', '/mcp/kitchen', '/api/auth/get-session', '/queue']) await get(path, signedIn);
    expect(served).toEqual(['agents /mcp', 'agents /mcp/kitchen', 'api /api/auth/get-session', 'pages /queue']);
  });

  it('health is always known; readiness follows the database', async () => {
    expect((await (await setUp()).get('/readyz')).status).toBe(200);
    const { get } = await setUp({ storageOk: false });
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('a broken audit log leaves it ready, with a note for who may read the figures and nobody else (I15)', async () => {
    const trouble = 'The audit log is broken at entry 7: its hash is another.';
    const { get } = await setUp({ trouble });
    expect(await get('/readyz')).toMatchObject({ status: 200, body: `ready\n${trouble}\n` });
    expect(await get('/readyz', { 'x-forwarded-for': '203.0.113.9' })).toMatchObject({ status: 200, body: 'ready\n' });
    const guarded = await setUp({ trouble, figuresToken: 'a token' });
    expect((await guarded.get('/readyz')).body).toBe('ready\n');
    expect((await guarded.get('/readyz', { authorization: 'Bearer a token' })).body).toContain('entry 7');
  });

  it('pages are only read', async () => {
    const { get, served } = await setUp();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await get('/queue', signedIn, method)).status).toBe(405);
    expect(served).toEqual([]);
  });
});

describe('who may have a page', () => {
  it('who is not signed in is sent to sign in, to come back, and nothing is cached', async () => {
    const { get, served } = await setUp();
    const reply = await get('/sessions/ses_1');
    expect(reply).toMatchObject({
      status: 302,
      headers: { location: '/sign-in?next=%2Fsessions%2Fses_1', 'cache-control': 'no-store' },
    });
    expect(served).toEqual([]);
  });

  it('what a link names is there after signing in', async () => {
    const { get } = await setUp();
    const origin = 'https://hold.example';
    for (const link of ['/audit?entry=1204', '/queue?view=mine&q=a%20b', '/sessions/ses_1?at=5', '/queue?next=//x']) {
      const { headers } = await get(link);
      const next = new URL(headers.location ?? '', origin).searchParams.get('next');
      expect(safeNext(next, origin)).toBe(link);
    }
    // One that is too long to go back to leads to its page all the same.
    expect((await get(`/queue?q=${'x'.repeat(3_000)}`)).headers.location).toBe('/sign-in?next=%2Fqueue');
  });

  it('the ways in and assets are open', async () => {
    const { get } = await setUp();
    for (const path of ['/sign-in', '/welcome?token=x', '/join/', '/_next/static/a.js', '/icon.svg', '/favicon.ico']) {
      expect((await get(path)).status).toBe(200);
    }
  });

  it('a path that this and the pages could read differently is refused, not guessed at', async () => {
    const { get, served } = await setUp();
    const tricks = [
      '//evil.example/sign-in',
      '/\\evil.example/sign-in',
      '/_next/../queue',
      '/_next/%2e%2e/queue',
      '/_next/.%2E/queue',
      '/_next\\..\\queue',
      '/./queue',
      'http://evil.example/sign-in',
      '*',
    ];
    for (const path of tricks) expect([path, (await get(path)).status]).toEqual([path, 400]);
    for (const path of tricks) expect([path, (await get(path, signedIn)).status]).toEqual([path, 400]);
    expect(served).toEqual([]);
  });

  it('look-alikes of open paths are not open', async () => {
    const { get, served } = await setUp();
    for (const path of [
      '/sign-in/more',
      '/sign-inn',
      '/Sign-In',
      '/_nextt/x',
      '/_next',
      '/icon/secret',
      '/welcome.txt',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 302]);
    }
    expect(served).toEqual([]);
  });

  it('the way back never leads elsewhere', async () => {
    const { get } = await setUp();
    for (const path of ['/%2F%2Fevil.example', '/a%0d%0aset-cookie:x', '/@evil.example']) {
      const { status, headers } = await get(path);
      expect(status).toBe(302);
      expect(headers.location?.startsWith('/sign-in?next=%2F')).toBe(true);
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('while the database is away it says so, instead of failing or letting anyone in', async () => {
    const { get, served, logged } = await setUp({ personOf: () => Promise.reject(new Error('connect ECONNREFUSED')) });
    const reply = await get('/queue', signedIn);
    expect(reply).toMatchObject({ status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '5' } });
    expect(reply.body).toContain('database');
    expect(served).toEqual([]);
    expect(logged).toHaveLength(1);
    expect((await get('/sign-in')).status).toBe(200);
  });
});

describe('what every answer carries', () => {
  it('headers that keep it from being framed, guessed at, or told elsewhere', async () => {
    const { get } = await setUp({ secure: true });
    for (const path of ['/queue', '/api/x', '/mcpx', '/healthz', '//bad']) {
      expect((await get(path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
      });
    }
    expect((await (await setUp()).get('/queue')).headers['strict-transport-security']).toBeUndefined();
  });

  it('an agent is told nothing that is meant for a browser’s pages: the endpoint says its own', async () => {
    const { get } = await setUp({ secure: true });
    for (const path of ['/mcp', '/mcp/kitchen']) {
      const { headers } = await get(path);
      expect(Object.keys(headers).sort()).toEqual(['connection', 'content-length', 'date']);
    }
  });

  it('a page with a one-time link in its address is never sent on as a referrer', async () => {
    const { get } = await setUp();
    for (const path of ['/welcome?token=x', '/join?token=x']) {
      expect((await get(path)).headers['referrer-policy']).toBe('strict-origin');
    }
  });

  it('I14 a failure is told without its words, and logged without the query', async () => {
    const { get, logged } = await setUp({ pages: () => Promise.reject(new Error('at /srv/secret/place')) });
    const reply = await get('/queue?token=hunter2', signedIn);
    expect(reply.status).toBe(500);
    expect(reply.body).not.toContain('secret');
    expect(JSON.stringify(logged)).not.toContain('hunter2');
  });

  it('a failure after the headers cuts the answer off, so that nobody takes it for whole', async () => {
    const pages = async (_req: IncomingMessage, res: ServerResponse): Promise<void> => {
      res.writeHead(200, { 'content-type': 'text/css' });
      res.write('a');
      throw new Error('half way');
    };
    const { get } = await setUp({ pages });
    await expect(get('/queue', signedIn)).rejects.toThrow(/aborted|hang up|reset/);
  });
});
