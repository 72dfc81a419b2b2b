import type { RequestKind } from '@/lib/domain/event';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { readSampling } from '@/lib/domain/sampling';

/** A server's question, read. */
export interface Ask {
  readonly kind: Extract<RequestKind, 'form' | 'url' | 'sampling'>;
  readonly title: string;
  readonly elicitationId: string | null;
  readonly body: JsonObject;
}

const titleCharacters = 120;
/** It stands in each event of its question, and in every browser. */
const elicitationIdMost = 512;

/** One line of plain text: no control characters, cut at a word. */
export function oneLine(text: string): string {
  const flat = text
    .slice(0, titleCharacters * 8)
    .replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ')
    .trim();
  return flat.length <= titleCharacters ? flat : `${flat.slice(0, titleCharacters - 1).trimEnd()}…`;
}

/** Reads `elicitation/create` or `sampling/createMessage`; a refusal is the server's to hear. */
export function readAsk(method: string, params: JsonObject): Result<Ask> {
  return method === 'sampling/createMessage' ? readPrompt(params) : readElicitation(params);
}

function readElicitation(params: JsonObject): Result<Ask> {
  const { mode = 'form', message } = params;
  if (typeof message !== 'string') return refuse('bad_input', 'elicitation/create needs a text `message`.');
  const title = oneLine(maskText(message));
  if (mode === 'form') {
    if (params['requestedSchema'] === undefined)
      return refuse('bad_input', 'A form elicitation needs a `requestedSchema`.');
    return done({
      kind: 'form',
      title: title === '' ? 'A question without words' : title,
      elicitationId: null,
      body: params,
    });
  }
  if (mode !== 'url') return refuse('bad_input', 'The elicitation mode must be "form" or "url".');
  const { url, elicitationId } = params;
  if (typeof url !== 'string' || typeof elicitationId !== 'string') {
    return refuse('bad_input', 'A URL elicitation needs a text `url` and `elicitationId`.');
  }
  if (elicitationId.length > elicitationIdMost) {
    return refuse('bad_input', `An elicitationId has at most ${elicitationIdMost} characters.`);
  }
  return done({ kind: 'url', title: title === '' ? 'Open a page' : title, elicitationId, body: params });
}

function readPrompt(params: JsonObject): Result<Ask> {
  const read = readSampling(params);
  if (!read.ok) return read;
  const { messages } = params;
  const last: unknown = Array.isArray(messages) ? messages[messages.length - 1] : undefined;
  const line = oneLine(maskText(lastLine(isJsonObject(last) ? textOf(last['content']) : '')));
  return done({
    kind: 'sampling',
    title: line === '' ? 'Write a model reply' : `Model reply: ${line}`,
    elicitationId: null,
    body: params,
  });
}

/** A prompt says what it wants at its end. */
function lastLine(text: string): string {
  const lines = text.slice(-titleCharacters * 4).split('\n');
  return lines.findLast((line) => line.trim() !== '') ?? '';
}

function textOf(content: unknown): string {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  for (const block of blocks) {
    if (isJsonObject(block) && typeof block['text'] === 'string') return block['text'];
  }
  return '';
}
