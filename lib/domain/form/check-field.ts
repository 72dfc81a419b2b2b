import type {
  ChoiceField,
  ChoicesField,
  DateField,
  DateTimeField,
  FormField,
  NumberField,
  TextField,
  TextLimits,
} from '@/lib/domain/form/field';
import { characterCount, isStringArray } from '@/lib/domain/form/json-value';
import { countWords, lengthWords, numberLimitWords, sentence } from '@/lib/domain/form/limit-words';
import { numberWords } from '@/lib/domain/form/number-text';
import { testPattern } from '@/lib/domain/form/pattern';
import { patternSuggestion, patternWords } from '@/lib/domain/form/pattern-words';
import { isDate, isDateTime, isEmail, isUri } from '@/lib/domain/form/text-formats';

/** What is wrong with a value, as words that say what to type instead; null when it may be sent. */
export function checkFieldValue(field: FormField, value: unknown): string | null {
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' ? (formatProblem(field, value) ?? textProblem(field, value)) : 'Needs text';
    case 'date':
    case 'date-time':
      return typeof value === 'string' ? (dateProblem(field, value) ?? textProblem(field, value)) : 'Needs a date';
    case 'number':
      return numberProblem(field, value);
    case 'yes-no':
      return typeof value === 'boolean' ? null : 'Needs yes or no';
    case 'choice':
      return choiceProblem(field, value);
    case 'choices':
      return choicesProblem(field, value);
  }
}

function textProblem(limits: TextLimits, text: string): string | null {
  const { minLength, maxLength, pattern } = limits;
  if (minLength !== null || maxLength !== null) {
    const count = characterCount(text);
    if ((minLength !== null && count < minLength) || (maxLength !== null && count > maxLength)) {
      return `${sentence(lengthWords(limits))}, this has ${numberWords(count)}`;
    }
  }
  if (pattern === null || testPattern(pattern, text) !== 'differs') return null;
  const suggestion = patternSuggestion(pattern, text);
  const wanted = `Needs ${patternWords(pattern)}`;
  return suggestion === null || !fitsLength(limits, suggestion) ? wanted : `${wanted}. Did you mean ${suggestion}?`;
}

function fitsLength({ minLength, maxLength }: TextLimits, text: string): boolean {
  const count = characterCount(text);
  return count >= (minLength ?? 0) && count <= (maxLength ?? Number.POSITIVE_INFINITY);
}

function formatProblem(field: TextField, text: string): string | null {
  if (field.format === 'email' && !isEmail(text)) return 'Needs an e-mail address, such as name@example.com';
  if (field.format === 'uri' && !isUri(text)) return 'Needs a whole address, such as https://example.com/page';
  return null;
}

function dateProblem(field: DateField | DateTimeField, text: string): string | null {
  if (field.kind === 'date') return isDate(text) ? null : 'Needs a real date in the form 2026-12-31';
  return isDateTime(text) ? null : 'Needs a date and a time with an offset, such as 2026-12-31T09:30:00+01:00';
}

function numberProblem(field: NumberField, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'Needs a number';
  const { minimum, maximum, above, below, multipleOf } = field;
  const fits =
    (field.whole === 'any' || Number.isSafeInteger(value)) &&
    (minimum === null || value >= minimum) &&
    (maximum === null || value <= maximum) &&
    (above === null || value > above) &&
    (below === null || value < below) &&
    (multipleOf === null || Number.isInteger(value / multipleOf));
  if (fits) return null;
  const words = numberLimitWords(field);
  if (words === 'whole numbers') return 'Needs a whole number';
  const between = minimum !== null && maximum !== null && above === null && below === null && minimum !== maximum;
  return between ? `Between ${words.replace(' to ', ' and ')}` : sentence(words);
}

function choiceProblem(field: ChoiceField, value: unknown): string | null {
  return field.options.some((option) => option.value === value) ? null : 'Needs one of the choices';
}

function choicesProblem(field: ChoicesField, value: unknown): string | null {
  if (!isStringArray(value)) return 'Needs a list of choices';
  const offered = new Set(field.options.map((option) => option.value));
  if (new Set(value).size !== value.length) return 'Each choice only once';
  if (!value.every((item) => offered.has(item))) return 'Needs only the choices offered';
  const fits = value.length >= field.minItems && (field.maxItems === null || value.length <= field.maxItems);
  return fits ? null : `Pick ${countWords(field)}`;
}
