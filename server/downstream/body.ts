import type { IncomingMessage } from 'node:http';
import type { HttpError } from './http-error';
import { parseErrorCode, refusedCode } from './http-error';

export interface BodyLimits {
  readonly bytes: number;
  /** A body that trickles in longer than this is given up. */
  readonly withinMs: number;
}

export type BodyReading =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly error: HttpError }
  /** The agent went away before its body was complete. */
  | { readonly ok: false; readonly error: null };

/** Reads a JSON body. One that is too large is refused as soon as that is known; never more than the limit is held. */
export async function readJsonBody(req: IncomingMessage, limits: BodyLimits): Promise<BodyReading> {
  if (!isJson(req.headers['content-type'])) {
    return failed({ status: 415, code: refusedCode, message: 'Send JSON: the Content-Type must be application/json.' });
  }
  if (Number(req.headers['content-length'] ?? 0) > limits.bytes) return failed(tooLarge(limits));
  const text = await readText(req, limits);
  if (typeof text !== 'string') return text;
  try {
    return { ok: true, json: JSON.parse(text) as unknown };
  } catch {
    return failed({ status: 400, code: parseErrorCode, message: 'Parse error: the body is not JSON.' });
  }
}

function readText(req: IncomingMessage, limits: BodyLimits): Promise<string | BodyReading> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (outcome: string | BodyReading): void => {
      clearTimeout(timer);
      req.off('data', take).off('end', end).off('close', gone);
      resolve(outcome);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > limits.bytes) return settle(failed(tooLarge(limits)));
      chunks.push(chunk);
    };
    const end = (): void => settle(Buffer.concat(chunks.splice(0)).toString('utf8'));
    const gone = (): void => settle({ ok: false, error: null });
    const timer = setTimeout(() => {
      settle(
        failed({
          status: 408,
          code: refusedCode,
          message: 'The body did not arrive in time.',
          headers: { connection: 'close' },
        }),
      );
    }, limits.withinMs);
    timer.unref();
    // A broken request is also closed; without a listener its error would be a crash.
    req.on('error', ignore);
    req.on('data', take).once('end', end).once('close', gone);
  });
}

/** Stays on the request, so it stands alone: one made while reading would keep all of that alive with it. */
function ignore(): void {}

function tooLarge({ bytes }: BodyLimits): HttpError {
  return {
    status: 413,
    code: refusedCode,
    message: `The message is larger than the ${bytes} bytes that are accepted.`,
    data: { code: 'too_large' },
  };
}

function failed(error: HttpError): BodyReading {
  return { ok: false, error };
}

function isJson(contentType: string | undefined): boolean {
  const essence = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  return essence === 'application/json';
}
