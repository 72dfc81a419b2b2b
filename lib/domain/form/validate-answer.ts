import { checkFieldValue } from '@/lib/domain/form/check-field';
import type { AnswerError, AnswerVerdict, FormField } from '@/lib/domain/form/field';
import { answerCharactersMax, answerDepthMax, answerNodesMax } from '@/lib/domain/form/form-limits';
import { checkJson } from '@/lib/domain/form/json-check';
import { fitsWithin, isRecord, own } from '@/lib/domain/form/json-value';
import type { JsonRecord } from '@/lib/domain/form/json-value';
import { parseForm } from '@/lib/domain/form/parse-form';
import { plainLine } from '@/lib/domain/form/plain-text';
import { guardSchema } from '@/lib/domain/form/schema-guard';

const unknownShownMax = 20;

const whole = (message: string): AnswerVerdict => ({ ok: false, errors: [{ field: '', message }] });

export const answerTooLarge = `This answer is too large: it may have ${answerNodesMax.toLocaleString('en-US')} values and ${answerCharactersMax.toLocaleString('en-US')} characters`;

/** Whether an answer's size lets it be looked at; asked before anything walks it. */
export function answerFits(content: unknown): boolean {
  return fitsWithin(content, { nodes: answerNodesMax, characters: answerCharactersMax, depth: answerDepthMax });
}

/** The same judgement in browser and server: of an answer against the schema the server sent. */
export function validateAnswer(requestedSchema: unknown, content: unknown): AnswerVerdict {
  if (!isRecord(content)) return whole('An answer has to be an object of named values');
  if (!answerFits(content)) return whole(answerTooLarge);
  const form = parseForm(requestedSchema);
  if (form.kind === 'form') return verdict(fieldErrors(form.fields, content));
  const guarded = guardSchema(requestedSchema);
  if (guarded.kind === 'refused') return whole(`${guarded.reason}, so no answer can be checked against it`);
  return verdict(checkJson(guarded.schema, content).map(({ field, message }) => ({ field, message })));
}

const verdict = (errors: readonly AnswerError[]): AnswerVerdict =>
  errors.length === 0 ? { ok: true } : { ok: false, errors };

function fieldErrors(fields: readonly FormField[], content: JsonRecord): readonly AnswerError[] {
  const names = new Set(fields.map((field) => field.name));
  const unknown = Object.keys(content).filter((name) => !names.has(name));
  const errors: AnswerError[] = [];
  for (const field of fields) {
    const value = own(content, field.name);
    const message = value === undefined ? (field.required ? 'Needs an answer' : null) : checkFieldValue(field, value);
    if (message !== null) errors.push({ field: field.name, message });
  }
  const extra = unknown
    .slice(0, unknownShownMax)
    .map((field) => ({ field, message: `“${plainLine(field)}” was not asked for` }));
  return [...errors, ...extra];
}
