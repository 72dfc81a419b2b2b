import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';

/** The tool's schema for a place in its arguments; null where it says nothing simple. */
export function schemaAt(schema: Json, path: readonly string[]): JsonObject | null {
  let at: Json = schema;
  for (const step of path) {
    if (!isJsonObject(at)) return null;
    const { properties, items } = at;
    if (isJsonObject(properties) && Object.hasOwn(properties, step)) at = properties[step] ?? null;
    else if (isJsonObject(items) && /^\d+$/.test(step)) at = items;
    else return null;
  }
  return isJsonObject(at) ? at : null;
}

/** The texts a value may be; null where any may stand. */
export function enumOf(schema: JsonObject | null): readonly string[] | null {
  const list = schema?.enum;
  if (!Array.isArray(list)) return null;
  const texts = (list as readonly Json[]).filter((item): item is string => typeof item === 'string');
  return texts.length > 0 && texts.length === list.length ? texts : null;
}

export function hintOf(schema: JsonObject | null): string | null {
  return typeof schema?.description === 'string' ? schema.description : null;
}

const typeWords: { readonly [name: string]: string } = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/** What is plainly wrong with a value; null when nothing is, or when it would take more to tell. */
export function valueProblem(value: Json, schema: JsonObject | null): string | null {
  if (schema === null) return null;
  const { type } = schema;
  if (typeof type === 'string' && type in typeWords && !isOfType(value, type)) return `Must be ${typeWords[type]}.`;
  const allowed = schema.enum;
  if (Array.isArray(allowed) && !allowed.some((item: Json) => JSON.stringify(item) === JSON.stringify(value)))
    return `Must be one of ${allowed.map((item: Json) => JSON.stringify(item)).join(', ')}.`;
  if (typeof value === 'number') return numberProblem(value, schema);
  return typeof value === 'string' ? textProblem(value, schema) : missingProblem(value, schema);
}

function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function numberProblem(value: number, { minimum, maximum }: JsonObject): string | null {
  if (typeof minimum === 'number' && value < minimum) return `At least ${minimum}.`;
  return typeof maximum === 'number' && value > maximum ? `At most ${maximum}.` : null;
}

function textProblem(value: string, { minLength, maxLength }: JsonObject): string | null {
  const length = Array.from(value).length;
  if (typeof minLength === 'number' && length < minLength) return `At least ${minLength} characters.`;
  return typeof maxLength === 'number' && length > maxLength ? `At most ${maxLength} characters.` : null;
}

function missingProblem(value: Json, { required }: JsonObject): string | null {
  if (!isJsonObject(value) || !Array.isArray(required)) return null;
  const missing = required.find((key: Json) => typeof key === 'string' && !Object.hasOwn(value, key)) as
    | Json
    | undefined;
  return typeof missing === 'string' ? `Needs “${missing}”.` : null;
}
