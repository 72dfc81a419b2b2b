import { createHash } from 'node:crypto';
import { createServer, request, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pagePolicy, sendWithPolicy } from '@/server/web/page-policy';

const open: Server[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()));
});

const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
const html = '<!doctype html><script>go()</script><script src="/a.js"></script><p>Grüße</p>';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function sentBy(write: (res: ServerResponse) => void, method = 'GET'): Promise<Reply> {
  const server = createServer((_req, res) => {
    sendWithPolicy(res);
    write(res);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the policy of a page', () => {
  it('lets its own inline scripts run, and no other', () => {
    const policy = pagePolicy(
      '<script>a()</script><script type="x" nonce=1>b()</script><script src=/c.js>ignored</script>',
    );
    const scripts = policy.split('; ').find((part) => part.startsWith('script-src'));
    expect(scripts).toBe(`script-src 'self' ${hashOf('a()')} ${hashOf('b()')}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(scripts).not.toContain('unsafe');
  });

  it('takes a script as browsers do, whatever its case and spaces', () => {
    const policy = pagePolicy('<SCRIPT\n>a()</SCRIPT ><script>b("</scr" + "ipt>")</script>');
    expect(policy).toContain(hashOf('a()'));
    expect(policy).toContain(hashOf('b("</scr" + "ipt>")'));
  });

  it('is found in a time that grows with the page, whatever stands in it', () => {
    const startedAt = performance.now();
    pagePolicy('<script '.repeat(20_000));
    pagePolicy(`<script>${'<script>'.repeat(20_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });
});

describe('a page on its way', () => {
  it('has the policy of what was written, in one piece or in many', async () => {
    const whole = await sentBy((res) => res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html));
    const pieces = await sentBy((res) => {
      res.setHeader('content-type', 'text/html');
      for (const byte of Buffer.from(html)) res.write(Buffer.from([byte]));
      res.end();
    });
    for (const reply of [whole, pieces]) {
      expect(reply).toMatchObject({ status: 200, body: html });
      expect(reply.headers['content-security-policy']).toBe(pagePolicy(html));
      expect(reply.headers['content-length']).toBe(String(Buffer.byteLength(html)));
    }
  });

  it('has it even when its writer wants the headers out first', async () => {
    const reply = await sentBy((res) => {
      res.setHeader('content-type', 'text/html');
      res.flushHeaders();
      res.write(html.slice(0, 20));
      res.end(html.slice(20));
    });
    expect(reply.body).toBe(html);
    expect(reply.headers['content-security-policy']).toBe(pagePolicy(html));
  });

  it('keeps status and headers in whichever form they were given', async () => {
    const reply = await sentBy((res) => {
      res.writeHead(404, 'Nothing here', [
        ['content-type', 'text/html'],
        ['x-own', 'yes'],
      ] as never);
      res.end(html);
    });
    expect(reply).toMatchObject({ status: 404, body: html, headers: { 'x-own': 'yes' } });
    const flat = await sentBy((res) => {
      res.writeHead(200, ['content-type', 'text/html', 'x-own', 'flat']);
      res.end(html);
    });
    expect(flat).toMatchObject({ status: 200, body: html, headers: { 'x-own': 'flat' } });
  });

  it('that has not changed does not take the policy of an empty page', async () => {
    const reply = await sentBy((res) => {
      res.setHeader('content-type', 'text/html');
      res.statusCode = 304;
      res.end();
    });
    expect(reply.status).toBe(304);
    expect(reply.headers['content-security-policy']).toBeUndefined();
    expect(reply.headers['content-length']).toBeUndefined();
  });

  it('asked for by HEAD says nothing of a length or scripts it does not know', async () => {
    const reply = await sentBy((res) => {
      res.setHeader('content-type', 'text/html');
      res.setHeader('content-length', 1_234);
      res.end();
    }, 'HEAD');
    expect(reply.headers['content-length']).toBe('1234');
    expect(reply.headers['content-security-policy']).toBeUndefined();
  });

  it('is asked for again each time: what a page may do changes with each release', async () => {
    const reply = await sentBy((res) => {
      res.writeHead(200, { 'content-type': 'text/html', 'cache-control': 's-maxage=31536000' });
      res.end(html);
    });
    expect(reply.headers['cache-control']).toBe('private, no-cache');
  });

  it('tells its writer when it is out', async () => {
    const told: string[] = [];
    await sentBy((res) => {
      res.setHeader('content-type', 'text/html');
      res.write(html, () => told.push('written'));
      res.end(() => told.push('ended'));
    });
    expect(told).toEqual(['written', 'ended']);
  });

  it('leaves what is no page as it comes', async () => {
    const reply = await sentBy((res) => {
      res.writeHead(200, { 'content-type': 'text/css', 'cache-control': 'public, max-age=31536000, immutable' });
      res.write('a{}');
      res.end('b{}');
    });
    expect(reply.body).toBe('a{}b{}');
    expect(reply.headers['content-security-policy']).toBeUndefined();
    expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });
});
