import { describe, expect, it } from 'vitest';
import type { AwsCredentials } from '@/server/upstream/aws/credentials';
import { createRequestSigner, type RequestToSign } from '@/server/upstream/aws/request-signer';
import { type Account, checkSigV4, type Received, type Verdict } from '@/tests/servers/agentcore/sigv4-check';

const account: Account = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE/secret+session==',
};
const scope = { service: 'bedrock-agentcore', region: 'eu-central-1' };
const arn = 'arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/incident-abc';
const address = `http://127.0.0.1:4444/runtimes/${encodeURIComponent(arn)}/invocations`;
const call = '{"jsonrpc":"2.0","id":"call_1","method":"tools/call","params":{"name":"Zürich ✓"}}';

const post: RequestToSign = {
  method: 'POST',
  url: new URL(`${address}?qualifier=DEFAULT`),
  headers: {
    accept: 'application/json, text/event-stream',
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'mcp-session-id': '0195f1d2-0000-7000-8000-000000000001',
    'mcp-protocol-version': '2025-11-25',
  },
  body: call,
};

async function sign(request: RequestToSign, as: AwsCredentials = account): Promise<Received> {
  const headers = await createRequestSigner({ ...scope, credentials: () => Promise.resolve(as) })(request);
  return sent(request, headers);
}

/** What an HTTP client makes of it. */
function sent(request: RequestToSign, headers: Readonly<Record<string, string>>): Received {
  const body = Buffer.from(request.body ?? '', 'utf8');
  return {
    method: request.method,
    target: `${request.url.pathname}${request.url.search}`,
    headers: new Map([
      ['host', [request.url.host]],
      ['connection', ['keep-alive']],
      ['user-agent', ['undici']],
      ['content-length', [String(body.length)]],
      ...Object.entries(headers).map(([name, value]): [string, readonly string[]] => [name, [value]]),
    ]),
    body,
  };
}

const skewMs = 5 * 60_000;

/** What the signature itself says, in whole seconds. */
function signedAtOf({ headers }: Received): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers.get('x-amz-date')?.[0])) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function check(received: Received, now = Date.now()): Verdict {
  return checkSigV4(received, account, { ...scope, now });
}

function withHeader(received: Received, name: string, value: string): Received {
  return { ...received, headers: new Map([...received.headers, [name, [value]]]) };
}

describe('the check of the stand-in', () => {
  // AWS's own published examples: they tie the check to Amazon rather than to our signer.
  const example: Account = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };
  const signatureOf = (request: {
    method: string;
    target: string;
    type?: string;
    body?: string;
    signature: string;
  }): Verdict => {
    const type: [string, readonly string[]][] = request.type === undefined ? [] : [['content-type', [request.type]]];
    const names = [...(request.type === undefined ? [] : ['content-type']), 'host', 'x-amz-date'].join(';');
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${request.signature}`;
    const received: Received = {
      method: request.method,
      target: request.target,
      headers: new Map<string, readonly string[]>([
        ...type,
        ['host', ['example.amazonaws.com']],
        ['x-amz-date', ['20150830T123600Z']],
        ['authorization', [authorization]],
      ]),
      body: Buffer.from(request.body ?? ''),
    };
    return checkSigV4(received, example, {
      service: 'service',
      region: 'us-east-1',
      now: Date.UTC(2015, 7, 30, 12, 36),
    });
  };

  it.each([
    { method: 'GET', target: '/', signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31' },
    {
      method: 'GET',
      target: '/?Param2=value2&Param1=value1',
      signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    },
    {
      method: 'GET',
      target: '/example space/',
      signature: '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741',
    },
    {
      method: 'GET',
      target: Buffer.from('/\u1234', 'utf8').toString('latin1'),
      signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85',
    },
    {
      method: 'POST',
      target: '/',
      type: 'application/x-www-form-urlencoded',
      body: 'Param1=value1',
      signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    },
  ])('agrees with Amazon’s example $method $target', (request) => {
    expect(signatureOf(request)).toEqual({ ok: true });
    expect(signatureOf({ ...request, signature: request.signature.replace(/^./, '0') })).toMatchObject({ ok: false });
  });
});

describe('a signed request', () => {
  it.each<[string, RequestToSign]>([
    ['a call', post],
    ['an opening, which has no session yet', { ...post, headers: { 'content-type': 'application/json' } }],
    [
      'a stream',
      { ...post, method: 'GET', headers: { accept: 'text/event-stream', 'mcp-session-id': 's' }, body: null },
    ],
    ['a stream taken up again', { ...post, method: 'GET', headers: { 'last-event-id': 'stream_7/0 42' }, body: null }],
    [
      'a stream taken up after an odd event',
      { ...post, method: 'GET', headers: { 'last-event-id': 'Ã¼n\u00a0  x' }, body: null },
    ],
    ['an ending', { ...post, method: 'DELETE', headers: { 'mcp-session-id': 's' }, body: null }],
    [
      'an id in place of the ARN',
      { ...post, url: new URL('https://a.example/runtimes/r-1/invocations?qualifier=DEFAULT&accountId=123456789012') },
    ],
    ['a path of odd letters', { ...post, url: new URL("https://a.example:8443/a%20b/(c)!*'/%C3%BC//d/../e/?") }],
    ['a query of odd letters', { ...post, url: new URL('https://a.example/?b=2&a=%20x%2B+&b=1&c&d=%C3%BC&e=100%') }],
    ['an empty body', { ...post, body: '' }],
  ])('is accepted: %s', async (_what, request) => {
    expect(check(await sign(request))).toEqual({ ok: true });
  });

  it('is accepted with credentials that do not expire', async () => {
    const { sessionToken: _, ...lasting } = account;
    const received = await sign(post, lasting);
    expect(received.headers.has('x-amz-security-token')).toBe(false);
    expect(checkSigV4(received, lasting, { ...scope, now: Date.now() })).toEqual({ ok: true });
  });

  it.each([
    ['connection', 'close'],
    ['user-agent', 'a proxy'],
    ['accept', '*/*'],
    ['accept-encoding', 'gzip'],
    ['content-length', '1'],
    ['transfer-encoding', 'chunked'],
    ['x-forwarded-for', '10.0.0.1'],
    ['x-amzn-trace-id', 'Root=1'],
    ['via', '1.1 proxy'],
  ])('is still accepted when a proxy changes %s', async (name, value) => {
    expect(check(withHeader(await sign(post), name, value))).toEqual({ ok: true });
  });

  it.each([
    ['host', 'evil.example'],
    ['content-type', 'text/plain'],
    ['mcp-session-id', 'another'],
    ['mcp-protocol-version', '2024-11-05'],
    ['x-amz-content-sha256', '0'.repeat(64)],
    ['x-amz-security-token', 'another'],
    ['x-amz-added', 'later'],
  ])('is refused when somebody changes %s', async (name, value) => {
    expect(check(withHeader(await sign(post), name, value))).toMatchObject({ ok: false });
  });

  it.each<[string, (received: Received) => Received]>([
    ['method', (received) => ({ ...received, method: 'DELETE' })],
    ['path', (received) => ({ ...received, target: received.target.replace('incident-abc', 'incident-abd') })],
    ['query', (received) => ({ ...received, target: `${received.target}&accountId=1` })],
    ['body', (received) => ({ ...received, body: Buffer.from(call.replace('call_1', 'call_2')) })],
  ])('is refused when somebody changes its %s', async (_what, change) => {
    expect(check(change(await sign(post)))).toMatchObject({ ok: false });
  });

  it('is refused when it is old, or early', async () => {
    const received = await sign(post);
    const signedAt = signedAtOf(received);
    expect(check(received, signedAt + skewMs)).toEqual({ ok: true });
    expect(check(received, signedAt + skewMs + 1)).toMatchObject({
      message: expect.stringContaining('Signature expired'),
    });
    expect(check(received, signedAt - skewMs)).toEqual({ ok: true });
    expect(check(received, signedAt - skewMs - 1)).toMatchObject({
      message: expect.stringContaining('not yet current'),
    });
  });

  it.each([
    ['key', { ...account, accessKeyId: 'ASIAOTHER' }, 'UnrecognizedClientException'],
    ['secret', { ...account, secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    ['session', { ...account, sessionToken: 'wrong' }, 'UnrecognizedClientException'],
  ])('is refused with another %s', async (_what, credentials, type) => {
    expect(check(await sign(post, credentials))).toMatchObject({ ok: false, type });
  });

  it('keeps the headers it was given, but none that stand for another signature', async () => {
    const signer = createRequestSigner({ ...scope, credentials: () => Promise.resolve(account) });
    const forged = {
      Authorization: 'Bearer x',
      'X-Amz-Content-Sha256': 'x',
      'X-Amz-Security-Token': 'x',
      'x-amz-date': 'x',
      Date: 'x',
    };
    const headers = await signer({ ...post, headers: { ...post.headers, ...forged, 'X-Team': 'payments' } });
    expect(headers).toEqual({
      ...post.headers,
      'x-team': 'payments',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLEEXAMPLE00\/\d{8}\/eu-central-1\/bedrock-agentcore\/aws4_request, /,
      ),
      'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'x-amz-content-sha256': expect.stringMatching(/^[0-9a-f]{64}$/),
      'x-amz-security-token': account.sessionToken,
    });
    expect(check(sent(post, headers))).toEqual({ ok: true });
  });

  it('carries no forged session where the credentials have none', async () => {
    const { sessionToken: _, ...lasting } = account;
    const forged = { 'X-Amz-Security-Token': 'x', 'X-Amz-Content-Sha256': 'x' };
    const received = await sign({ ...post, headers: { ...post.headers, ...forged } }, lasting);
    expect(checkSigV4(received, lasting, { ...scope, now: Date.now() })).toEqual({ ok: true });
  });

  it('is signed with the credentials of its moment: renewed ones are taken at once', async () => {
    const { sessionToken: _, ...lasting } = account;
    const found: AwsCredentials[] = [lasting, account];
    const signer = createRequestSigner({ ...scope, credentials: () => Promise.resolve(found.shift() ?? account) });
    const first = sent(post, await signer(post));
    const second = sent(post, await signer(post));
    expect(checkSigV4(first, lasting, { ...scope, now: Date.now() })).toEqual({ ok: true });
    expect(check(second)).toEqual({ ok: true });
  });

  it('is never the same signature for two bodies, at once or not', async () => {
    const signer = createRequestSigner({ ...scope, credentials: () => Promise.resolve(account) });
    const bodies = Array.from({ length: 50 }, (_, index) => `{"id":${index}}`);
    const signed = await Promise.all(
      bodies.map(async (body) => sent({ ...post, body }, await signer({ ...post, body }))),
    );
    expect(signed.map((received) => check(received).ok)).toEqual(bodies.map(() => true));
  });
});
