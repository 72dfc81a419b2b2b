import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '@/lib/domain/json';
import { type Refusal, refusals, refuse } from '@/lib/domain/refusal';
import { safeHead } from './head';
import { errorOfRefusal } from './outcome';

/** A refusal at the door, before any session hears of it. */
export interface HttpError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly data?: Json;
  /** The JSON-RPC id of the request it answers, when that could be read. */
  readonly id?: string | number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const parseErrorCode = -32700;
export const invalidRequestCode = -32600;
export const methodNotFoundCode = -32601;
export const invalidParamsCode = -32602;
export const internalErrorCode = -32603;
export const refusedCode = -32000;
export const sessionNotFoundCode = -32001;

export const sessionNotFound: HttpError = {
  status: 404,
  code: sessionNotFoundCode,
  message: 'Session not found: it has ended or never was. Send initialize again to start a new one.',
};

export function invalidRequest(why: string): HttpError {
  return { status: 400, code: invalidRequestCode, message: `Invalid Request: ${why}.` };
}

export const tooManyStreams: HttpError = {
  status: refusals.too_many.status,
  ...errorOfRefusal(refuse('too_many', 'Too many streams of this agent are open. Close one first.')),
};

export function tooFast(perSecond: number): HttpError {
  const words = `This agent sends more than ${perSecond} requests a second. Slow down, and try again in a moment.`;
  return {
    status: refusals.too_many.status,
    ...errorOfRefusal(refuse('too_many', words)),
    headers: { 'retry-after': '1' },
  };
}

export const stopping: HttpError = {
  status: refusals.stopping.status,
  ...errorOfRefusal(refuse('stopping')),
  headers: { 'retry-after': '1' },
};

/** `id` is that of the request it answers; null where there is none. */
export function httpErrorOf(refusal: Refusal, id: string | number | null): HttpError {
  return {
    status: refusals[refusal.code].status,
    ...errorOfRefusal(refusal),
    ...(id === null ? {} : { id }),
    ...(refusal.code === 'stopping' ? { headers: { 'retry-after': '1' } } : {}),
    ...(refusal.code === 'cannot_save' ? { headers: { 'retry-after': '5' } } : {}),
  };
}

/** What is still on its way of a refused body is read and thrown away up to here, so that the connection stays usable. */
const discardedBytesMost = 16 * 1024 * 1024;
const discardedWithinMs = 10_000;

/** Answers with a JSON-RPC error; nothing happens when the response is already under way. */
export function sendHttpError(req: IncomingMessage, res: ServerResponse, error: HttpError): void {
  if (res.headersSent || res.destroyed) return;
  const { status, code, message, data, id, headers } = error;
  const body: JsonObject = {
    jsonrpc: '2.0',
    id: id ?? null,
    error: { code, message, ...(data === undefined ? {} : { data }) },
  };
  res.writeHead(status, { ...safeHead, 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  res.end(JSON.stringify(body));
  discardRest(req);
}

/** Nobody may keep us reading for ever what was refused already. */
export function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  let bytes = 0;
  const tooLate = setTimeout(() => req.destroy(), discardedWithinMs);
  tooLate.unref();
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > discardedBytesMost) req.destroy();
  });
  req.once('close', () => clearTimeout(tooLate));
  req.once('end', () => clearTimeout(tooLate));
  req.on('error', () => clearTimeout(tooLate));
  req.resume();
}
