import { characterCount, isRecord, isStringArray, own } from '@/lib/domain/form/json-value';
import type { JsonRecord } from '@/lib/domain/form/json-value';
import { numberWords } from '@/lib/domain/form/number-text';
import { readPattern, testPattern } from '@/lib/domain/form/pattern';
import { patternWords } from '@/lib/domain/form/pattern-words';
import { plainLine } from '@/lib/domain/form/plain-text';
import { pathOf } from '@/lib/domain/form/schema-guard';
import { isDate, isDateTime, isEmail, isUri } from '@/lib/domain/form/text-formats';

/** One thing wrong in an answer given as JSON: where (a JSON pointer), in which top-level field, and what it must be. */
export interface JsonProblem {
  readonly path: string;
  readonly field: string;
  readonly message: string;
}

const stepsMax = 200_000;
const problemsMax = 20;
const valuesShownMax = 8;

interface Walk {
  readonly problems: JsonProblem[];
  steps: number;
}

interface Place {
  readonly path: string;
  readonly field: string;
  readonly name: string;
}

/**
 * Checks JSON against a guarded schema for the editor, in words. It knows the keywords people meet and skips the rest;
 * the server's full validator has the last word. Its work is bounded: past the bound it finds nothing more.
 */
export function checkJson(schema: JsonRecord, value: unknown): readonly JsonProblem[] {
  const walk: Walk = { problems: [], steps: 0 };
  check(walk, { schema, value }, { path: '', field: '', name: 'The answer' });
  return walk.problems;
}

interface Pair {
  readonly schema: unknown;
  readonly value: unknown;
}

function check(walk: Walk, { schema, value }: Pair, place: Place): void {
  walk.steps += 1;
  if (walk.steps > stepsMax || walk.problems.length >= problemsMax) return;
  if (schema === false) return complain(walk, place, 'is not allowed here');
  if (!isRecord(schema)) return;
  const wanted = plainProblem(schema, value);
  if (wanted !== null) return complain(walk, place, wanted);
  if (isRecord(value)) checkRecord(walk, { schema, value }, place);
  if (Array.isArray(value)) checkList(walk, { schema, value }, place);
  checkBranches(walk, { schema, value }, place);
}

function complain(walk: Walk, place: Place, words: string): void {
  walk.problems.push({ path: place.path, field: place.field, message: `${place.name} ${words}` });
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['null', 'null'],
]);

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

/** What the value itself must be, in words after “must”; null when it is that. */
function plainProblem(schema: JsonRecord, value: unknown): string | null {
  const type = own(schema, 'type');
  const types = typeof type === 'string' ? [type] : isStringArray(type) ? type : [];
  if (types.length > 0 && !types.some((entry) => hasType(value, entry))) {
    return `must be ${types.map((entry) => typeWords.get(entry) ?? entry).join(' or ')}${rangeWords(schema)}`;
  }
  const fixed = own(schema, 'const');
  if (fixed !== undefined && !sameJson(fixed, value)) return `must be ${shown(fixed)}`;
  const values = own(schema, 'enum');
  if (Array.isArray(values) && !values.some((entry) => sameJson(entry, value))) {
    const list = values.slice(0, valuesShownMax).map(shown).join(', ');
    return `must be one of ${list}${values.length > valuesShownMax ? ' and others' : ''}`;
  }
  if (typeof value === 'number') return numberProblem(schema, value);
  return typeof value === 'string' ? textProblem(schema, value) : null;
}

const shown = (value: unknown): string => plainLine(JSON.stringify(value) ?? '').slice(0, 60);

/** Scalars and small values only: enough for choices, and bounded. */
function sameJson(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || left === null) return left === right;
  return typeof right === 'object' && right !== null && JSON.stringify(left) === JSON.stringify(right);
}

const numberAt = (schema: JsonRecord, key: string): number | null => {
  const value = own(schema, key);
  return typeof value === 'number' ? value : null;
};

function rangeWords(schema: JsonRecord): string {
  const [min, max] = [numberAt(schema, 'minimum'), numberAt(schema, 'maximum')];
  if (min !== null && max !== null) return ` from ${numberWords(min)} to ${numberWords(max)}`;
  if (min !== null) return ` of at least ${numberWords(min)}`;
  return max === null ? '' : ` of at most ${numberWords(max)}`;
}

function numberProblem(schema: JsonRecord, value: number): string | null {
  const [min, max] = [numberAt(schema, 'minimum'), numberAt(schema, 'maximum')];
  const [above, below] = [numberAt(schema, 'exclusiveMinimum'), numberAt(schema, 'exclusiveMaximum')];
  const step = numberAt(schema, 'multipleOf');
  if ((min !== null && value < min) || (max !== null && value > max)) {
    const noun = own(schema, 'type') === 'integer' ? 'a whole number' : 'a number';
    return `must be ${noun}${rangeWords(schema)}`;
  }
  if (above !== null && value <= above) return `must be above ${numberWords(above)}`;
  if (below !== null && value >= below) return `must be below ${numberWords(below)}`;
  return step !== null && !Number.isInteger(value / step) ? `must be a multiple of ${numberWords(step)}` : null;
}

function textProblem(schema: JsonRecord, text: string): string | null {
  const [min, max] = [numberAt(schema, 'minLength'), numberAt(schema, 'maxLength')];
  const count = characterCount(text);
  if (min !== null && count < min)
    return `must have at least ${numberWords(min)} characters, not ${numberWords(count)}`;
  if (max !== null && count > max) return `must have at most ${numberWords(max)} characters, not ${numberWords(count)}`;
  const source = own(schema, 'pattern');
  const pattern = typeof source === 'string' ? readPattern(source) : null;
  if (pattern !== null && testPattern(pattern, text) === 'differs') return `must have ${patternWords(pattern)}`;
  switch (own(schema, 'format')) {
    case 'email':
      return isEmail(text) ? null : 'must be an e-mail address';
    case 'date':
      return isDate(text) ? null : 'must be a date such as 2026-12-31';
    case 'date-time':
      return isDateTime(text) ? null : 'must be a date and time such as 2026-12-31T09:30:00+01:00';
    case 'uri':
      return isUri(text) ? null : 'must be a whole address such as https://example.com';
    default:
      return null;
  }
}

const child = (place: Place, key: string | number): Place => ({
  path: pathOf(place.path, key),
  field: place.path === '' ? String(key) : place.field,
  name: typeof key === 'number' ? `Item ${key + 1} of ${place.name}` : plainLine(key) || '(unnamed)',
});

function checkRecord(
  walk: Walk,
  { schema, value }: Pair & { readonly schema: JsonRecord; readonly value: JsonRecord },
  place: Place,
): void {
  const described = own(schema, 'properties');
  const properties = isRecord(described) ? described : {};
  const required = own(schema, 'required');
  for (const name of isStringArray(required) ? required : []) {
    if (!Object.hasOwn(value, name)) complain(walk, { ...child(place, name), path: place.path }, 'is missing');
  }
  const others = own(schema, 'additionalProperties');
  const matched = own(schema, 'patternProperties');
  for (const [name, entry] of Object.entries(value)) {
    if (Object.hasOwn(properties, name)) check(walk, { schema: properties[name], value: entry }, child(place, name));
    else if (others === false && matched === undefined) complain(walk, child(place, name), 'was not asked for');
    else if (isRecord(others) && matched === undefined)
      check(walk, { schema: others, value: entry }, child(place, name));
  }
}

function checkList(
  walk: Walk,
  { schema, value }: Pair & { readonly schema: JsonRecord; readonly value: readonly unknown[] },
  place: Place,
): void {
  const [min, max] = [numberAt(schema, 'minItems'), numberAt(schema, 'maxItems')];
  if (min !== null && value.length < min) complain(walk, place, `must have at least ${numberWords(min)} entries`);
  if (max !== null && value.length > max) complain(walk, place, `must have at most ${numberWords(max)} entries`);
  const first = own(schema, 'prefixItems');
  const leading = Array.isArray(first) ? first : [];
  const rest = own(schema, 'items');
  value.forEach((entry, index) => {
    const item: unknown = index < leading.length ? leading[index] : rest;
    if (item !== undefined) check(walk, { schema: item, value: entry }, child(place, index));
  });
}

function checkBranches(walk: Walk, { schema, value }: Pair & { readonly schema: JsonRecord }, place: Place): void {
  const all = own(schema, 'allOf');
  if (Array.isArray(all)) for (const branch of all) check(walk, { schema: branch, value }, place);
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = own(schema, keyword);
    if (!Array.isArray(branches)) continue;
    if (!branches.some((branch) => holds(walk, { schema: branch, value }, place))) {
      complain(walk, place, 'fits none of the forms the schema allows');
    }
  }
}

function holds(walk: Walk, pair: Pair, place: Place): boolean {
  const attempt: Walk = { problems: [], steps: walk.steps };
  check(attempt, pair, place);
  walk.steps = attempt.steps;
  return attempt.problems.length === 0;
}
