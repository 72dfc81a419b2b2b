import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** The Content-Security-Policy of a page whose own inline scripts are `scripts`: those run, no other does. */
export function pagePolicy(html: string): string {
  const hashes = new Set<string>();
  for (const match of html.matchAll(inlineScript)) {
    hashes.add(`'sha256-${createHash('sha256').update(match[1] ?? '').digest('base64')}'`);
  }
  return policyWith(["'self'", ...hashes]);
}

/** In development Next evaluates code to reload it. */
export const developmentPolicy = policyWith(["'self'", "'unsafe-inline'", "'unsafe-eval'"]);

function policyWith(scripts: readonly string[]): string {
  return [
    "default-src 'self'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "media-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Holds a page back until it is whole, so that its policy can name the scripts it has. Pages are
 * static shells without private data, a few kilobytes each.
 */
export function sendWithPolicy(res: ServerResponse): void {
  const parts: Buffer[] = [];
  const { writeHead, write, end } = res;
  const keep = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === 'string') parts.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
  };
  const isPage = (): boolean => String(res.getHeader('content-type') ?? '').startsWith('text/html');
  let held: Parameters<typeof writeHead> | null = null;

  res.writeHead = ((...head: Parameters<typeof writeHead>) => {
    const headers = head.find((part) => typeof part === 'object');
    if (headers !== undefined && !Array.isArray(headers)) for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value);
    if (!isPage()) return writeHead.call(res, head[0]);
    res.statusCode = head[0];
    held = head;
    return res;
  }) as typeof writeHead;
  res.write = ((chunk: unknown, encoding?: unknown, done?: unknown) => {
    if (held === null && !isPage()) return (write as (...all: unknown[]) => boolean).call(res, chunk, encoding, done);
    keep(chunk, encoding);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') callback();
    return true;
  }) as typeof write;
  res.end = ((chunk?: unknown, encoding?: unknown, done?: unknown) => {
    if (held === null && !isPage()) return (end as (...all: unknown[]) => ServerResponse).call(res, chunk, encoding, done);
    if (typeof chunk !== 'function') keep(chunk, encoding);
    const html = Buffer.concat(parts);
    if (!res.headersSent) {
      res.setHeader('content-security-policy', pagePolicy(html.toString('utf8')));
      res.removeHeader('transfer-encoding');
      res.setHeader('content-length', html.byteLength);
    }
    res.write = write;
    res.writeHead = writeHead;
    return (end as (...all: unknown[]) => ServerResponse).call(res, html);
  }) as typeof end;
}
