import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const loopback = /^(::1|127\.\d+\.\d+\.\d+|::ffff:127\.\d+\.\d+\.\d+)$/;
/** What a proxy adds: then the caller is not who the connection is from. */
const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/**
 * Who may read `/metrics`: with a token set, whoever has it; without one, only a program of this machine that asks
 * directly. Everyone else finds nothing there.
 */
export function mayReadFigures(req: IncomingMessage, token: string | null): boolean {
  if (token !== null) return isToken(req.headers.authorization, token);
  const isForwarded = forwarded.some((name) => req.headers[name] !== undefined);
  return !isForwarded && loopback.test(req.socket.remoteAddress ?? '');
}

function isToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
