import { maskText } from '@/lib/domain/mask';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { limits, shortened } from '../limits';
import { readText } from './body';
import type { WireResponse } from './response';

/** A status that is not 2xx, read. */
export interface Refusal {
  readonly status: number;
  /** The server no longer knows the session. */
  readonly gone: boolean;
  readonly message: string;
  /** The body's text, for a JSON-RPC error that stands in it. */
  readonly body: string;
}

/** A refusal's words are not worth waiting for. */
const refusalMs = 2_000;

// "Session not found", "No valid session ID provided", "Mcp-Session-Id", "sessionId"; but no argument named session_x.
const namesSession = /\bsession(?:[\s-]?id)?\b|\bserver not initialized\b/i;

/** Reads a refusal, bounded. `hasSession`: whether the request carried a session id. */
export async function readRefusal(response: WireResponse, hasSession: boolean): Promise<Refusal> {
  const { status } = response;
  const read = await readText(response, limits.refusalBody, refusalMs);
  const body = read.ok ? read.text : '';
  const said = saidBy(body);
  const gone = hasSession && (status === 404 || (status === 400 && namesSession.test(said)));
  return { status, gone, body, message: `The server answered ${status}${wordsFor(response, said)}` };
}

function saidBy(body: string): string {
  try {
    const parsed = JSON.parse(body) as Json;
    if (!isJsonObject(parsed)) return body;
    const { message } = isJsonObject(parsed['error']) ? parsed['error'] : parsed;
    // AWS quotes the whole request after an empty line, with its security token (I14).
    if (typeof message === 'string') return message.split('\n\n', 1)[0] ?? '';
  } catch {
    // Plain words, or HTML.
  }
  return body;
}

function wordsFor(response: WireResponse, said: string): string {
  const location = response.status >= 300 && response.status < 400 ? response.location : null;
  if (location !== null) {
    const target = URL.parse(location, response.url);
    const shown = target === null ? 'nowhere' : shortened(`${target.origin}${target.pathname}`);
    return `, a redirect to ${shown}, which is not followed: write that address into the configuration if it is right.`;
  }
  const isMarkup = response.mediaType.includes('html');
  const words = isMarkup ? '' : shortened(maskText(said));
  return words === '' ? '.' : `: ${words}`;
}
