import type { FormField, ParsedForm } from '@/lib/domain/form/field';
import { fieldsMax } from '@/lib/domain/form/form-limits';
import { isRecord, isStringArray, own } from '@/lib/domain/form/json-value';
import type { JsonRecord } from '@/lib/domain/form/json-value';
import { parseProperty } from '@/lib/domain/form/parse-property';
import { plainLine } from '@/lib/domain/form/plain-text';
import { guardSchema, pathOf } from '@/lib/domain/form/schema-guard';
import type { UncheckedPattern } from '@/lib/domain/form/schema-guard';

const unsupportedAtRoot = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'const',
  'enum',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
];

const unrenderable = (reason: string, path: string): ParsedForm => ({ kind: 'unrenderable', reason, path });

/** Reads MCP's flat elicitation schema. Anything it does not fully understand is `unrenderable`, never half a form. */
export function parseForm(requestedSchema: unknown): ParsedForm {
  const guarded = guardSchema(requestedSchema);
  if (guarded.kind === 'refused') return unrenderable(guarded.reason, guarded.path);
  const { schema } = guarded;
  const problem = rootProblem(schema);
  if (problem !== null) return unrenderable(problem.reason, problem.path);
  const properties = own(schema, 'properties') ?? {};
  if (!isRecord(properties)) return unrenderable('This form has no list of fields', '/properties');
  const names = Object.keys(properties);
  if (names.length > fieldsMax) {
    return unrenderable(
      `This form has ${names.length} fields, more than the ${fieldsMax} a person can be shown`,
      '/properties',
    );
  }
  const required = own(schema, 'required') ?? [];
  if (!isStringArray(required)) return unrenderable('This form lists its required fields wrongly', '/required');
  const missing = required.find((name) => !Object.hasOwn(properties, name));
  if (missing !== undefined) {
    return unrenderable(`This form requires “${plainLine(missing)}” but does not describe it`, '/required');
  }
  return parseProperties(properties, { required: new Set(required), unchecked: guarded.unchecked });
}

function rootProblem(schema: JsonRecord): { readonly reason: string; readonly path: string } | null {
  if (own(schema, 'type') !== 'object') return { reason: 'This form does not ask for named fields', path: '/type' };
  const keyword = unsupportedAtRoot.find((key) => Object.hasOwn(schema, key));
  if (keyword !== undefined) {
    return {
      reason: `This form has a condition across its fields (${keyword}), which a form may not have`,
      path: pathOf('', keyword),
    };
  }
  if (
    isRecord(own(schema, 'additionalProperties')) &&
    Object.keys(own(schema, 'additionalProperties') ?? {}).length > 0
  ) {
    return {
      reason: 'This form takes fields it does not name, which a form may not do',
      path: '/additionalProperties',
    };
  }
  return null;
}

interface FormContext {
  readonly required: ReadonlySet<string>;
  readonly unchecked: readonly UncheckedPattern[];
}

function parseProperties(properties: JsonRecord, context: FormContext): ParsedForm {
  const unchecked = new Map(context.unchecked.map(({ path, pattern }) => [path, pattern]));
  const fields: FormField[] = [];
  for (const [name, property] of Object.entries(properties)) {
    const path = pathOf('/properties', name);
    if (!isRecord(property)) return unrenderable(`This form does not say what “${plainLine(name)}” is`, path);
    const reading = parseProperty(property, {
      name,
      required: context.required.has(name),
      uncheckedPattern: unchecked.get(pathOf(path, 'pattern')) ?? null,
    });
    if (reading.kind === 'refused') return unrenderable(reading.reason, path);
    fields.push(reading.field);
  }
  return { kind: 'form', fields };
}
