import { describe, expect, it } from 'vitest';
import type { Json } from '@/lib/domain/json';
import { masked, maskJson, maskText } from '@/lib/domain/mask';
import { isCard } from '@/lib/domain/masking/card';
import { bitsPerCharacter, looksRandom } from '@/lib/domain/masking/entropy';

// Written in pieces, so that no scanner takes this file for a leak.
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'].join(
  '.',
);
const pem = (kind: string, end = true): string =>
  `-----BEGIN ${kind}-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n${end ? `-----END ${kind}-----` : ''}`;
const random = 'q8Zr2Lk0Vt7Yw3Nc5Hx9Bd4F';

describe('secrets inside texts are masked (I14)', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a JWT', `it is ${jwt}, keep it`, `it is ${masked}, keep it`],
    ['a JWE', `eyJhbGciOiJSU0EifQ.a1b2.c3d4.e5f6.g7h8 end`, `${masked} end`],
    ['a private key', `before ${pem('RSA PRIVATE KEY')} after`, `before ${masked} after`],
    ['a PKCS8 key', pem('PRIVATE KEY'), masked],
    ['an OpenSSH key', pem('OPENSSH PRIVATE KEY'), masked],
    ['a PGP key', pem('PGP PRIVATE KEY BLOCK'), masked],
    ['a private key that was cut', `before ${pem('EC PRIVATE KEY', false)}`, `before ${masked}`],
    ['a GitHub token', `x ghs_${'A1b2'.repeat(6)} y`, `x ${masked} y`],
    ['a fine-grained GitHub token', `github_pat_${'A1b2_'.repeat(6)}`, masked],
    ['a GitLab token', `glpat-${'A1b2'.repeat(6)}`, masked],
    ['an npm token', `npm_${'A1b2'.repeat(9)}`, masked],
    ['a Slack token', 'xoxe-1234567890-abcdef', masked],
    ['a Slack app token', 'xapp-1-A0123456789-abcdef', masked],
    ['a Slack webhook', `post to https://hooks.slack.com/services/T000/B000/${random}`, `post to https://${masked}`],
    ['a Stripe key', `sk_live_${random} and rk_test_${random}`, `${masked} and ${masked}`],
    ['a Google API key', `AIza${'A1b2C3d'.repeat(5)}`, masked],
    ['a Google access token', `ya29.${random}`, masked],
    ['a Google client secret', `GOCSPX-${random}`, masked],
    ['an agent’s key of ours', `hp_${random}`, masked],
    ['a person’s token of ours', `curl -H x hpp_${random} y`, `curl -H x ${masked} y`],
    ['a secret that signs webhooks', `whsec_${random}`, masked],
    ['a SendGrid key', `SG.${random}.${random}`, masked],
    [
      'a password in a URL',
      'git clone https://ada:hunter2@example.com/x',
      `git clone https://ada:${masked}@example.com/x`,
    ],
    ['a password alone in a URL', 'redis://:hunter2@localhost:6379/0', `redis://:${masked}@localhost:6379/0`],
    ['a database URL', 'postgres://app:p%40ss:word@db.internal/x', `postgres://app:${masked}@db.internal/x`],
    ['basic auth', `Authorization: Basic ${btoa('ada:hunter2')}`, `Authorization: Basic ${masked}`],
    ['a card', 'pay with 4242424242424242 now', `pay with ${masked} now`],
    ['a card in groups', '4242 4242 4242 4242, 5555-5555-5555-4444', `${masked}, ${masked}`],
    ['an American Express card', '3782 822463 10005', masked],
    ['a key that is assigned', `export AWS_SECRET_ACCESS_KEY=${random}`, `export AWS_SECRET_ACCESS_KEY=${masked}`],
    ['a key in JSON inside a text', `{"api_key": "${random}"}`, `{"api_key": "${masked}"}`],
    ['a key in JSON in JSON', `{\\"token\\": \\"${random}\\"}`, `{\\"token\\": \\"${masked}\\"}`],
    ['a signature in a query', `?sig=${random}&x=1`, `?sig=${masked}&x=1`],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(maskText(text)).toBe(expected);
    // No pattern keeps a place between texts.
    expect(maskText(text)).toBe(expected);
  });
});

describe('what is no secret stays itself', () => {
  const image = btoa(String.fromCharCode(...Array.from({ length: 3_000 }, (_, at) => (at * 7919 + 13) % 256)));
  const cases: readonly (readonly [string, string])[] = [
    ['a UUID', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['a ULID', '01JD3T6W3G9Q8Z7Y5X4W2V1TSR'],
    ['our ids', 'ses_01jd3t6w3g9q8z7y5x4w2v1tsr call_01jd3t6w3g9q8z7y5x4w2v1tsr'],
    ['a commit', 'e5e945bd2f5a3c1b7e9d8f6a4c2b0e1d3f5a7c9b'],
    ['a SHA-256', `sha256:${'a3f5'.repeat(16)}`],
    ['a container digest', `image@sha256:${'0b9c'.repeat(16)}`],
    ['an ETag', '"33a64df551425fcc55e4d42a148795d9f25f89d4"'],
    ['a base64 image', image],
    ['an image as a URL', `data:image/png;base64,${image}`],
    ['a time in milliseconds', '1763862000000'],
    ['a time in microseconds', '1763862000000000'],
    ['a number of 16 digits with a wrong check digit', '4242424242424241'],
    ['a number that is no card brand', '9999999999999995'],
    ['a longer number with a card in it', '14242424242424242424'],
    ['a decimal', '0.4242424242424242'],
    ['a phone number', '+49 170 1234567'],
    ['an IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['a URL without a password', 'https://example.com:8443/a@b?c=d:e@f'],
    ['a mail address', 'mailto:ada@example.com'],
    ['a git address', 'git@github.com:acme/repo.git'],
    ['prose about tokens', 'token: see the handbook, password: ask Ada, key: on the hook'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\n-----END PUBLIC KEY-----'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIBIjANBgkq\n-----END CERTIFICATE-----'],
    ['a publishable key', `pk_live_${random}`],
    ['a class name', 'com.example.security.ApiKeyAuthenticationProvider'],
    ['a path under a key', 'key=uploads/2024/11/report-final.pdf'],
    ['a branch', 'feature/mask-secrets-2'],
    ['Basic words', 'Basic understanding of Basic arithmetic'],
    ['a cache key', `key=${'a3f5'.repeat(8)}`],
    ['a version', 'eyJ is how base64 of an object begins. So. There.'],
    ['a page token', '{"nextPageToken": "CAUQAAxyz1234567890"}'],
  ];
  it.each(cases)('%s', (_name, text) => {
    expect(maskText(text)).toBe(text);
  });

  it('also in JSON, by its name', () => {
    const value: Json = {
      id: random,
      hash: random,
      nextPageToken: random,
      monkey: random,
      key: 'PROJ-1234',
      data: image,
      at: 1_763_862_000_000,
      author: 'ada',
      keys: ['a', 'b'],
      signature: 'Kind regards, Ada',
      keyboard: random,
    };
    expect(maskJson(value)).toEqual(value);
  });
});

describe('JSON values by their names (I14)', () => {
  it('are masked where the name is suspicious and the value looks drawn at random', () => {
    const value: Json = { key: random, sshKey: random, auth: random, 'x-signature': random, salt: random };
    expect(maskJson(value)).toEqual({
      key: masked,
      sshKey: masked,
      auth: masked,
      'x-signature': masked,
      salt: masked,
    });
  });

  it('are masked by the name alone where it says so', () => {
    expect(maskJson({ passphrase: 'x', secretAccessKey: 'y', pwd: 'z' })).toEqual({
      passphrase: masked,
      secretAccessKey: masked,
      pwd: masked,
    });
  });

  it('are masked as a card also when they are a number', () => {
    expect(maskJson([4_242_424_242_424_242, 4_242_424_242_424_241])).toEqual([masked, 4_242_424_242_424_241]);
  });
});

it.each([
  ['4242424242424242', true],
  ['5555555555554444', true],
  ['2223003122003222', true],
  ['378282246310005', true],
  ['6011111111111117', true],
  ['4242424242424243', false],
  ['1234567812345670', false],
  ['', false],
])('a card number %j: %s', (digits, is) => {
  expect(isCard(digits)).toBe(is);
});

it('a text looks random when its characters are spread', () => {
  expect(bitsPerCharacter('aaaaaaaa')).toBeCloseTo(0);
  expect(bitsPerCharacter('abcdefgh')).toBeCloseTo(3);
  expect(looksRandom(random)).toBe(true);
  expect(looksRandom('aaaaaaaaaaaaaaaaaaaaaaa1')).toBe(false);
  expect(looksRandom('short1')).toBe(false);
});

it('takes no time over hostile texts', () => {
  const started = performance.now();
  const hostile = [
    'eyJ-'.repeat(200_000),
    'eyJaaaaaaa.'.repeat(100_000),
    '-----BEGIN PRIVATE KEY-----'.repeat(30_000),
    '-----BEGIN A B C '.repeat(50_000),
    '://a:'.repeat(200_000),
    `://${'a'.repeat(500_000)}`,
    'a'.repeat(1_000_000),
    'key=key='.repeat(100_000),
    `${'k'.repeat(60)}${' '.repeat(500_000)}`,
    '4242 '.repeat(200_000),
    '4242-4242-4242-'.repeat(50_000),
    'SG.aaaaaaaaaaaaaaaa'.repeat(50_000),
    'Basic AAAAAAAA'.repeat(70_000),
    'hooks.slack.com/services/'.repeat(40_000),
  ];
  for (const text of hostile) maskText(text);
  expect(performance.now() - started).toBeLessThan(30_000);
});
