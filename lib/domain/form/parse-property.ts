import { checkFieldValue } from '@/lib/domain/form/check-field';
import type { AnswerValue, FormField, TextLimits } from '@/lib/domain/form/field';
import { isRecord, isStringArray, own } from '@/lib/domain/form/json-value';
import type { JsonRecord } from '@/lib/domain/form/json-value';
import { choiceOptions, optionsOfBranches, optionsOfValues } from '@/lib/domain/form/option-list';
import type { OptionsReading } from '@/lib/domain/form/option-list';
import { readPattern } from '@/lib/domain/form/pattern';
import type { FieldPattern } from '@/lib/domain/form/pattern';
import { patternWords } from '@/lib/domain/form/pattern-words';
import { plainLine, plainLines } from '@/lib/domain/form/plain-text';

export interface PropertyContext {
  readonly name: string;
  readonly required: boolean;
  /** A pattern the guard took out because it may not be run. */
  readonly uncheckedPattern: FieldPattern | null;
}

export type PropertyReading =
  | { readonly kind: 'field'; readonly field: FormField }
  | { readonly kind: 'refused'; readonly reason: string };

const structural = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'const',
  'enum',
  'contains',
  'prefixItems',
  'unevaluatedItems',
  'additionalItems',
];
const textLimitKeys = ['minLength', 'maxLength', 'pattern', 'format'];

export function parseProperty(property: JsonRecord, context: PropertyContext): PropertyReading {
  const schema = withoutNull(property);
  const field = fieldOf(schema, context);
  if (typeof field === 'string') return { kind: 'refused', reason: field };
  return { kind: 'field', field: withDefault(field, own(schema, 'default')) };
}

/** Optional values of typed languages arrive as “this or null”; a field left empty says the same. */
function withoutNull(schema: JsonRecord): JsonRecord {
  const type = own(schema, 'type');
  if (Array.isArray(type) && type.length === 2 && type.includes('null')) {
    const other: unknown = type.find((entry) => entry !== 'null');
    return withoutNullDefault(Object.fromEntries([...Object.entries(schema), ['type', other]]));
  }
  const branches = own(schema, 'anyOf');
  if (!Array.isArray(branches) || branches.length !== 2 || type !== undefined) return schema;
  const isNull = (branch: unknown): boolean => isRecord(branch) && own(branch, 'type') === 'null';
  const other: unknown = branches.find((branch) => !isNull(branch));
  if (!isRecord(other) || !branches.some(isNull)) return schema;
  const rest = Object.entries(schema).filter(([key]) => key !== 'anyOf');
  return withoutNullDefault(Object.fromEntries([...Object.entries(other), ...rest]));
}

function withoutNullDefault(schema: JsonRecord): JsonRecord {
  if (own(schema, 'default') !== null) return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'default'));
}

function fieldOf(schema: JsonRecord, context: PropertyContext): FormField | string {
  const label = labelOf(schema, context.name);
  const type = own(schema, 'type');
  const options = type === 'string' || type === undefined ? choiceOptions(schema) : null;
  if (options !== null) return choiceOf(schema, { context, options });
  const keyword = structural.find((key) => Object.hasOwn(schema, key));
  if (keyword !== undefined) return `“${label}” has a condition (${keyword}) that a form may not have`;
  switch (type) {
    case 'string':
      return textOf(schema, context);
    case 'number':
    case 'integer':
      return numberOf(schema, context);
    case 'boolean':
      return { kind: 'yes-no', ...baseOf(schema, context), initial: null };
    case 'array':
      return choicesOf(schema, context);
    case 'object':
      return `“${label}” nests objects, which a form may not`;
    default:
      return `“${label}” has a type that a form may not have`;
  }
}

const labelOf = (schema: JsonRecord, name: string): string => {
  const title = own(schema, 'title');
  return (typeof title === 'string' ? plainLine(title) : '') || plainLine(name) || JSON.stringify(name);
};

interface Base {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly required: boolean;
  readonly notes: readonly string[];
}

function baseOf(schema: JsonRecord, { name, required }: PropertyContext): Base {
  const description = own(schema, 'description');
  const words = typeof description === 'string' ? plainLines(description) : '';
  return { name, label: labelOf(schema, name), description: words === '' ? null : words, required, notes: [] };
}

const numberAt = (schema: JsonRecord, key: string): number | null => {
  const value = own(schema, key);
  return typeof value === 'number' ? value : null;
};

function textOf(schema: JsonRecord, context: PropertyContext): FormField {
  const source = own(schema, 'pattern');
  const pattern = typeof source === 'string' ? readPattern(source) : context.uncheckedPattern;
  const format = own(schema, 'format');
  const base = { ...baseOf(schema, context), notes: textNotes(pattern, format) };
  const limits: TextLimits = {
    minLength: numberAt(schema, 'minLength'),
    maxLength: numberAt(schema, 'maxLength'),
    pattern,
  };
  if (format === 'date' || format === 'date-time') return { kind: format, ...base, ...limits, initial: null };
  const known = format === 'email' || format === 'uri' ? format : 'plain';
  return { kind: 'text', ...base, ...limits, format: known, initial: null };
}

function textNotes(pattern: FieldPattern | null, format: unknown): readonly string[] {
  const notes: string[] = [];
  if (pattern?.kind === 'unchecked') {
    const why = pattern.why === 'invalid' ? 'cannot be read' : 'is not safe to run';
    notes.push(`Asks for ${patternWords(pattern)}. That pattern ${why}, so it is not checked here.`);
  }
  if (typeof format === 'string' && !['email', 'uri', 'date', 'date-time'].includes(format)) {
    notes.push(`Asks for the format ${plainLine(format)}, which is not checked here.`);
  }
  return notes;
}

function numberOf(schema: JsonRecord, context: PropertyContext): FormField {
  return {
    kind: 'number',
    ...baseOf(schema, context),
    whole: own(schema, 'type') === 'integer' ? 'whole' : 'any',
    minimum: numberAt(schema, 'minimum'),
    maximum: numberAt(schema, 'maximum'),
    above: numberAt(schema, 'exclusiveMinimum'),
    below: numberAt(schema, 'exclusiveMaximum'),
    multipleOf: numberAt(schema, 'multipleOf'),
    initial: null,
  };
}

interface ChoiceReading {
  readonly context: PropertyContext;
  readonly options: OptionsReading;
}

function choiceOf(schema: JsonRecord, { context, options }: ChoiceReading): FormField | string {
  const label = labelOf(schema, context.name);
  if (options.kind === 'refused') return `“${label}” ${options.reason}`;
  const sources = ['enum', 'const', 'oneOf'].filter((key) => Object.hasOwn(schema, key));
  const others = [...structural.filter((key) => !sources.includes(key)), ...textLimitKeys];
  const extra = sources.length > 1 ? sources[1] : others.find((key) => Object.hasOwn(schema, key));
  if (extra !== undefined || context.uncheckedPattern !== null) {
    return `“${label}” limits its own choices (${extra ?? 'pattern'}), which a form may not`;
  }
  return { kind: 'choice', ...baseOf(schema, context), options: options.options, initial: null };
}

function choicesOf(schema: JsonRecord, context: PropertyContext): FormField | string {
  const label = labelOf(schema, context.name);
  const items = own(schema, 'items');
  if (!isRecord(items)) return `“${label}” is a list without choices, which a form may not have`;
  const reading = itemOptions(items);
  if (reading === null) return `“${label}” is a list without choices, which a form may not have`;
  if (reading.kind === 'refused') return `“${label}” ${reading.reason}`;
  const minItems = numberAt(schema, 'minItems') ?? 0;
  const maxItems = numberAt(schema, 'maxItems');
  return { kind: 'choices', ...baseOf(schema, context), options: reading.options, minItems, maxItems, initial: null };
}

function itemOptions(items: JsonRecord): OptionsReading | null {
  const allowed = new Set(['type', 'enum', 'enumNames', 'anyOf', 'oneOf', 'const', 'title', 'description', 'default']);
  const sources = ['enum', 'anyOf', 'oneOf', 'const'].filter((key) => Object.hasOwn(items, key));
  const type = own(items, 'type');
  if (sources.length !== 1 || (type !== undefined && type !== 'string')) return null;
  if (!Object.keys(items).every((key) => allowed.has(key))) return null;
  if (Object.hasOwn(items, 'enum')) return optionsOfValues(own(items, 'enum'), own(items, 'enumNames'));
  if (Object.hasOwn(items, 'const')) return optionsOfValues([own(items, 'const')], undefined);
  return Object.hasOwn(items, 'anyOf')
    ? optionsOfBranches(own(items, 'anyOf'), 'anyOf')
    : optionsOfBranches(own(items, 'oneOf'), 'oneOf');
}

/** A default is taken only if it is itself a valid answer; otherwise the person is told and starts from nothing. */
function withDefault(field: FormField, declared: unknown): FormField {
  if (declared === undefined) return field;
  if (checkFieldValue(field, declared) !== null) {
    const shown = plainLine(JSON.stringify(declared) ?? '').slice(0, 80);
    return {
      ...field,
      notes: [...field.notes, `The suggested answer ${shown} does not fit this field, so it is left out.`],
    };
  }
  return startingFrom(field, declared as AnswerValue);
}

function startingFrom(field: FormField, value: AnswerValue): FormField {
  switch (field.kind) {
    case 'text':
    case 'date':
    case 'date-time':
    case 'choice':
      return typeof value === 'string' ? { ...field, initial: value } : field;
    case 'number':
      return typeof value === 'number' ? { ...field, initial: value } : field;
    case 'yes-no':
      return typeof value === 'boolean' ? { ...field, initial: value } : field;
    case 'choices':
      return isStringArray(value) ? { ...field, initial: [...value] } : field;
  }
}
