import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** The Content-Security-Policy of a page whose own inline scripts are `scripts`: those run, no other does. */
export function pagePolicy(html: string): string {
  const hashes = new Set<string>();
  for (const script of inlineScripts(html)) {
    hashes.add(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  }
  return policyWith(["'self'", ...hashes]);
}

/** The texts of a page's inline scripts; each search goes on where the last one ended. */
function inlineScripts(html: string): readonly string[] {
  const opening = /<script(?=[\s/>])/gi;
  const closing = /<\/script(?=[\s/>])/gi;
  const scripts: string[] = [];
  for (;;) {
    const tag = opening.exec(html);
    const start = tag === null ? -1 : html.indexOf('>', tag.index);
    if (tag === null || start === -1) return scripts;
    closing.lastIndex = start + 1;
    const end = closing.exec(html)?.index;
    if (end === undefined) return scripts;
    if (!/\ssrc\s*=/i.test(html.slice(tag.index, start))) scripts.push(html.slice(start + 1, end));
    opening.lastIndex = end;
  }
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
 * static shells without private data, a few kilobytes each; anything else passes as it comes.
 */
export function sendWithPolicy(res: ServerResponse): void {
  const parts: Buffer[] = [];
  const send = {
    writeHead: res.writeHead.bind(res),
    flushHeaders: res.flushHeaders.bind(res),
    write: res.write.bind(res),
    end: res.end.bind(res),
  };
  const isPage = (): boolean => !res.headersSent && String(res.getHeader('content-type') ?? '').startsWith('text/html');

  res.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    for (const headers of rest) if (typeof headers === 'object' && headers !== null) setHeaders(res, headers);
    if (!isPage()) return send.writeHead(status);
    res.statusCode = status;
    return res;
  };
  res.flushHeaders = (): void => {
    if (!isPage()) send.flushHeaders();
  };
  res.write = (chunk: unknown, ...rest: unknown[]): boolean => {
    if (!isPage()) return Reflect.apply(send.write, res, [chunk, ...rest]) as boolean;
    keep(parts, chunk, rest[0]);
    called(rest);
    return true;
  };
  res.end = (...all: unknown[]): ServerResponse => {
    if (!isPage()) return Reflect.apply(send.end, res, all) as ServerResponse;
    keep(parts, all[0], all[1]);
    const html = Buffer.concat(parts);
    res.setHeader('cache-control', 'private, no-cache');
    // Without a body there is nothing to judge by, and a browser keeps the policy it has.
    if (html.byteLength > 0) {
      res.setHeader('content-security-policy', pagePolicy(html.toString('utf8')));
      res.removeHeader('transfer-encoding');
      res.setHeader('content-length', html.byteLength);
    }
    Object.assign(res, send);
    send.end(html);
    called(all);
    return res;
  };
}

function setHeaders(res: ServerResponse, headers: object): void {
  for (const [name, value] of pairsOf(headers)) {
    if (typeof value === 'string' || typeof value === 'number') res.setHeader(name, value);
    else if (Array.isArray(value)) res.setHeader(name, value.map(String));
  }
}

/** Node takes an object, a list of pairs, or names and values in turn. */
function pairsOf(headers: object): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(headers)) return Object.entries(headers);
  const list: readonly unknown[] = headers;
  if (list.every((item) => Array.isArray(item))) return list.map(([name, value]) => [String(name), value]);
  return list.flatMap((name, at) => (at % 2 === 0 ? [[String(name), list[at + 1]] as const] : []));
}

function keep(parts: Buffer[], chunk: unknown, encoding: unknown): void {
  if (typeof chunk === 'string')
    parts.push(Buffer.from(chunk, encoding === 'base64' || encoding === 'latin1' ? encoding : 'utf8'));
  else if (chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
}

/** The writer's callback, whichever place it was given in. */
function called(all: readonly unknown[]): void {
  const done = all.find((part) => typeof part === 'function') as (() => void) | undefined;
  done?.();
}
