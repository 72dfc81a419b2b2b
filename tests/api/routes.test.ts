import { originsBehind } from '@/server/auth/origin';
import { afterEach, describe, expect, it } from 'vitest';
import type { SessionId, TeamId } from '@/lib/domain/ids';
import type { Overview } from '@/lib/domain/overview/overview';
import type { Person } from '@/lib/domain/permission';
import type { HoldRequest } from '@/lib/domain/request';
import { apiRoutes } from '@/server/api/routes';
import { person, Workplace } from '@/tests/engine/workplace';
import { recordingLog } from '@/tests/store/silent-log';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { ruleOf, TestRoster } from '@/tests/support/desk';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';

const payments = 'payments' as TeamId;
const ana: Person = { ...person('approver', 'Ana Ruiz'), teams: [payments] };
const kim: Person = person('approver', 'Kim Ode');
const admin: Person = person('admin', 'Mika Laine');
const observer: Person = { ...person('observer', 'Ola Berg'), teams: [payments] };
const tokens = new Map([
  ['hpp_ana', ana],
  ['hpp_kim', kim],
  ['hpp_ola', observer],
]);
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

interface Asking {
  readonly token?: string | null;
  readonly cookie?: string;
  readonly body?: unknown;
}

interface Api {
  readonly place: Workplace;
  readonly network: TcpProxy;
  readonly session: SessionId;
  readonly ask: (method: 'GET' | 'POST' | 'DELETE', path: string, more?: Asking) => Promise<Response>;
  readonly hold: (note: string) => Promise<HoldRequest>;
  readonly move: (ms: number) => void;
}

async function setUp(): Promise<Api> {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const network = await startTcpProxy(kitchen.url);
  open.push(network);
  const place = await Workplace.open({
    servers: [{ name: 'kitchen', transport: { kind: 'http', url: network.url, headers: {}, sign: null } }],
    settings: { rules: [ruleOf({ id: 'writes', hold: { team: payments } })] },
    roster: new TestRoster([ana, kim, observer]),
  });
  open.push(place);
  let at = 0;
  const app = apiRoutes({
    originOf: originsBehind(0),
    people: place.engine.people,
    control: place.engine.control,
    directory: {
      personOfToken: async (token) => tokens.get(token) ?? null,
      personOf: async (headers) => (headers.get('cookie') === 'admin' ? admin : null),
    },
    log: recordingLog().log,
    now: () => at,
  });
  const session = await place.session();
  return {
    place,
    network,
    session,
    ask: async (method, path, { token = 'hpp_ana', cookie, body } = {}) =>
      app.request(path, {
        method,
        headers: {
          'user-agent': 'a chat bot',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(cookie === undefined ? {} : { cookie }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    hold: (note) => {
      void place.call(session, 'write', { note });
      return place.opened();
    },
    move: (ms) => {
      at += ms;
    },
  };
}

describe('the API for people’s programs', () => {
  it('I11 opens to a token alone: none or a wrong one is refused', async () => {
    const { ask } = await setUp();
    for (const token of [null, 'hpp_nobody', `hpp_${'x'.repeat(600)}`]) {
      const refused = await ask('GET', '/api/v1/me', { token });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    }
    expect(await (await ask('GET', '/api/v1/me')).json()).toMatchObject({ name: 'Ana Ruiz', role: 'approver' });
  });

  it('I11 a cookie opens none of it, whatever page sends it: with it another site could act for who is signed in', async () => {
    const { ask, hold, place, session } = await setUp();
    const { requestId, callId } = await hold('a');
    const own = { token: null, cookie: 'admin' } as const;
    // The cookie is good: it opens the one path that is for browsers.
    expect((await ask('GET', `/api/v1/sessions/${session}/report`, own)).status).toBe(200);
    const reason = 'x';
    const paths = [
      ['GET', '/me'],
      ['GET', '/requests'],
      ['GET', `/requests/${requestId}`],
      ['POST', `/requests/${requestId}/answer`, { operationId: 'one', revision: 1, action: 'decline' }],
      ['POST', `/requests/${requestId}/claim`, {}],
      ['POST', `/requests/${requestId}/release`, {}],
      ['GET', '/overview?days=7'],
      ['GET', '/pauses'],
      ['POST', '/pauses', { everything: true, reason }],
      ['DELETE', '/pauses/pau_000000000000'],
      ['GET', `/sessions/${session}/end`],
      ['POST', `/sessions/${session}/end`, { reason }],
      ['POST', `/calls/${callId}/cancel`, { sessionId: session, reason }],
      ['POST', `/sessions/${session}/report`, {}],
    ] as const;
    for (const [method, path, body] of paths)
      expect([path, (await ask(method, `/api/v1${path}`, { ...own, body })).status]).toEqual([path, 401]);
    expect((await place.store.session(session))?.session.state).toBe('active');
    expect((await place.store.request(requestId))?.state).toBe('open');
    expect(place.engine.control.pauses(observer)).toMatchObject({ value: { pauses: [] } });
  });

  it('I11 what is another team’s does not exist', async () => {
    const { ask, hold } = await setUp();
    const { requestId, revision } = await hold('a');
    const path = `/api/v1/requests/${requestId}`;
    const body = { operationId: 'one', revision, action: 'accept' };
    for (const [method, end] of [
      ['GET', ''],
      ['POST', '/answer'],
      ['POST', '/claim'],
      ['POST', '/release'],
    ] as const) {
      const refused = await ask(method, `${path}${end}`, { token: 'hpp_kim', ...(method === 'POST' ? { body } : {}) });
      expect([end, refused.status, await refused.json()]).toMatchObject([end, 404, { error: { code: 'not_found' } }]);
    }
    expect(await (await ask('GET', '/api/v1/requests', { token: 'hpp_kim' })).json()).toMatchObject({ items: [] });
    expect((await ask('POST', `${path}/answer`, { token: 'hpp_ola', body })).status).toBe(403);
    expect((await ask('GET', path, { token: 'hpp_ola' })).status).toBe(200);
  });

  it('says of a request that its server is away, since when, and no more once it is back', async () => {
    const { ask, hold, network, place, session } = await setUp();
    await hold('a');
    const listed = async (): Promise<unknown> => (await ask('GET', '/api/v1/requests')).json();
    expect(await listed()).toMatchObject({ items: [{ away: null }] });
    network.cut();
    const broke = await place.untilEvent(session, ({ type }) => type === 'connection.reattaching');
    const away = { server: 'kitchen', state: 'reattaching', sinceAt: broke.at };
    expect(await listed()).toMatchObject({ items: [{ away }] });
    network.restore();
    await place.untilEvent(session, ({ type, seq }) => type === 'connection.ready' && seq > broke.seq);
    expect(await listed()).toMatchObject({ items: [{ away: null }] });
  });

  it('I1 any text of the caller’s is an operation: said again it is the same answer', async () => {
    const { ask, hold, place } = await setUp();
    const { requestId, revision } = await hold('a');
    const body = { operationId: 'slack-1718.42', revision, action: 'decline', reason: 'Not now.' };
    const path = `/api/v1/requests/${requestId}/answer`;
    const first = await ask('POST', path, { body });
    expect(first.status).toBe(200);
    expect(await first.json()).toMatchObject({ answer: { action: 'decline', reason: 'Not now.' } });
    expect((await ask('POST', path, { body })).status).toBe(200);
    const other = await ask('POST', path, { body: { ...body, operationId: 'another' } });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ error: { code: 'already_answered', details: { by: 'Ana Ruiz' } } });
    const events = await place.store.requestEvents(requestId);
    expect(events.filter(({ type }) => type === 'request.answered')).toHaveLength(1);
  });

  it('records from where a program acted, and says it to nobody (I14, I15)', async () => {
    const { ask, hold, place } = await setUp();
    const { requestId, revision } = await hold('a');
    const path = `/api/v1/requests/${requestId}`;
    const body = { operationId: 'one', revision, action: 'decline', reason: 'Not now.' };
    const said = [
      await ask('POST', `${path}/answer`, { body }),
      await ask('GET', '/api/v1/me'),
      await ask('GET', path),
    ];
    const act = (await place.acts()).find((entry) => entry.act === 'request.answered');
    expect(act).toMatchObject({ about: { id: requestId }, from: { by: 'token', client: 'a chat bot' } });
    for (const response of said) expect(await response.text()).not.toContain('a chat bot');
  });

  it('refuses an answer to what was not shown', async () => {
    const { ask, hold } = await setUp();
    const { requestId } = await hold('a');
    const stale = await ask('POST', `/api/v1/requests/${requestId}/answer`, {
      body: { operationId: 'one', revision: 7, action: 'accept' },
    });
    expect([stale.status, await stale.json()]).toMatchObject([409, { error: { code: 'stale_revision' } }]);
  });

  it.each([
    ['no JSON', 'this is no JSON', 'The body is not JSON. Send one object, with Content-Type: application/json.'],
    ['nothing', '', 'The body is not JSON. Send one object, with Content-Type: application/json.'],
    ['a list', [], 'expected object, received array.'],
    [
      'an unknown field',
      { operationId: 'a', revision: 1, action: 'accept', approve: true },
      'Unrecognized key: "approve".',
    ],
    [
      'no operation',
      { revision: 'x', action: 'accept' },
      'operationId: is missing; revision: expected number, received string.',
    ],
    [
      'a wrong action',
      { operationId: 'a', revision: 1, action: 'approve' },
      'action: expected one of "accept", "decline", "cancel".',
    ],
    [
      'a text as content',
      { operationId: 'a', revision: 1, action: 'accept', content: 'yes' },
      'content: must be an object.',
    ],
  ])('says what is wrong with %s, and nothing happens', async (_what, body, message) => {
    const { ask, hold, place } = await setUp();
    const { requestId } = await hold('a');
    const refused = await ask('POST', `/api/v1/requests/${requestId}/answer`, { body });
    expect([refused.status, await refused.json()]).toEqual([400, { error: { code: 'bad_input', message } }]);
    expect((await place.store.request(requestId))?.state).toBe('open');
  });

  it('pages through the queue, each request once', async () => {
    const { ask, hold } = await setUp();
    const made = new Set<string>();
    for (const note of ['apple', 'berry', 'cherry', 'date', 'elder']) made.add((await hold(note)).requestId);
    const seen: string[] = [];
    let after = '';
    for (let pages = 0; pages < 4; pages += 1) {
      const reply = await ask('GET', `/api/v1/requests?limit=2&order=opened${after}`);
      const { items, next } = (await reply.json()) as { items: { request: HoldRequest }[]; next: string | null };
      seen.push(...items.map(({ request }) => request.requestId));
      if (next === null) break;
      after = `&after=${next}`;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(made);
    const found = await ask('GET', '/api/v1/requests?q=write%20elder&kind=approval&kind=form');
    expect(((await found.json()) as { items: unknown[] }).items).toHaveLength(1);
  });

  it.each(['view=all', 'limit=0', 'after=1_req_x', 'kind=approvals', 'team=Not%20A%20Team', 'secret=1'])(
    'says what is wrong with ?%s',
    async (query) => {
      const { ask } = await setUp();
      const refused = await ask('GET', `/api/v1/requests?${query}`);
      expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: 'bad_input' } }]);
    },
  );

  it('bounds how fast one person’s programs ask, and nobody else’s', async () => {
    const { ask, move } = await setUp();
    const statuses: number[] = [];
    for (let count = 0; count < 45; count += 1) statuses.push((await ask('GET', '/api/v1/me')).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect((await ask('GET', '/api/v1/me', { token: 'hpp_kim' })).status).toBe(200);
    move(1_000);
    expect((await ask('GET', '/api/v1/me')).status).toBe(200);
  });

  it('knows nothing else', async () => {
    const { ask } = await setUp();
    for (const path of ['/api/v1/people', '/api/v1/requests/req_1/answer', '/api/v1/requests/__proto__'])
      expect((await ask('GET', path)).status).toBe(404);
    const large = await ask('POST', '/api/v1/requests/req_000000000000/answer', { body: 'x'.repeat(1_100_000) });
    expect(large.status).toBe(413);
  });

  it('I11 gives the figures of the overview: everyone’s, with the names of their teams only, as JSON and as a table', async () => {
    const { place, ask, hold } = await setUp();
    const request = await hold('secret-words');
    const answered = await ask('POST', `/api/v1/requests/${request.requestId}/answer`, {
      body: { operationId: 'one', revision: request.revision, action: 'decline', reason: 'secret-reason' },
    });
    expect(answered.status).toBe(200);
    await hold('another');
    const read = async (token: string, query = ''): Promise<Overview> =>
      (await (await ask('GET', `/api/v1/overview${query}`, { token })).json()) as Overview;
    const [ours, theirs] = [await read('hpp_ana'), await read('hpp_kim', '?period=today&zone=Europe/Berlin')];
    for (const overview of [ours, theirs]) {
      expect(overview.figures).toMatchObject({ accepted: 0, declined: 1, expired: 0 });
      expect(overview.tools).toMatchObject([{ server: 'kitchen', tool: 'write', declined: 1 }]);
      expect(JSON.stringify(overview)).not.toMatch(/secret/);
    }
    expect([ours.days.length, theirs.days.length]).toEqual([7, 1]);
    expect([ours.now.open, theirs.now.open]).toEqual([1, 0]);
    expect(ours.now).toMatchObject({ live: 1, moods: { person: 1 } });
    expect([ours.teams[0]?.of, theirs.teams[0]?.of]).toEqual(['team', 'others']);
    expect(JSON.stringify(theirs)).not.toContain(payments);

    const csv = await ask('GET', '/api/v1/overview?format=csv&from=2026-11-01&until=2026-11-02');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect((await csv.text()).split('\r\n').filter((line) => line.startsWith('day,'))).toHaveLength(2);
    for (const query of [
      '?period=year',
      '?zone=Mars',
      '?format=xml',
      '?from=2026-11-02&until=2026-11-01',
      '?team=payments',
    ]) {
      const refused = await ask('GET', `/api/v1/overview${query}`);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({
        error: { code: 'bad_input', message: expect.stringMatching(/\S{3}/) },
      });
    }
    expect((await ask('GET', '/api/v1/overview', { token: 'hpp_nobody' })).status).toBe(401);
    await place.engine.drain();
  });
});
