import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Origin } from '@/lib/domain/audit';
import { readId, type RequestId } from '@/lib/domain/ids';
import { type Person, withoutOrigin } from '@/lib/domain/permission';
import { rowOf } from '@/lib/domain/queue';
import type { QueueLook } from '@/lib/domain/queue-query';
import { type Refusal, refusals, refuse, type Result } from '@/lib/domain/refusal';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import type { OriginOf } from '@/server/engine/ports/origin';
import type { ControlDesk } from '@/server/engine/ports/control';
import type { PeopleDesk } from '@/server/engine/ports/people';
import { controlRoutes } from './control';
import { csvResponse, readOverviewQuery } from './overview';
import { answerOrder, answerSchema, readListQuery } from './orders';
import { Paces } from './paces';
import { misread, readBody } from './reading';
import { readFormat, sessionReport, unknownFormat } from './report/report-route';

export interface ApiPorts {
  readonly people: PeopleDesk;
  readonly control: ControlDesk;
  readonly directory: Pick<Directory, 'personOfToken' | 'personOf'>;
  readonly originOf: OriginOf;
  readonly log: Log;
  readonly now: () => number;
}

interface Env {
  Bindings: Partial<HttpBindings>;
  Variables: { person: Person };
}

type Web = Context<Env>;

const largestBodyBytes = 1_048_576;
const longestToken = 512;
const requestsPerSecond = 20;

/**
 * `/api/v1`: what a person may do with requests, the overview and a session's report, for programs that act for them
 * by their token, such as a chat bot. The same desk decides as for the browser (I11). Cookies open nothing here but a
 * report, which changes nothing, so no other site's page can use them.
 */
export function apiRoutes(ports: ApiPorts): Hono<Env> {
  const app = new Hono<Env>();
  const paces = new Paces({ perSecond: requestsPerSecond, now: ports.now });
  app.use('/api/v1/*', bodyLimit({ maxSize: largestBodyBytes, onError: () => refused(refuse('too_large')) }));
  app.use('/api/v1/*', async (c, next) => {
    const person = (await personOf(ports, c)) ?? (await readerOf(ports, c));
    if (person === null) return unauthorized();
    if (!paces.take(person.id)) return refused(refuse('too_many'), { 'retry-after': '1' });
    c.set('person', { ...person, from: originOf(ports, c) });
    return next();
  });
  app.get('/api/v1/me', (c) => answered({ ok: true, value: withoutOrigin(c.get('person')) }));
  app.get('/api/v1/requests', (c) => list(ports, c));
  app.get('/api/v1/requests/:id', (c) => withId(c, async (id) => ports.people.request(c.get('person'), id)));
  app.post('/api/v1/requests/:id/answer', (c) => withId(c, (id) => answer(ports, c, id)));
  app.post('/api/v1/requests/:id/claim', (c) => withId(c, (id) => ports.people.claim(c.get('person'), id)));
  app.post('/api/v1/requests/:id/release', (c) => withId(c, (id) => ports.people.release(c.get('person'), id)));
  controlRoutes(app, { ...ports, answered });
  app.get('/api/v1/overview', (c) => overview(ports, c));
  app.get('/api/v1/sessions/:id/report', (c) => report(ports, c));
  app.all('/api/v1/*', () => refused(refuse('not_found')));
  app.onError((error) => {
    ports.log.error({ error: error.message }, 'a request to the API failed');
    return refused(refuse('cannot_save'));
  });
  return app;
}

async function personOf({ directory }: ApiPorts, c: Web): Promise<Person | null> {
  const token = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  return token === undefined || token.length > longestToken ? null : directory.personOfToken(token);
}

const reportPath = /^\/api\/v1\/sessions\/[^/]+\/report$/;
/** What a browser says of a link on our own page, and of an address that was typed. */
const ownSites: ReadonlySet<string | undefined> = new Set([undefined, 'same-origin', 'none']);

/** Who is signed in in a browser, for the report: a link on the session's page leads to it. */
async function readerOf({ directory }: ApiPorts, c: Web): Promise<Person | null> {
  const isReport = c.req.method === 'GET' && reportPath.test(c.req.path);
  if (!isReport || c.req.header('authorization') !== undefined) return null;
  return ownSites.has(c.req.header('sec-fetch-site')) ? directory.personOf(c.req.raw.headers) : null;
}

async function report(ports: ApiPorts, c: Web): Promise<Response> {
  const sessionId = readId('session', c.req.param('id') ?? '');
  const format = readFormat(c.req.query('format'));
  if (sessionId === null) return refused(refuse('not_found'));
  if (format === null) return refused(unknownFormat);
  const asked = { person: c.get('person'), sessionId, format, now: ports.now(), gone: c.req.raw.signal };
  const made = await sessionReport(ports.people, asked);
  return made.ok ? made.value : refused(made);
}

function originOf(ports: ApiPorts, c: Web): Origin {
  const arrival = {
    socketAddress: c.env?.incoming?.socket.remoteAddress ?? null,
    forwardedFor: c.req.header('x-forwarded-for') ?? null,
    userAgent: c.req.header('user-agent') ?? null,
  };
  return ports.originOf(arrival, c.req.header('authorization') === undefined ? 'browser' : 'token');
}

async function list({ people }: ApiPorts, c: Web): Promise<Response> {
  const query = readListQuery(new URL(c.req.raw.url).searchParams);
  if (!query.success) return refused(misread(query.error));
  const { look, after, limit } = query.data;
  const page = await people.queue(c.get('person'), { look, after, limit });
  if (!page.ok) return refused(page);
  const { items, more } = page.value;
  const last = items[items.length - 1];
  return answered({ ok: true, value: { items, next: more && last !== undefined ? placeText(last, look) : null } });
}

async function overview({ people }: ApiPorts, c: Web): Promise<Response> {
  const query = readOverviewQuery(new URL(c.req.raw.url).searchParams);
  if (!query.ok) return refused(query);
  const { format, ...order } = query.value;
  const found = await people.overview(c.get('person'), order);
  return found.ok && format === 'csv' ? csvResponse(found.value, privately) : answered(found);
}

/** Where a page ends, for `after`. */
function placeText(item: QueueItem, look: QueueLook): string {
  const { at, requestId } = rowOf(item, look);
  return `${at}_${requestId}`;
}

async function answer({ people }: ApiPorts, c: Web, requestId: RequestId): Promise<Result<unknown>> {
  const body = await readBody(c, answerSchema);
  if (!body.ok) return body;
  const person = c.get('person');
  return people.answer(person, answerOrder(body.value, { requestId, personId: person.id }));
}

/** What is no id of a request reads as one that does not exist. */
async function withId(c: Web, run: (id: RequestId) => Promise<Result<unknown>>): Promise<Response> {
  const id = readId('request', c.req.param('id'));
  return id === null ? refused(refuse('not_found')) : answered(await run(id));
}

function answered(result: Result<unknown>): Response {
  return result.ok ? Response.json(result.value, { headers: privately }) : refused(result);
}

const privately = { 'cache-control': 'no-store' };

function refused({ code, message, details }: Refusal, headers: Record<string, string> = {}): Response {
  const body = details === undefined ? { code, message } : { code, message, details };
  return Response.json({ error: body }, { status: refusals[code].status, headers: { ...privately, ...headers } });
}

function unauthorized(): Response {
  const message =
    'A token is needed: send it as "Authorization: Bearer hpp_…". You make one in Holdpoint, under Settings.';
  return Response.json(
    { error: { code: 'not_signed_in', message } },
    { status: 401, headers: { ...privately, 'www-authenticate': 'Bearer realm="holdpoint"' } },
  );
}
