import type { RpcError } from '@/lib/domain/event';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { maskJson, maskText } from '@/lib/domain/mask';
import { oneLine } from './ask';

// What people are shown of what a server says, masked and short (I14).

const summaryCharacters = 200;
const logCharacters = 2_000;
const errorDataCharacters = 4_000;

/** A result in one line. */
export function resultWords(result: JsonObject): string {
  const content: readonly Json[] = Array.isArray(result['content']) ? result['content'] : [];
  for (const block of content) {
    if (isJsonObject(block) && typeof block['text'] === 'string')
      return oneLine(maskText(block['text'].slice(0, summaryCharacters * 4))).slice(0, summaryCharacters);
  }
  const kinds = content.flatMap((block) =>
    isJsonObject(block) && typeof block['type'] === 'string' ? [block['type']] : [],
  );
  return kinds.length > 0 ? oneLine(kinds.join(', ')) : 'no content';
}

/** A server's error, short; its agent gets the whole. */
export function errorExtract(error: RpcError): RpcError {
  const message = maskText(error.message);
  const data = error.data === undefined ? undefined : maskJson(error.data);
  const isShort = data !== undefined && JSON.stringify(data).length <= errorDataCharacters;
  return {
    code: error.code,
    message: message.length <= logCharacters ? message : `${message.slice(0, logCharacters)}…`,
    ...(isShort ? { data } : {}),
  };
}

/** A log message. */
export function logWords(data: Json): string {
  const text = typeof data === 'string' ? maskText(data) : JSON.stringify(maskJson(data));
  return text.length <= logCharacters ? text : `${text.slice(0, logCharacters)}…`;
}
