import type { LookupAddress } from 'node:dns';
import { afterEach, describe, expect, it } from 'vitest';
import { isPublicAddress, RefusedAddress } from '@/server/net/address-guard';
import { mayConnect, publicLookup } from '@/server/notify/channel/local-addresses';
import { readEndpointUrl } from '@/server/notify/channel/endpoint-url';
import { HttpPoster, retryAfterMs } from '@/server/notify/channel/http-post';
import { Seal } from '@/server/notify/seal';
import { Receiver } from './receiver';

const special = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.8',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'not an address',
  '',
];

describe('addresses that nothing is posted to', () => {
  it.each(special)('%s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
    expect(mayConnect(address, 'refuse-local')).toBe(false);
  });

  it.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'are not %s',
    (address) => expect(mayConnect(address, 'refuse-local')).toBe(true),
  );

  it('are those of this machine, unless the environment allows them, and nothing more then', () => {
    expect(special.filter((address) => mayConnect(address, 'allow-local'))).toEqual([
      '127.0.0.1',
      '127.255.255.254',
      '::1',
      '::ffff:127.0.0.1',
    ]);
  });
});

describe('a name', () => {
  const lookedUp = (found: readonly LookupAddress[], options = {}): Promise<unknown> =>
    new Promise((resolve) =>
      publicLookup('refuse-local', (_host, _options, done) => done(null, [...found]))('x', options, (error, address) =>
        resolve(error ?? address),
      ),
    );
  const good = { address: '8.8.8.8', family: 4 };

  it('is looked up for the connection itself', async () => {
    expect(await lookedUp([good])).toBe('8.8.8.8');
    expect(await lookedUp([good], { all: true })).toEqual([good]);
  });

  it.each([
    ['one of several', [good, { address: '10.0.0.1', family: 4 }]],
    ['the cloud metadata service', [{ address: '169.254.169.254', family: 4 }]],
    ['nothing', []],
  ])('is refused when it stands for %s', async (_words, found) => {
    expect(await lookedUp(found)).toBeInstanceOf(RefusedAddress);
    expect(await lookedUp(found, { all: true })).toBeInstanceOf(RefusedAddress);
  });
});

describe('posting', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  const poster = (local: 'refuse-local' | 'allow-local'): HttpPoster => {
    const made = new HttpPoster(local);
    ends.push(() => made.close());
    return made;
  };
  const post = (url: string) => ({ url, headers: {}, body: '{}', signal: new AbortController().signal, now: 0 });

  it('does not reach this machine, by address or by a name that stands for it', async () => {
    const receiver = await Receiver.start();
    ends.push(() => receiver.stop());
    const guarded = poster('refuse-local');
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433', '0'])
      expect(await guarded.post(post(`http://${host}:${port}/`))).toMatchObject({
        outcome: 'refused',
        words: 'Its address is not on the public internet, so nothing was posted.',
      });
    expect(receiver.received).toEqual([]);
    expect(await poster('allow-local').post(post(`http://localhost:${port}/`))).toMatchObject({ outcome: 'sent' });
  });

  it('survives an answer without end', async () => {
    const receiver = await Receiver.start();
    ends.push(() => receiver.stop());
    receiver.answer = () => ({ status: 200, headers: { 'x-big': 'x'.repeat(8_000) } });
    expect(await poster('allow-local').post(post(receiver.url))).toMatchObject({ outcome: 'sent', status: 200 });
  });

  it.each([
    ['120', 120_000],
    ['0', null],
    ['-5', null],
    ['soon', null],
    ['', null],
    ['999999999', 86_400_000],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 1969 23:59:00 GMT', null],
  ])('reads Retry-After %j', (header, expected) => {
    expect(retryAfterMs(header, 0)).toBe(expected);
    expect(retryAfterMs(undefined, 0)).toBeNull();
  });
});

describe('the address of an endpoint', () => {
  it.each([
    ['https://example.com/', 'https://example.com'],
    ['https://example.com/hook', 'https://example.com/…'],
    ['https://hooks.slack.com/services/T0000/B0000/abcdefghWXYZ', 'https://hooks.slack.com/…WXYZ'],
    ['https://example.com:8443/x?token=0123456789abcdefghi', 'https://example.com:8443/…fghi'],
  ])('%s is shown as %s', (text, shown) => {
    expect(readEndpointUrl(text, 'refuse-local')).toEqual({ ok: true, url: text, shown });
  });

  it.each([
    ['http://example.com/', 'https://'],
    ['http://127.0.0.1/', 'https://'],
    ['ftp://example.com/', 'https://'],
    ['javascript:alert(1)', 'https://'],
    ['https://user:pass@example.com/', 'name and password'],
    ['https://127.0.0.1/', 'public internet'],
    ['https://localhost/', 'public internet'],
    ['https://10.0.0.1/', 'public internet'],
    ['https://[::1]/', 'public internet'],
    ['https://0x7f000001/', 'public internet'],
    ['https://169.254.169.254/latest', 'public internet'],
    ['example.com', 'not an address'],
    [`https://example.com/${'x'.repeat(3_000)}`, 'not an address'],
  ])('%s is refused', (text, words) => {
    const reading = readEndpointUrl(text, 'refuse-local');
    expect(reading.ok ? '' : reading.message).toContain(words);
  });

  it('may be on this machine where that is allowed, and in no other private network', () => {
    expect(readEndpointUrl('http://localhost:9/', 'allow-local').ok).toBe(true);
    expect(readEndpointUrl('http://127.0.0.1:9/', 'allow-local').ok).toBe(true);
    expect(readEndpointUrl('https://192.168.0.1/', 'allow-local').ok).toBe(false);
    expect(readEndpointUrl('http://example.com/', 'allow-local').ok).toBe(false);
  });
});

describe('what is sealed', () => {
  const seal = new Seal('a secret that is at least 32 characters');

  it('opens with its secret, at its place', () => {
    const sealed = seal.seal('https://example.com/ü', 'end_1:url');
    expect(sealed).not.toContain('example');
    expect(seal.seal('https://example.com/ü', 'end_1:url')).not.toBe(sealed);
    expect(seal.open(sealed, 'end_1:url')).toBe('https://example.com/ü');
    expect(seal.open(sealed, 'end_2:url')).toBeNull();
    expect(new Seal('another secret that is also long enough').open(sealed, 'end_1:url')).toBeNull();
  });

  it('does not open when any byte was changed', () => {
    const sealed = Buffer.from(seal.seal('https://example.com', 'p').slice(3), 'base64url');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open(`v1.${changed.toString('base64url')}`, 'p')).toBeNull();
    }
    for (const text of ['', 'v1', 'v1.', 'v2.abc', 'v1.AAAA']) expect(seal.open(text, 'p')).toBeNull();
  });
});
