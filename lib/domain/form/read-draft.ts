import { checkFieldValue } from '@/lib/domain/form/check-field';
import { draftChoice, draftChoices, draftText, draftYesNo } from '@/lib/domain/form/draft';
import type { FormDraft } from '@/lib/domain/form/draft';
import type { AnswerContent, AnswerValue, ChoicesField, FormField } from '@/lib/domain/form/field';
import { countWords } from '@/lib/domain/form/limit-words';
import { readNumber } from '@/lib/domain/form/number-text';

/** By field name. A Map, since a field may be called `__proto__`. */
export type FieldErrors = ReadonlyMap<string, string>;

export type DraftReading =
  | { readonly ok: true; readonly content: AnswerContent }
  | { readonly ok: false; readonly errors: FieldErrors };

type ValueReading =
  | { readonly kind: 'value'; readonly value: AnswerValue }
  | { readonly kind: 'empty' }
  | { readonly kind: 'problem'; readonly message: string };

/** Turns what was typed into the answer, or says per field what to type instead. Optional fields left empty are left out. */
export function readDraft(fields: readonly FormField[], draft: FormDraft): DraftReading {
  const errors = new Map<string, string>();
  const entries: [string, AnswerValue][] = [];
  for (const field of fields) {
    const reading = readField(field, draft);
    if (reading.kind === 'problem') errors.set(field.name, reading.message);
    else if (reading.kind === 'value') entries.push([field.name, reading.value]);
    else if (field.required) errors.set(field.name, emptyMessage(field));
  }
  return errors.size > 0 ? { ok: false, errors } : { ok: true, content: Object.fromEntries(entries) };
}

function readField(field: FormField, draft: FormDraft): ValueReading {
  const value = typedValue(field, draft);
  if (value.kind !== 'value') return value;
  const message = checkFieldValue(field, value.value);
  return message === null ? value : { kind: 'problem', message };
}

const empty: ValueReading = { kind: 'empty' };
const orEmpty = (value: AnswerValue | null): ValueReading => (value === null ? empty : { kind: 'value', value });

function typedValue(field: FormField, draft: FormDraft): ValueReading {
  switch (field.kind) {
    case 'text': {
      const typed = draftText(draft, field.name);
      const text = field.format === 'plain' ? typed : typed.trim();
      // An empty text is an answer only where the server itself offered it as one.
      return text === '' && !(field.required && field.initial === '') ? empty : { kind: 'value', value: text };
    }
    case 'date':
    case 'date-time':
      return orEmpty(draftText(draft, field.name).trim() || null);
    case 'number':
      return typedNumber(draftText(draft, field.name));
    case 'yes-no':
      return orEmpty(draftYesNo(draft, field.name));
    case 'choice':
      return orEmpty(draftChoice(draft, field.name));
    case 'choices':
      return pickedChoices(field, draftChoices(draft, field.name));
  }
}

function typedNumber(typed: string): ValueReading {
  if (typed.trim() === '') return empty;
  const reading = readNumber(typed);
  return reading.kind === 'number'
    ? { kind: 'value', value: reading.value }
    : { kind: 'problem', message: reading.message };
}

/** Nothing ticked is an answer (“none”) once a person made it so, where the schema has room for it; untouched it is no answer. */
function pickedChoices(field: ChoicesField, values: readonly string[] | null): ValueReading {
  if (values === null) return empty;
  if (values.length > 0) return { kind: 'value', value: inOrder(field, values) };
  const meansNone = field.minItems === 0 && (field.required || field.initial !== null);
  return meansNone ? { kind: 'value', value: [] } : empty;
}

function inOrder(field: ChoicesField, values: readonly string[]): readonly string[] {
  const picked = new Set(values);
  const known = field.options.filter((option) => picked.has(option.value)).map((option) => option.value);
  return known.length === picked.size ? known : [...picked];
}

function emptyMessage(field: FormField): string {
  switch (field.kind) {
    case 'text':
      return field.format === 'email'
        ? 'Type an e-mail address'
        : field.format === 'uri'
          ? 'Type an address'
          : 'Type an answer';
    case 'date':
      return 'Pick a date';
    case 'date-time':
      return 'Pick a date and a time';
    case 'number':
      return 'Type a number';
    case 'yes-no':
      return 'Pick yes or no';
    case 'choice':
      return 'Pick one';
    case 'choices':
      return field.minItems === 0 ? 'Pick some, or none of these' : `Pick ${countWords(field)}`;
  }
}
