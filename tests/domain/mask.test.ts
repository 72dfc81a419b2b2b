import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '@/lib/domain/json';
import { isSecretKey, masked, maskJson, maskText } from '@/lib/domain/mask';

describe('secret keys (I14)', () => {
  const secret = [
    'password',
    'Password',
    'passwd',
    'PASSWORD',
    'db_password',
    'db-password',
    'user.password',
    'secret',
    'client_secret',
    'clientSecret',
    'token',
    'tokens_secret',
    'access_token',
    'accessToken',
    'refreshTokens',
    'apiKey',
    'api_key',
    'api-key',
    'x-api-key',
    'APIKEY',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'credentials',
    'userCredential',
    'privateKey',
    'private_key',
    'requestState',
  ];
  it.each(secret)('%s', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  const harmless = [
    'progressToken',
    'maxTokens',
    'max_tokens',
    'tokens',
    'name',
    'path',
    'secretary',
    'passwordless',
    'cookieJar',
    'key',
    'monkey',
    'tokenizer',
    '',
  ];
  it.each(harmless)('not %j', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });
});

describe('credentials inside texts (I14)', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Authorization: Bearer abc.DEF-123_456~x/y+z==', `Authorization: ${masked}`],
    ['two: sk-abcdefghijklmnopqrst and ghp_ABCDEFGHIJKLMNOPQRST0', `two: ${masked} and ${masked}`],
    ['slack xoxb-1234567890-abc', `slack ${masked}`],
    ['aws AKIAABCDEFGHIJKLMNOP!', `aws ${masked}!`],
    ['aws ASIAABCDEFGHIJKLMNOP!', `aws ${masked}!`],
    ['x-amz-security-token:abc/def== next', `${masked} next`],
    ['ours hp_0123456789abcdef0', `ours ${masked}`],
    ['Bearer of bad news', 'Bearer of bad news'],
    ['sk-short', 'sk-short'],
    ['nothing here', 'nothing here'],
    ['', ''],
  ];
  it.each(cases)('%j', (text, expected) => {
    expect(maskText(text)).toBe(expected);
    // The pattern keeps no place between texts.
    expect(maskText(text)).toBe(expected);
  });

  it('takes no time over a hostile text', () => {
    const started = performance.now();
    maskText('Bearer '.repeat(100_000));
    maskText(`Bearer${' '.repeat(500_000)}`);
    maskText('sk-'.repeat(200_000));
    maskText('xoxb-'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

describe('JSON', () => {
  it('is masked at every depth, by key and by content, and stays itself elsewhere (I14)', () => {
    const value = {
      user: 'ada',
      password: { first: 'hidden', list: [1] },
      tokens: 12,
      token: null,
      headers: [{ Authorization: 'Bearer abcdefghijk' }, { note: 'Bearer abcdefghijk' }],
      deep: { apiKey: 7, list: [true, null, 1.5] },
    };
    expect(maskJson(value)).toEqual({
      user: 'ada',
      password: masked,
      tokens: 12,
      token: null,
      headers: [{ Authorization: masked }, { note: masked }],
      deep: { apiKey: masked, list: [true, null, 1.5] },
    });
    expect(value.password).toEqual({ first: 'hidden', list: [1] });
  });

  it('is masked where it is nested deeper than anyone reads, without overflow', () => {
    const deep = JSON.parse(`${'[{"a":'.repeat(50_000)}"Bearer abcdefghijk"${'}]'.repeat(50_000)}`) as Json;
    const text = JSON.stringify(maskJson(deep));
    expect(text).toContain(masked);
    expect(text).not.toContain('abcdefghijk');
  });

  it('gives back a hostile key as a key and nothing else', () => {
    const hostile = JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as Json;
    const copy = maskJson(hostile);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true},"constructor":1}');
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it('never lets through what stands under a secret key', () => {
    const needle = 'needle-in-the-haystack';
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<Json>('plain', 1, null, true),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'name', 'list'), tie('tree'), { maxKeys: 3 }),
        fc.record({ password: fc.constantFrom<Json>(needle, [needle], { a: needle }) }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(JSON.stringify(maskJson(value))).not.toContain(needle);
      }),
    );
  });
});
