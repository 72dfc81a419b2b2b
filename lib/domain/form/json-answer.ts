import { checkJson } from '@/lib/domain/form/json-check';
import { readJsonText } from '@/lib/domain/form/json-text';
import { isRecord } from '@/lib/domain/form/json-value';
import type { JsonRecord } from '@/lib/domain/form/json-value';
import { guardSchema } from '@/lib/domain/form/schema-guard';
import { answerFits, answerTooLarge } from '@/lib/domain/form/validate-answer';

export interface LineError {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

export type JsonAnswerReading =
  | { readonly ok: true; readonly content: JsonRecord }
  | { readonly ok: false; readonly errors: readonly LineError[] };

export const emptyJsonAnswer = '{\n  \n}';

const refused = (line: number, message: string): JsonAnswerReading => ({ ok: false, errors: [{ line, message }] });

/** Reads an answer typed as JSON for a schema that cannot be drawn as a form. */
export function readJsonAnswer(requestedSchema: unknown, text: string): JsonAnswerReading {
  const reading = readJsonText(text);
  if (reading.kind === 'refused') return refused(reading.line, reading.message);
  const { value, lines } = reading;
  if (!isRecord(value)) return refused(1, 'The answer has to be an object, in braces');
  if (!answerFits(value)) return refused(1, answerTooLarge);
  const guarded = guardSchema(requestedSchema);
  if (guarded.kind === 'refused') return refused(1, `${guarded.reason}, so no answer can be checked against it`);
  const errors = checkJson(guarded.schema, value).map(({ path, message }) => ({ line: lines.get(path) ?? 1, message }));
  return errors.length === 0 ? { ok: true, content: value } : { ok: false, errors };
}
