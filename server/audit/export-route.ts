import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { type Refusal, refusals, refuse } from '@/lib/domain/refusal';
import type { Directory } from '@/server/engine/ports/directory';
import type { OriginOf } from '@/server/engine/ports/origin';
import type { AuditDesk } from './audit-desk';

interface Env {
  Bindings: Partial<HttpBindings>;
}

export interface ExportPorts {
  readonly desk: Pick<AuditDesk, 'export'>;
  readonly directory: Pick<Directory, 'personOf'>;
  readonly originOf: OriginOf;
}

/** `GET /api/audit/export`: the log as JSON lines, for who is signed in here and may read it. */
export function auditRoutes(ports: ExportPorts): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/api/audit/export', (c) => download(ports, c));
  app.all('/api/audit/*', () => refused(refuse('not_found')));
  return app;
}

async function download({ desk, directory, originOf }: ExportPorts, c: Context<Env>): Promise<Response> {
  // Another site's link must not fill the log with exports nobody asked for.
  const site = c.req.header('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site')
    return refused(refuse('forbidden', 'Open the audit log in Holdpoint and export it there.'));
  const person = await directory.personOf(c.req.raw.headers);
  if (person === null) return refused(refuse('not_signed_in'));
  const [fromAt, toAt] = [instant(c.req.query('from')), instant(c.req.query('to'))];
  if (fromAt === 'wrong' || toAt === 'wrong')
    return refused(refuse('bad_input', '"from" and "to" are instants: milliseconds since 1970.'));
  const arrival = {
    socketAddress: c.env?.incoming?.socket.remoteAddress ?? null,
    forwardedFor: c.req.header('x-forwarded-for') ?? null,
    userAgent: c.req.header('user-agent') ?? null,
  };
  const made = await desk.export({ ...person, from: originOf(arrival, 'browser') }, { fromAt, toAt });
  if (!made.ok) return refused(made);
  const { first, last } = made.value;
  const body = Readable.toWeb(Readable.from(bytesOf(made.value.lines()))) as ReadableStream<Uint8Array>;
  return new Response(body, {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="holdpoint-audit-${first}-${last}.jsonl"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

async function* bytesOf(lines: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield Buffer.from(line, 'utf8');
}

function instant(text: string | undefined): number | null | 'wrong' {
  if (text === undefined || text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : 'wrong';
}

function refused(refusal: Refusal): Response {
  return Response.json(refusal, { status: refusals[refusal.code].status, headers: { 'cache-control': 'no-store' } });
}
