import { describe, expect, test } from 'vitest';
import { checkLink, type LinkRefusal, type LinkWarning } from '@/lib/domain/link';

interface Shown {
  readonly url: string;
  readonly host: string;
  readonly warnings: readonly LinkWarning[];
}

const shown: readonly Shown[] = [
  { url: 'https://db-login.orders.example/grant?ticket=1#top', host: 'db-login.orders.example', warnings: [] },
  { url: 'https://orders.example', host: 'orders.example', warnings: [] },
  { url: 'HTTPS://Orders.EXAMPLE/', host: 'orders.example', warnings: [] },
  { url: 'https://orders.example:443/a', host: 'orders.example', warnings: [] },
  { url: 'https://orders.example:8443/a', host: 'orders.example', warnings: ['port'] },
  { url: 'http://orders.example/', host: 'orders.example', warnings: ['http'] },
  { url: 'https://orders.example@evil.example/', host: 'evil.example', warnings: ['user_info'] },
  { url: 'https://user:secret@evil.example/', host: 'evil.example', warnings: ['user_info'] },
  { url: 'https://evil.example/@orders.example', host: 'evil.example', warnings: [] },
  { url: 'https://a@b@evil.example/', host: 'evil.example', warnings: ['user_info', 'rewritten'] },
  { url: 'https://xn--pple-43d.example/', host: 'xn--pple-43d.example', warnings: ['punycode'] },
  { url: 'https://аpple.example/', host: 'xn--pple-43d.example', warnings: ['punycode'] },
  { url: 'https://93.184.216.34/', host: '93.184.216.34', warnings: ['ip_address'] },
  { url: 'https://1572395042/', host: '93.184.216.34', warnings: ['ip_address', 'rewritten'] },
  { url: 'https://0x5d.0xb8.0xd8.0x22/', host: '93.184.216.34', warnings: ['ip_address', 'rewritten'] },
  { url: 'https://[2606:2800:220:1::1]/', host: '[2606:2800:220:1::1]', warnings: ['ip_address'] },
  { url: 'http://127.0.0.1:9000/', host: '127.0.0.1', warnings: ['http', 'ip_address', 'local', 'port'] },
  { url: 'https://[::1]/', host: '[::1]', warnings: ['ip_address', 'local'] },
  { url: 'https://169.254.169.254/latest', host: '169.254.169.254', warnings: ['ip_address', 'local'] },
  { url: 'https://172.20.0.1/', host: '172.20.0.1', warnings: ['ip_address', 'local'] },
  { url: 'https://172.32.0.1/', host: '172.32.0.1', warnings: ['ip_address'] },
  { url: 'https://localhost/', host: 'localhost', warnings: ['local'] },
  { url: 'https://printer.local/', host: 'printer.local', warnings: ['local'] },
  { url: 'https://notlocalhost.example/', host: 'notlocalhost.example', warnings: [] },
  { url: 'https:\\\\evil.example\\a', host: 'evil.example', warnings: ['rewritten'] },
  { url: 'https://orders.example\\@evil.example/', host: 'orders.example', warnings: ['rewritten'] },
  { url: 'https:evil.example', host: 'evil.example', warnings: ['rewritten'] },
  { url: 'https://ｅｖｉｌ.example/', host: 'evil.example', warnings: ['rewritten'] },
];

const refusals: readonly { readonly url: string; readonly code: LinkRefusal }[] = [
  { url: '', code: 'unreadable' },
  { url: 'orders.example/login', code: 'unreadable' },
  { url: 'https://', code: 'unreadable' },
  { url: 'javascript:alert(1)', code: 'scheme' },
  { url: 'JaVaScRiPt:alert(1)', code: 'scheme' },
  { url: 'data:text/html,hi', code: 'scheme' },
  { url: 'file:///etc/passwd', code: 'scheme' },
  { url: 'ftp://orders.example', code: 'scheme' },
  { url: 'vscode://open', code: 'scheme' },
  { url: 'java\nscript:alert(1)', code: 'hidden_characters' },
  { url: ' https://orders.example', code: 'hidden_characters' },
  { url: 'https://orders.example/\u202egpj.exe', code: 'hidden_characters' },
  { url: 'https://orders\u200b.example/', code: 'hidden_characters' },
  { url: 'https://orders.example/a\tb', code: 'hidden_characters' },
  { url: `https://orders.example/${'a'.repeat(9_000)}`, code: 'too_long' },
];

describe('a page a server wants visited', () => {
  test.each(shown)('$url leads to $host', ({ url, host, warnings }) => {
    const verdict = checkLink(url);
    if (!verdict.ok) throw new Error(`refused: ${verdict.code}`);
    expect(verdict.parts.host).toBe(host);
    expect(verdict.warnings).toEqual(warnings);
  });

  test.each(shown)('the pieces shown of $url are exactly what opens', ({ url }) => {
    const verdict = checkLink(url);
    if (!verdict.ok) throw new Error(`refused: ${verdict.code}`);
    const { before, host, after } = verdict.parts;
    expect(before + host + after).toBe(verdict.href);
    expect(new URL(verdict.href).hostname).toBe(host);
  });

  test('user info that repeats the host does not move what is picked out', () => {
    const verdict = checkLink('https://evil.example:evil.example@evil.example/evil.example');
    expect(verdict.ok && verdict.parts).toEqual({
      before: 'https://evil.example:evil.example@',
      host: 'evil.example',
      after: '/evil.example',
    });
  });

  test.each(refusals)('$url is refused: $code', ({ url, code }) => {
    const verdict = checkLink(url);
    expect(verdict.ok).toBe(false);
    expect(!verdict.ok && verdict.code).toBe(code);
  });
});
