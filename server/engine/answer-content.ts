import { validateAnswer } from '@/lib/domain/form/validate-answer';
import type { RequestKind } from '@/lib/domain/event';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { checkLink } from '@/lib/domain/link';
import { readRecovery } from '@/lib/domain/recovery';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { validateSamplingResult } from '@/lib/domain/sampling';
import { checkAgainstSchema } from './answer-schema';

const replyCharacters = 200_000;

/** What an accepted answer will send, checked by kind; null when the kind has no content. `ask` is the question. */
export function readContent(
  kind: RequestKind,
  content: JsonObject | null,
  ask: Json | null,
): Result<JsonObject | null> {
  switch (kind) {
    case 'approval':
      return done(null);
    case 'recovery':
      return readDecision(content);
    case 'url': {
      const url = isJsonObject(ask) && typeof ask['url'] === 'string' ? ask['url'] : '';
      const link = checkLink(url);
      return link.ok ? done(null) : refuse('invalid_answer', `This link cannot be accepted. ${link.words}`);
    }
    case 'sampling':
      return readReply(content, isJsonObject(ask) ? ask : {});
    case 'form':
      return checkForm(isJsonObject(ask) ? ask['requestedSchema'] : {}, content ?? {});
  }
}

function readDecision(content: JsonObject | null): Result<JsonObject> {
  const reading = readRecovery(content);
  if (reading.ok) return done({ ...reading.decision });
  const { field, message } = reading;
  return refuse('invalid_answer', message, { errors: [{ field, message }] });
}

/** A text of a person's, or a whole result as a model wrote it. */
function readReply(content: JsonObject | null, ask: JsonObject): Result<JsonObject> {
  const result = content?.['result'];
  if (isJsonObject(result)) {
    if (JSON.stringify(result).length > replyCharacters)
      return refuse('too_large', `A reply may have ${replyCharacters} characters.`);
    const wrong = validateSamplingResult(result, ask);
    return wrong === null
      ? done({ result })
      : refuse('invalid_answer', wrong, { errors: [{ field: 'result', message: wrong }] });
  }
  const text = content?.['text'];
  if (typeof text !== 'string' || text.trim() === '')
    return refuse('invalid_answer', 'Write the reply first.', {
      errors: [{ field: 'text', message: 'Write the reply first.' }],
    });
  if (text.length > replyCharacters) return refuse('too_large', `A reply may have ${replyCharacters} characters.`);
  return done({ text });
}

function checkForm(schema: unknown, content: JsonObject): Result<JsonObject> {
  const plain = validateAnswer(schema, content);
  const errors = plain.ok ? [] : plain.errors;
  if (errors.length > 0) return refuse('invalid_answer', undefined, { errors });
  const full = checkAgainstSchema(schema, content);
  if (full.kind === 'invalid') return refuse('invalid_answer', undefined, { errors: full.errors });
  return done(content);
}
