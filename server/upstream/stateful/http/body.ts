import { failureWords } from './failure-words';
import type { WireResponse } from './response';

/** A server may promise a body and never send it. */
const discardMs = 2_000;
const discardBytes = 4_096;

export type BodyText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'too_large' }
  | { readonly ok: false; readonly why: 'broken'; readonly message: string };

/**
 * Reads a whole body of at most `most` bytes; a longer one is left unread. With `withinMs` it is also given up when it
 * takes longer, and what came until then is the text.
 */
export async function readText(response: WireResponse, most: number, withinMs?: number): Promise<BodyText> {
  const { body } = response;
  let isLate = false;
  const giveUp = (): void => {
    isLate = true;
    body.cancel();
  };
  const timer = withinMs === undefined ? undefined : setTimeout(giveUp, withinMs);
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  try {
    for (let chunk = await body.read(); chunk !== null; chunk = await body.read()) {
      size += chunk.byteLength;
      if (size > most) {
        body.cancel();
        return { ok: false, why: 'too_large' };
      }
      parts.push(decoder.decode(chunk, { stream: true }));
    }
  } catch (error) {
    if (!isLate) return { ok: false, why: 'broken', message: failureWords(error) };
  } finally {
    clearTimeout(timer);
  }
  parts.push(decoder.decode());
  return { ok: true, text: parts.join('') };
}

/** Frees the socket of a response that nobody reads: a short one by reading it, anything else by cutting it. */
export async function discard(response: WireResponse): Promise<void> {
  if ((response.contentLength ?? 0) > discardBytes) response.body.cancel();
  else await readText(response, discardBytes, discardMs);
}
