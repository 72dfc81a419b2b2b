import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import type { AnswerError } from '@/lib/domain/form/field';
import { emailCharactersMax, uriCharactersMax } from '@/lib/domain/form/form-limits';
import { isRecord, own } from '@/lib/domain/form/json-value';
import { compilePattern, readPattern, testPattern } from '@/lib/domain/form/pattern';
import { plainLine } from '@/lib/domain/form/plain-text';
import { guardSchema } from '@/lib/domain/form/schema-guard';
import type { UncheckedPattern } from '@/lib/domain/form/schema-guard';
import { answerFits } from '@/lib/domain/form/validate-answer';

export type SchemaCheck =
  | { readonly kind: 'valid'; readonly unchecked: readonly UncheckedPattern[] }
  | { readonly kind: 'invalid'; readonly errors: readonly AnswerError[] }
  | { readonly kind: 'unrenderable'; readonly reason: string };

const checkedFormats = ['email', 'uri', 'date', 'date-time'] as const;
const longestText = new Map<string, number>([
  ['email', emailCharactersMax],
  ['uri', uriCharactersMax],
  ['date', 10],
  ['date-time', 64],
]);

const listKeys: readonly string[] = ['oneOf', 'anyOf', 'enum'];
const choiceKeys = new Set(['const', 'title', 'description']);
/** Objects in what is compiled; keeps compiling below about half a second. */
const recordsMax = 1_200;

/** Stands in for `RegExp` in generated code: a pattern is tested only within what the guard affords. */
function boundedRegExp(source: string): { test: (text: string) => boolean } {
  const pattern = readPattern(source);
  return Object.assign(compilePattern(source) ?? /(?:)/, {
    test: (text: string) => testPattern(pattern, text) !== 'differs',
  });
}
boundedRegExp.code = 'boundedRegExp';

const settings = { strict: false, logger: false } as const;

/** Reads schemas against JSON Schema's own; it compiles nothing of theirs, so it can be kept. */
const metaValidator = new Ajv2020(settings);

/** Made per schema: an Ajv instance keeps every pattern and value it compiled for as long as it lives. */
function createValidator(): Ajv2020 {
  const ajv = new Ajv2020({
    ...settings,
    // One error is enough here: collecting all lets a small schema and answer produce millions.
    allErrors: false,
    meta: false,
    validateSchema: false,
    // A field named `constructor` must not find the one every object inherits.
    ownProperties: true,
    loopEnum: 20,
    loopRequired: 20,
    code: { regExp: boundedRegExp },
  });
  formatsPlugin(ajv, { formats: [...checkedFormats], keywords: false });
  for (const name of checkedFormats) boundFormat(ajv, name);
  return ajv;
}

function boundFormat(ajv: Ajv2020, name: string): void {
  const format = ajv.formats[name];
  const max = longestText.get(name) ?? 0;
  if (typeof format !== 'function' && !(format instanceof RegExp)) return;
  const accepts = format instanceof RegExp ? (text: string) => format.test(text) : format;
  ajv.addFormat(name, (text: string) => text.length <= max && accepts(text));
}

const unrenderable = (reason: string): SchemaCheck => ({ kind: 'unrenderable', reason });

/** Writes choices as one `enum`: the same meaning, compiled a thousand times faster. */
function withPlainEnums(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainEnums);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const alone = !listKeys.some((other) => other !== key && Object.hasOwn(value, other));
      const values = listKeys.includes(key) && alone ? plainChoices(entry) : null;
      return values === null ? [key, withPlainEnums(entry)] : ['enum', values];
    }),
  );
}

function plainChoices(branches: unknown): readonly string[] | null {
  if (!Array.isArray(branches)) return null;
  const values = new Set<string>();
  for (const branch of branches as readonly unknown[]) {
    if (!isRecord(branch) || !Object.keys(branch).every((key) => choiceKeys.has(key))) return null;
    const value = own(branch, 'const');
    if (typeof value !== 'string' || values.has(value)) return null;
    values.add(value);
  }
  return [...values];
}

function recordCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, entry) => sum + recordCount(entry), Array.isArray(value) ? 0 : 1);
}

const compiledMost = 100;
const keptSchemaCharacters = 20_000;
/** By the guarded schema's text, the least recently used first: servers ask the same forms again, and compiling costs milliseconds. */
const compiled = new Map<string, ValidateFunction>();

/** A second, independent judgement of an answer, by a full JSON Schema validator, before it is committed. */
export function checkAgainstSchema(requestedSchema: unknown, content: unknown): SchemaCheck {
  if (!answerFits(content)) return { kind: 'invalid', errors: [{ field: '', message: 'This answer is too large' }] };
  const guarded = guardSchema(requestedSchema);
  if (guarded.kind === 'refused') return unrenderable(guarded.reason);
  try {
    const validate = validatorOf(guarded.schema);
    if (typeof validate === 'string') return unrenderable(validate);
    if (validate(content) === true) return { kind: 'valid', unchecked: guarded.unchecked };
    return { kind: 'invalid', errors: (validate.errors ?? []).slice(-1).map(answerError) };
  } catch {
    // Ajv throws for a schema it cannot read: the server's fault, and an answer cannot be checked against it.
    return unrenderable('The schema is not valid JSON Schema');
  }
}

/** The validator of a guarded schema, or why there is none. */
function validatorOf(guarded: unknown): ValidateFunction | string {
  const text = JSON.stringify(guarded);
  const known = compiled.get(text);
  if (known !== undefined) {
    compiled.delete(text);
    compiled.set(text, known);
    return known;
  }
  const schema = withPlainEnums(guarded);
  if (!isRecord(schema) || recordCount(schema) > recordsMax) return 'The schema has too many parts';
  if (metaValidator.validateSchema(schema) !== true) return 'The schema is not valid JSON Schema';
  const validate = createValidator().compile(schema);
  if (text.length <= keptSchemaCharacters) keep(text, validate);
  return validate;
}

function keep(text: string, validate: ValidateFunction): void {
  compiled.set(text, validate);
  if (compiled.size <= compiledMost) return;
  for (const oldest of compiled.keys()) {
    compiled.delete(oldest);
    return;
  }
}

function answerError(error: ErrorObject): AnswerError {
  const [, first = ''] = error.instancePath.split('/');
  const named: unknown = error.params['missingProperty'] ?? error.params['additionalProperty'];
  const field = first === '' && typeof named === 'string' ? named : first.replaceAll('~1', '/').replaceAll('~0', '~');
  return { field, message: plainLine(`Does not fit the schema: ${error.message ?? error.keyword}`) };
}
