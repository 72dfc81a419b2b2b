import type { Response } from 'undici';
import { failureWords } from './failure-words';

/** A server may promise a body and never send it. */
const discardMs = 2_000;

export type BodyText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'too_large' }
  | { readonly ok: false; readonly why: 'broken'; readonly message: string };

/**
 * Reads a whole body of at most `most` bytes; a longer one is left unread. With `withinMs` it is also given up when it
 * takes longer, and what came until then is the text.
 */
export async function readText(response: Response, most: number, withinMs?: number): Promise<BodyText> {
  if (response.body === null) return { ok: true, text: '' };
  const reader = response.body.getReader();
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
  const timer = withinMs === undefined ? undefined : setTimeout(giveUp, withinMs);
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  try {
    for (;;) {
      const chunk = await reader.read();
      if (chunk.done) break;
      const bytes = chunk.value as Uint8Array;
      size += bytes.byteLength;
      if (size > most) {
        giveUp();
        return { ok: false, why: 'too_large' };
      }
      parts.push(decoder.decode(bytes, { stream: true }));
    }
  } catch (error) {
    return { ok: false, why: 'broken', message: failureWords(error) };
  } finally {
    clearTimeout(timer);
  }
  parts.push(decoder.decode());
  return { ok: true, text: parts.join('') };
}

/** The media type without its parameters. */
export function mediaTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Frees the socket of a response that nobody reads: a short body to its end, anything else by cutting it. */
export async function discard(response: Response): Promise<void> {
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  if (response.body === null) return;
  if (length <= 4_096) await readText(response, 4_096, discardMs);
  else await response.body.cancel().catch(() => undefined);
}
