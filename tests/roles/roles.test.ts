import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import { commandSchema, type Command } from '@/lib/protocol/commands';
import type { Push } from '@/lib/protocol/pushes';
import { must, operation } from '@/tests/engine/workplace';
import { RawAgent } from '@/tests/downstream/raw-agent';
import { watchOpen } from '@/tests/support/looks';
import { aboutOthers, aboutRequest } from './commands';
import { type Becomes, endpoints, isSeen, onRequests, others, type Situation, situations } from './table';
import { type Column, columns, connect, escalatesAfterMs, openWorld, payments, type Seat, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

function seat(column: Column): Seat {
  const found = world.seats.get(column);
  if (found === undefined) throw new Error(`nobody is ${column}`);
  return found;
}

function idOf(name: string) {
  const id = world.ids.get(name);
  if (id === undefined) throw new Error(`nobody is called ${name}`);
  return id;
}

/** A fresh request that came to be where it is in the way of the situation. */
async function inSituation(situation: Situation): Promise<HoldRequest> {
  const { people } = world.engine;
  switch (situation) {
    case 'for a team':
      return (await world.hold('team')).request;
    case 'for everyone':
      return (await world.hold('everyone')).request;
    case 'escalated': {
      const { request } = await world.hold('escalates');
      world.moveMs(escalatesAfterMs + 1);
      await world.changed(request.requestId, ({ alsoTeams }) => alsoTeams.length === 1);
      return request;
    }
    case 'handed over': {
      const { request } = await world.hold('team');
      const team = ['Ana', 'Bo', 'Olu'].map(idOf);
      // Only who may answer it is given it; that he leaves the team takes it from him no more.
      await world.setTeam(payments, [...team, idOf('Ivo')]);
      must(await people.assign(seat('admin').person, request.requestId, idOf('Ivo')));
      await world.setTeam(payments, team);
      return request;
    }
    case 'routed away by an edit': {
      const { request } = await world.hold('edits');
      const order = { requestId: request.requestId, revision: request.revision, arguments: { far: true } };
      return must(await people.edit(seat('in the team').person, order));
    }
  }
}

function expected(
  situation: Situation,
  column: Column,
  row: { readonly answers: Becomes; readonly watches: Becomes },
): string {
  if (!isSeen(situation, column)) return 'not_found';
  return column.startsWith('observer') ? row.watches : row.answers;
}

const commandsOfRequests = Object.keys(onRequests) as (keyof typeof onRequests)[];

describe.each(situations)('I11 a request %s', (situation) => {
  describe.each(commandsOfRequests)('%s', (type) => {
    it.each(columns)('said by who is %s', async (column) => {
      const request = await inSituation(situation);
      const { page, person } = seat(column);
      const said = aboutRequest(type, request);
      // Ivo keeps what he was given; anybody may hand it on, which is not what is asked here.
      const command: Command =
        said.type === 'request.assign' && situation === 'handed over' ? { ...said, to: idOf('Ivo') } : said;
      const result = await page.say(command);
      const got = result.ok ? 'ok' : result.code;
      expect({ person: person.name, got, result: result.ok ? null : result.message }).toMatchObject({
        got: expected(situation, column, onRequests[type]),
      });
      // The words of one that never was: nothing tells the two apart.
      const absent = await page.say({ ...command, requestId: 'req_000000000000' } as Command);
      const isTold = got !== 'not_found' || JSON.stringify(result) === JSON.stringify(absent);
      expect(isTold).toBe(true);
    });
  });

  it.each(columns)('is in the lists and counts of who is %s, or in none', async (column) => {
    const request = await inSituation(situation);
    const { page, token } = seat(column);
    const inPage = await pages(column, request);
    expect(inPage).toBe(isSeen(situation, column));
    const after = await fetch(`${world.url}/api/v1/requests?limit=200&order=opened`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const listed = (await after.json()) as { readonly items: readonly { readonly request: HoldRequest }[] };
    expect(listed.items.some((item) => item.request.requestId === request.requestId)).toBe(isSeen(situation, column));
    // The count is of what the lists hold, and of nothing else.
    const difference = async (): Promise<number> => {
      const counts = must(await page.say({ type: 'queue.counts' })) as { readonly open: number };
      return counts.open - (await countAll(column));
    };
    // The clock of this world was moved: what is over by that goes while it is counted.
    await expect.poll(difference, { timeout: 20_000 }).toBe(0);
  });

  it('is pushed to who sees it and to nobody else, and is gone for who saw it', async () => {
    for (const { page } of world.seats.values()) {
      must(await page.say(watchOpen));
      page.pushes.length = 0;
    }
    const { requestId } = await inSituation(situation);
    must(await seat('admin').page.say({ type: 'request.look', requestId, typing: true }));
    must(await seat('admin').page.say({ type: 'request.claim', requestId }));
    for (const { page, column } of world.seats.values()) {
      // What was pushed before this reply has arrived with it.
      must(await page.say({ type: 'queue.counts' }));
      const about = page.pushes.filter((push) => isAbout(push, requestId));
      const kinds = new Set(about.map(({ type }) => type));
      const saw = isSeen(situation, column);
      const sawBefore =
        situation === 'routed away by an edit'
          ? isSeen('for a team', column)
          : saw || (situation === 'handed over' && column === 'assigned');
      expect({ column, changed: kinds.has('request.changed') }).toEqual({ column, changed: saw || sawBefore });
      expect({ column, presence: kinds.has('presence.changed') }).toEqual({ column, presence: saw });
      expect({ column, gone: kinds.has('request.gone') }).toEqual({ column, gone: sawBefore && !saw });
      // Nothing follows what is gone.
      expect(!kinds.has('request.gone') || about.at(-1)?.type === 'request.gone').toBe(true);
    }
  });

  describe.each(endpoints)('$method /api/v1/requests/{id}$path', ({ method, path, answers, watches, blind }) => {
    it.each(columns)('with the token of who is %s', async (column) => {
      const request = await inSituation(situation);
      const { status, text } = await ask(method, `${request.requestId}${path}`, {
        bearer: seat(column).token,
        request,
      });
      const want = !isSeen(situation, column) ? blind : column.startsWith('observer') ? watches : answers;
      expect({ column, status, text: status === want ? '' : text }).toEqual({ column, status: want, text: '' });
      const absent = await ask(method, `req_000000000000${path}`, { bearer: seat(column).token, request });
      expect(status !== 404 || text === absent.text).toBe(true);
    });

    it('with the key of an agent, a cookie, or nothing', async () => {
      const request = await inSituation(situation);
      const cookie = seat('admin').browser.headers.get('cookie') ?? '';
      for (const how of [{ bearer: world.agentKey }, { cookie }, {}])
        expect((await ask(method, `${request.requestId}${path}`, { ...how, request })).status).toBe(401);
    });
  });
});

function isAbout(push: Push, requestId: HoldRequest['requestId']): boolean {
  return !push.type.startsWith('session.') && JSON.stringify(push).includes(requestId);
}

async function ask(
  method: string,
  path: string,
  how: { readonly bearer?: string; readonly cookie?: string; readonly request: HoldRequest },
): Promise<{ readonly status: number; readonly text: string }> {
  const body = { operationId: operation(), revision: how.request.revision, action: 'decline' };
  const response = await fetch(`${world.url}/api/v1/requests/${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(how.bearer === undefined ? {} : { authorization: `Bearer ${how.bearer}` }),
      ...(how.cookie === undefined ? {} : { cookie: how.cookie }),
    },
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, text: await response.text() };
}

/** Everything open that somebody's queue has, page after page. */
async function everything(column: Column): Promise<readonly HoldRequest[]> {
  const { page } = seat(column);
  const found: HoldRequest[] = [];
  type Reply = { readonly items: readonly { readonly request: HoldRequest }[]; readonly more: boolean };
  let reply = must(await page.say(watchOpen)) as Reply;
  for (;;) {
    found.push(...reply.items.map(({ request }) => request));
    const last = found.at(-1);
    if (!reply.more || last === undefined) return found;
    const after = { at: last.deadline.at, requestId: last.requestId };
    reply = must(await page.say({ type: 'queue.page', look: watchOpen.look, after })) as Reply;
  }
}

async function pages(column: Column, { requestId }: HoldRequest): Promise<boolean> {
  return (await everything(column)).some((request) => request.requestId === requestId);
}

async function countAll(column: Column): Promise<number> {
  return (await everything(column)).length;
}

describe('I11 everything else that can be said', () => {
  it('is in one of the two tables', () => {
    const types = commandSchema.options.map((option) => option.shape.type.value);
    expect([...Object.keys(onRequests), ...Object.keys(others)].sort()).toEqual([...types].sort());
  });

  describe.each(Object.entries(others))('%s', (type, row) => {
    it.each(columns)('by who is %s', async (column) => {
      const { sessionId } = await world.hold('team');
      const { page, person } = seat(column);
      // Who may end it would end the session of every other test.
      const isMissing = type === 'session.end' && person.role === 'admin';
      const about = isMissing ? ('ses_000000000000' as SessionId) : sessionId;
      const command = aboutOthers(about).find((each) => each.type === type);
      if (command === undefined) throw new Error(`${type} is never said`);
      const result = await page.say(command);
      const want = row[['admin', 'approver', 'observer'].indexOf(person.role)];
      const isKept = !result.ok && (result.code === 'forbidden' || result.code === 'not_signed_in');
      expect({ result: result.ok ? 'ok' : result, isKept }).toMatchObject({ isKept: want === 'forbidden' });
      // Nobody breaks the server by asking.
      expect(result.ok || result.code !== 'cannot_save').toBe(true);
    });
  });

  it.each(columns)('the raw messages of a session that asked a team, by who is %s', async (column) => {
    const { sessionId } = await world.hold('team');
    await inSituation('routed away by an edit');
    const result = await seat(column).page.say({ type: 'session.raw', sessionId, page: { is: 'newest' } });
    // A session that was asked about both teams: who is in one of them does not see it all.
    expect({ column, got: result.ok ? 'ok' : result.code }).toEqual({
      column,
      got: column === 'admin' ? 'ok' : 'forbidden',
    });
  });
});

describe('I11 who is no person', () => {
  it.each([
    ['signed out', (): Record<string, string> => ({})],
    [
      'an agent with its key as a cookie',
      (): Record<string, string> => ({ cookie: `better-auth.session_token=${world.agentKey}` }),
    ],
    [
      'an agent with its key as a bearer',
      (): Record<string, string> => ({ authorization: `Bearer ${world.agentKey}` }),
    ],
    [
      'a program with a token as a bearer',
      (): Record<string, string> => ({ authorization: `Bearer ${seat('admin').token}` }),
    ],
    [
      'a program with a token as a cookie',
      (): Record<string, string> => ({ cookie: `better-auth.session_token=${seat('admin').token}` }),
    ],
  ] as const)('opens no socket: %s', async (_who, headers) => {
    await expect(connect(world.url, headers())).rejects.toThrow('not_signed_in');
  });

  it.each(['/api/v1/me', '/api/v1/requests', '/api/v1/requests/req_000000000000', '/api/v1/no-such-thing'])(
    'is told nothing by %s',
    async (path) => {
      const answers = await Promise.all(
        [{}, { authorization: `Bearer ${world.agentKey}` }, { authorization: 'Bearer hpp_nonsense' }].map(
          async (headers) => {
            const response = await fetch(`${world.url}${path}`, { headers });
            return `${response.status} ${await response.text()}`;
          },
        ),
      );
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatch(/^401 /);
    },
  );
});

describe('I11 /mcp', () => {
  it.each([
    ['a token of a person', (): string | null => seat('admin').token],
    ['no key', (): string | null => null],
    ['a key that was never given', (): string | null => 'hp_nonsense'],
  ] as const)('is closed with %s', async (_what, key) => {
    const reply = await new RawAgent(`${world.url}/mcp`, key()).initialize();
    expect(reply.status).toBe(401);
    expect(reply.headers.get('mcp-session-id')).toBeNull();
  });

  it('is closed with the cookie of a person', async () => {
    const agent = new RawAgent(`${world.url}/mcp`, null);
    const cookie = seat('admin').browser.headers.get('cookie') ?? '';
    const reply = await agent.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { cookie });
    expect(reply.status).toBe(401);
  });

  const ofCalls: readonly (readonly [string, (callId: string) => readonly [string, object]])[] = [
    ['holdpoint_await', (ticket) => ['tools/call', { name: 'holdpoint_await', arguments: { ticket, waitMs: 0 } }]],
    ['holdpoint_cancel', (ticket) => ['tools/call', { name: 'holdpoint_cancel', arguments: { ticket } }]],
    ['tasks/get', (taskId) => ['tasks/get', { taskId }]],
    ['tasks/result', (taskId) => ['tasks/result', { taskId }]],
    ['tasks/cancel', (taskId) => ['tasks/cancel', { taskId }]],
  ];
  it.each(ofCalls)('%s of another agent’s call reads as of one that never was', async (_what, order) => {
    const { request, callId } = await world.hold('everyone');
    const other = new RawAgent(`${world.url}/mcp`, world.otherKey);
    await other.initialize();
    const of = async (id: string): Promise<string> => {
      const [method, params] = order(id);
      const { id: _id, ...reply } = await other.request(method, params);
      return JSON.stringify(reply).replaceAll(id, '{id}');
    };
    expect(await of(callId)).toBe(await of('call_000000000000'));
    await world.changed(request.requestId, ({ state }) => state === 'open');
  });

  it('another agent’s session reads as one that never was', async () => {
    const { sessionId } = await world.hold('everyone');
    const replies: string[] = [];
    for (const id of [sessionId, 'ses_000000000000']) {
      const other = new RawAgent(`${world.url}/mcp`, world.otherKey);
      other.sessionId = id;
      for (const method of ['GET', 'DELETE'] as const) {
        const { status, text } = await other.send(method);
        replies.push(`${method} ${status} ${text.replaceAll(id, '{id}')}`);
      }
      const { status, text } = await other.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
      replies.push(`POST ${status} ${text.replaceAll(id, '{id}')}`);
    }
    expect(replies.slice(0, 3)).toEqual(replies.slice(3));
    expect(replies.every((reply) => reply.includes(' 404 '))).toBe(true);
  });

  it('tasks/list holds an agent’s own alone', async () => {
    await world.hold('everyone');
    const other = new RawAgent(`${world.url}/mcp`, world.otherKey);
    await other.initialize();
    expect(await other.request('tasks/list')).toMatchObject({ result: { tasks: [] } });
  });
});
