import { schemaCharactersMax, schemaDepthMax, schemaNodesMax, subschemasMax } from '@/lib/domain/form/form-limits';
import { fitsWithin, isRecord, own } from '@/lib/domain/form/json-value';
import type { JsonRecord } from '@/lib/domain/form/json-value';
import { readPattern } from '@/lib/domain/form/pattern';
import type { FieldPattern } from '@/lib/domain/form/pattern';

export interface UncheckedPattern {
  readonly path: string;
  readonly pattern: FieldPattern;
}

export type GuardedSchema =
  | {
      readonly kind: 'guarded';
      /** A copy without references, identifiers and patterns that may not be run. */
      readonly schema: JsonRecord;
      readonly unchecked: readonly UncheckedPattern[];
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly path: string };

const schemaKeys = new Set([
  'items',
  'additionalProperties',
  'additionalItems',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const schemaListKeys = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const schemaMapKeys = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const droppedKeys = new Set([
  '$schema',
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$vocabulary',
  '$comment',
  '$async',
  '$defs',
  'definitions',
  'examples',
  'nullable',
  'discriminator',
]);
const refusedKeys = new Set(['$dynamicRef', '$recursiveRef', 'dependencies']);
const numberKeys = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']);
const countKeys = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minContains',
  'maxContains',
]);

class Refusal extends Error {
  constructor(
    readonly reason: string,
    readonly path: string,
  ) {
    super(reason);
  }
}

export const pathOf = (parent: string, key: string | number): string =>
  `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

interface Walk {
  readonly root: JsonRecord;
  readonly unchecked: UncheckedPattern[];
  copies: number;
  subschemas: number;
}

/** Bounds a server's schema before anything walks it: size, depth, references, patterns. */
export function guardSchema(requestedSchema: unknown): GuardedSchema {
  if (!isRecord(requestedSchema)) return { kind: 'refused', reason: 'The schema is not an object', path: '' };
  const bounds = { nodes: schemaNodesMax, characters: schemaCharactersMax, depth: schemaDepthMax };
  if (!fitsWithin(requestedSchema, bounds)) {
    return { kind: 'refused', reason: 'The schema is too large to be read safely', path: '' };
  }
  const walk: Walk = { root: requestedSchema, unchecked: [], copies: 0, subschemas: 0 };
  try {
    const schema = copySchema(walk, requestedSchema, { path: '', depth: 0 });
    return isRecord(schema)
      ? { kind: 'guarded', schema, unchecked: walk.unchecked }
      : { kind: 'refused', reason: 'The schema is not an object', path: '' };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.reason, path: error.path };
    throw error;
  }
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

function copySchema(walk: Walk, schema: unknown, place: Place): JsonRecord | boolean {
  // References are written out, so nesting them could multiply: every copy counts.
  walk.copies += 1;
  if (!isPlainChoice(schema)) walk.subschemas += 1;
  if (walk.copies > schemaNodesMax || walk.subschemas > subschemasMax || place.depth > schemaDepthMax) {
    throw new Refusal('The schema has too many parts, or refers to itself', place.path);
  }
  if (typeof schema === 'boolean') return schema;
  if (!isRecord(schema)) throw new Refusal('A schema has to be an object', place.path);
  const target = own(schema, '$ref');
  const base = target === undefined ? {} : copySchema(walk, resolve(walk.root, target, place.path), deeper(place));
  if (typeof base === 'boolean') throw new Refusal('A reference has to lead to an object', place.path);
  const entries = Object.entries(schema)
    .filter(([key]) => key !== '$ref' && !droppedKeys.has(key))
    .flatMap(([key, value]) =>
      copyKeyword(walk, key, { value, path: pathOf(place.path, key), depth: place.depth + 1 }),
    );
  return Object.fromEntries([...Object.entries(base), ...entries]);
}

const isPlainChoice = (schema: unknown): boolean => isRecord(schema) && Object.hasOwn(schema, 'const');

const deeper = (place: Place): Place => ({ path: place.path, depth: place.depth + 1 });

function resolve(root: JsonRecord, target: unknown, path: string): unknown {
  const match = typeof target === 'string' ? /^#\/(\$defs|definitions)\/([^/]+)$/.exec(target) : null;
  const definitions = match === null ? undefined : own(root, match[1] ?? '');
  const name = (match?.[2] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
  const found = isRecord(definitions) ? own(definitions, name) : undefined;
  if (found === undefined) throw new Refusal('The schema refers to something outside itself', path);
  return found;
}

interface Keyword extends Place {
  readonly value: unknown;
}

function copyKeyword(walk: Walk, key: string, keyword: Keyword): [string, unknown][] {
  const { value, path } = keyword;
  if (refusedKeys.has(key)) throw new Refusal(`The schema uses ${key}, which is not supported here`, path);
  if (schemaKeys.has(key)) return [[key, copySchema(walk, value, keyword)]];
  if (schemaListKeys.has(key)) {
    if (!Array.isArray(value) || value.length === 0) throw new Refusal(`${key} has to be a list of schemas`, path);
    return [
      [key, value.map((item, index) => copySchema(walk, item, { path: pathOf(path, index), depth: keyword.depth }))],
    ];
  }
  if (schemaMapKeys.has(key)) return [[key, copySchemaMap(walk, key, keyword)]];
  if (key === 'pattern') return keepPattern(walk, keyword);
  checkPlainKeyword(key, keyword);
  return [[key, value]];
}

function copySchemaMap(walk: Walk, key: string, keyword: Keyword): JsonRecord {
  if (!isRecord(keyword.value)) throw new Refusal(`${key} has to be an object`, keyword.path);
  const entries = Object.entries(keyword.value).map(([name, schema]) => {
    const path = pathOf(keyword.path, name);
    if (key === 'patternProperties' && readPattern(name).kind === 'unchecked') {
      throw new Refusal('A property pattern cannot be checked safely', path);
    }
    return [name, copySchema(walk, schema, { path, depth: keyword.depth })] as const;
  });
  return Object.fromEntries(entries);
}

function keepPattern(walk: Walk, keyword: Keyword): [string, unknown][] {
  if (typeof keyword.value !== 'string') throw new Refusal('pattern has to be text', keyword.path);
  const pattern = readPattern(keyword.value);
  if (pattern.kind === 'checked') return [['pattern', pattern.source]];
  walk.unchecked.push({ path: keyword.path, pattern });
  return [];
}

function checkPlainKeyword(key: string, { value, path }: Keyword): void {
  if (numberKeys.has(key) && !(typeof value === 'number' && Number.isFinite(value))) {
    throw new Refusal(`${key} has to be a number`, path);
  }
  if (key === 'multipleOf' && typeof value === 'number' && value <= 0) {
    throw new Refusal('multipleOf has to be above 0', path);
  }
  if (countKeys.has(key) && !(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)) {
    throw new Refusal(`${key} has to be a whole number from 0`, path);
  }
}
