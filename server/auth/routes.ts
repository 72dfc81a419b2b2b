import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Origin } from '@/lib/domain/audit';
import { type Refusal, type RefusalCode, refusals, refuse } from '@/lib/domain/refusal';
import type { Auth } from './auth';
import { clientAddress, clientAddressHeader } from './client-address';
import type { EntryKind } from './door';
import { entryForm, formRefusal, resetForm } from './entry-form';
import { originsBehind } from './origin';
import { recordSignIn } from './sign-in-acts';

interface Env {
  Bindings: Partial<HttpBindings>;
}

type Web = Context<Env>;

/** All of better-auth that is reachable from outside. The rest of it would be ways in, or ways to change oneself. */
const openPaths: Readonly<Record<string, 'GET' | 'POST'>> = {
  '/api/auth/get-session': 'GET',
  '/api/auth/sign-in/email': 'POST',
  '/api/auth/sign-out': 'POST',
  '/api/auth/change-password': 'POST',
};

/** After these a sign-in may be over: whoever holds a socket by it is looked at again. */
const endingPaths = ['/api/auth/sign-out', '/api/auth/change-password'];

const signInPlace = '/api/auth/sign-in/email';

const largestBodyBytes = 16_384;

/** `/api/auth/*` and `/api/door/*`. Every error is a refusal in JSON, `{ok: false, code, message}`. */
export function authRoutes(auth: Auth, options: { readonly trustedProxies: number }): Hono<Env> {
  const app = new Hono<Env>();
  app.use('/api/auth/*', bodyLimit({ maxSize: largestBodyBytes, onError: () => refused(refuse('too_large')) }));
  app.use('/api/door/*', bodyLimit({ maxSize: largestBodyBytes, onError: () => refused(refuse('too_large')) }));
  app.all('/api/auth/*', (c) => signInPath(auth, c, options.trustedProxies));
  app.get('/api/door/token', (c) => lookAtToken(auth, c));
  app.post('/api/door/welcome', (c) => enter(auth, c, { kind: 'welcome', ...options }));
  app.post('/api/door/join', (c) => enter(auth, c, { kind: 'join', ...options }));
  app.post('/api/door/reset', (c) => reset(auth, c, options.trustedProxies));
  app.all('/api/door/*', () => refused(refuse('not_found')));
  app.onError((error) => {
    auth.log.error({ error: error.message }, 'people cannot be read or written');
    return refused(refuse('cannot_save'));
  });
  return app;
}

async function signInPath(auth: Auth, c: Web, trustedProxies: number): Promise<Response> {
  const path = new URL(c.req.raw.url).pathname;
  if (openPaths[path] !== c.req.method) return refused(refuse('not_found'));
  const headers = headersOf(c, trustedProxies);
  const body = c.req.method === 'POST' ? await c.req.text() : null;
  const request = new Request(c.req.raw.url, { method: c.req.method, headers, ...(body === null ? {} : { body }) });
  const ending = endingPaths.includes(path) ? await auth.directory.personOf(headers) : null;
  const response = await auth.signIns.handle(request);
  // Whatever was answered: some of it may be done.
  if (ending !== null) auth.personChanged(ending.id);
  if (path === signInPlace) {
    const said: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    const from = originOf(c, trustedProxies);
    await recordSignIn(auth, { from, sent: parsed(body ?? ''), said, status: response.status });
  }
  return response.ok ? privately(response) : translated(path, response);
}

/** The client's headers, with its address as we know it in place of whatever it says under that name. */
function headersOf(c: Web, trustedProxies: number): Headers {
  const headers = new Headers(c.req.raw.headers);
  const socketAddress = c.env?.incoming?.socket.remoteAddress ?? null;
  const address = clientAddress({ socketAddress, forwardedFor: headers.get('x-forwarded-for') }, trustedProxies);
  if (address === null) headers.delete(clientAddressHeader);
  else headers.set(clientAddressHeader, address);
  return headers;
}

function originOf(c: Web, trustedProxies: number): Origin {
  const arrival = {
    socketAddress: c.env?.incoming?.socket.remoteAddress ?? null,
    forwardedFor: c.req.header('x-forwarded-for') ?? null,
    userAgent: c.req.header('user-agent') ?? null,
  };
  return originsBehind(trustedProxies)(arrival, 'browser');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

async function lookAtToken(auth: Auth, c: Web): Promise<Response> {
  const kind = c.req.query('kind');
  if (kind !== 'welcome' && kind !== 'join' && kind !== 'reset')
    return refused(refuse('bad_input', 'Say which kind of link it is: welcome, join or reset.'));
  const link = await auth.door.look(kind, c.req.query('token') ?? '');
  if (!link.ok) return refused(link);
  const { email, role, invitedBy, expiresAt, revokedTokens } = link.value;
  return answer({ kind, email, role, invitedBy, expiresAt, revokedTokens });
}

interface Entry {
  readonly kind: EntryKind;
  readonly trustedProxies: number;
}

async function enter(auth: Auth, c: Web, { kind, trustedProxies }: Entry): Promise<Response> {
  const refusal = foreignRefusal(auth, c);
  if (refusal !== null) return refused(refusal);
  const body = entryForm.safeParse(await c.req.json().catch(() => null));
  if (!body.success) return refused(formRefusal(body.error));
  const entered = await auth.door.enter(kind, body.data, originOf(c, trustedProxies));
  if (!entered.ok) return refused(entered);
  return signedIn(auth, c, { email: entered.value.email, password: body.data.password, trustedProxies });
}

async function reset(auth: Auth, c: Web, trustedProxies: number): Promise<Response> {
  const refusal = foreignRefusal(auth, c);
  if (refusal !== null) return refused(refusal);
  const body = resetForm.safeParse(await c.req.json().catch(() => null));
  if (!body.success) return refused(formRefusal(body.error));
  const set = await auth.door.reset(body.data, originOf(c, trustedProxies));
  if (!set.ok) return refused(set);
  return signedIn(auth, c, { email: set.value.email, password: body.data.password, trustedProxies });
}

async function signedIn(
  auth: Auth,
  c: Web,
  how: { readonly email: string; readonly password: string; readonly trustedProxies: number },
): Promise<Response> {
  const { email, password, trustedProxies } = how;
  const made = await auth.signIns.signIn(headersOf(c, trustedProxies), { email, password });
  const said: unknown = await made
    .clone()
    .json()
    .catch(() => null);
  const from = originOf(c, trustedProxies);
  await recordSignIn(auth, { from, sent: { email }, said, status: made.status });
  const response = answer({ signedIn: made.ok });
  for (const cookie of made.headers.getSetCookie()) response.headers.append('set-cookie', cookie);
  return response;
}

/** A page elsewhere must not sign its visitor in as someone: JSON only, and only from our own pages. */
function foreignRefusal(auth: Auth, c: Web): Refusal | null {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json(?:;|$)/i.test(type)) return refuse('bad_input', 'Send JSON.');
  const origin = c.req.header('origin');
  const isOurs =
    origin === undefined ? c.req.header('sec-fetch-site') !== 'cross-site' : auth.trustedOrigins.includes(origin);
  return isOurs
    ? null
    : refuse('forbidden', 'This came from another site. Open Holdpoint at its own address and try again.');
}

const codeOfStatus: Readonly<Record<number, RefusalCode>> = {
  400: 'bad_input',
  401: 'not_signed_in',
  403: 'forbidden',
  413: 'too_large',
  415: 'bad_input',
  422: 'bad_input',
  429: 'too_many',
};

/** better-auth's error in our words. What it says itself is passed on only where it says something of use. */
async function translated(path: string, response: Response): Promise<Response> {
  const said: unknown = await response.json().catch(() => null);
  const code = codeOfStatus[response.status] ?? (response.status < 500 ? 'bad_input' : 'cannot_save');
  const refusal = refuse(code, wordsFor(path, { code, said, headers: response.headers }));
  const answered = refused(refusal);
  for (const cookie of response.headers.getSetCookie()) answered.headers.append('set-cookie', cookie);
  const retryAfter = response.headers.get('x-retry-after');
  if (retryAfter !== null) answered.headers.set('retry-after', retryAfter);
  return answered;
}

function wordsFor(
  path: string,
  error: { readonly code: RefusalCode; readonly said: unknown; readonly headers: Headers },
): string | undefined {
  const said = isSaying(error.said) ? error.said : { code: '', message: '' };
  if (said.code === 'DISABLED') return said.message;
  if (said.code === 'INVALID_ORIGIN' || said.code === 'MISSING_OR_NULL_ORIGIN') {
    return "This came from another address than Holdpoint's own. Open it at its own address and try again.";
  }
  if (error.code === 'too_many') return `Too many tries. Wait ${error.headers.get('x-retry-after') ?? '60'} seconds.`;
  if (path.endsWith('/sign-in/email') && (error.code === 'not_signed_in' || error.code === 'bad_input')) {
    return 'The e-mail address or the password is not right.';
  }
  return path.endsWith('/change-password') && error.code === 'bad_input' && said.message !== ''
    ? said.message
    : undefined;
}

function isSaying(value: unknown): value is { readonly code: string; readonly message: string } {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value)) return false;
  return typeof value.code === 'string' && typeof value.message === 'string';
}

function answer(value: object): Response {
  return privately(Response.json({ ok: true, value }));
}

function refused(refusal: Refusal): Response {
  return privately(Response.json(refusal, { status: refusals[refusal.code].status }));
}

function privately(response: Response): Response {
  response.headers.set('cache-control', 'no-store');
  return response;
}
