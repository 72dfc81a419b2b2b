import { describe, expect, it } from 'vitest';
import { draftOf } from '@/lib/domain/form/draft';
import { readJsonAnswer } from '@/lib/domain/form/json-answer';
import { parseForm } from '@/lib/domain/form/parse-form';
import { readDraft } from '@/lib/domain/form/read-draft';
import { validateAnswer } from '@/lib/domain/form/validate-answer';
import { checkAgainstSchema } from '@/server/engine/answer-schema';
import { oneField } from './schemas';

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let index = 0; index < depth; index += 1) value = { allOf: [value] };
  return value;
}

const doubling = {
  type: 'object',
  allOf: [{ $ref: '#/$defs/d0' }],
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      `d${index}`,
      { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
    ]),
  ),
};
const many = (count: number, property: unknown): unknown => ({
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, property])),
});

const hostile: readonly [string, unknown][] = [
  ['thousands of properties', many(5_000, { type: 'string' })],
  ['ten thousand limits', many(9_000, { type: 'string', minLength: 1, maxLength: 2 })],
  ['megabytes of description', oneField({ type: 'string', description: 'x'.repeat(5_000_000) })],
  [
    'a hundred thousand choices',
    oneField({ type: 'string', enum: Array.from({ length: 100_000 }, (_, index) => `v${index}`) }),
  ],
  ['nesting without end', { type: 'object', properties: { a: nested(50_000) } }],
  ['a reference to itself', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }],
  ['references that double', doubling],
  [
    'a tree through references',
    {
      type: 'object',
      properties: { a: { $ref: '#/$defs/n' } },
      $defs: { n: { type: 'object', properties: { b: { $ref: '#/$defs/n' } } } },
    },
  ],
  ['two thousand patterns', many(2_000, { type: 'string', pattern: '(a+)+$' })],
  [
    'two thousand other schemas',
    oneField({
      type: 'string',
      oneOf: Array.from({ length: 2_000 }, (_, index) => ({ const: `v${index}`, minLength: 1 })),
    }),
  ],
  ['a remote reference', oneField({ $ref: 'http://127.0.0.1:1/schema.json' })],
  ['an asynchronous schema', { $async: true, type: 'object', properties: { a: { type: 'string' } } }],
];

describe('a hostile server', () => {
  it.each(hostile)('%s costs neither side more than two seconds', (_, schema) => {
    const startedAt = performance.now();
    const form = parseForm(schema);
    if (form.kind === 'form') readDraft(form.fields, draftOf(form.fields));
    validateAnswer(schema, { a: 'x' });
    readJsonAnswer(schema, '{"a": "x"}');
    const check = checkAgainstSchema(schema, { a: 'x' });
    expect(check).not.toBeInstanceOf(Promise);
    expect(['valid', 'invalid', 'unrenderable']).toContain(check.kind);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  it('a catastrophic pattern is reported, shown and never run, in browser and server', () => {
    const schema = oneField({ type: 'string', pattern: '^(a+)+$' });
    const content = { value: `${'a'.repeat(50_000)}!` };
    const startedAt = performance.now();
    expect(validateAnswer(schema, content)).toEqual({ ok: true });
    expect(checkAgainstSchema(schema, content)).toMatchObject({
      kind: 'valid',
      unchecked: [{ path: '/properties/value/pattern' }],
    });
    const form = parseForm(schema);
    expect(form.kind === 'form' && form.fields[0]?.notes.join()).toMatch(/not checked here/);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  it('an invalid pattern does not throw', () => {
    const schema = oneField({ type: 'string', pattern: '(' });
    expect(parseForm(schema).kind).toBe('form');
    expect(validateAnswer(schema, { value: 'x' })).toEqual({ ok: true });
    expect(checkAgainstSchema(schema, { value: 'x' }).kind).toBe('valid');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'a/b~c', 'ключ', '🙂'])(
    'a field named %j is a field like any other',
    (name) => {
      const schema = JSON.parse(
        `{"type":"object","properties":{${JSON.stringify(name)}:{"type":"string"}},"required":[${JSON.stringify(name)}]}`,
      ) as unknown;
      const form = parseForm(schema);
      if (form.kind !== 'form') throw new Error(form.reason);
      const empty = readDraft(form.fields, draftOf(form.fields));
      expect(empty.ok ? [] : [...empty.errors.keys()]).toEqual([name]);
      const filled = readDraft(form.fields, new Map([[name, { kind: 'text', text: 'x' }]]));
      if (!filled.ok) throw new Error('refused');
      expect(Object.getOwnPropertyNames(filled.content)).toEqual([name]);
      expect(Object.getPrototypeOf(filled.content)).toBe(Object.prototype);
      expect(validateAnswer(schema, filled.content)).toEqual({ ok: true });
      expect(validateAnswer(schema, {})).toMatchObject({ ok: false, errors: [{ field: name }] });
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x');
    },
  );

  it('words that hide or reverse text are shown plainly', () => {
    const form = parseForm(
      oneField({ type: 'string', title: 'Pay \u202eevil\u200b\u0007 now', description: 'a\u202eb' }),
    );
    expect(form).toMatchObject({ fields: [{ label: 'Pay evil now', description: 'ab' }] });
  });
});

describe('a hostile answer', () => {
  const schema = oneField({ type: 'string', maxLength: 10 });
  it.each([
    ['null', null],
    ['a list', []],
    ['text', 'x'],
    ['a missing field', {}],
    ['a wrong type', { value: 5 }],
    ['an object for text', { value: { a: 1 } }],
    ['an unknown field', { value: 'a', other: 'b' }],
    ['an inherited name', { value: 'a', constructor: 'b' }],
    ['its own prototype', JSON.parse('{"value":"a","__proto__":{"x":1}}')],
    ['megabytes', { value: 'x'.repeat(2_000_000) }],
    ['ten thousand fields', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, 1]))],
    ['deep nesting', { value: nested(10_000) }],
  ])('%s is refused with words', (_, content) => {
    const verdict = validateAnswer(schema, content);
    expect(verdict.ok).toBe(false);
    expect(verdict.ok ? [] : verdict.errors.filter((error) => error.message === '')).toEqual([]);
    expect(verdict.ok ? 0 : verdict.errors.length).toBeGreaterThan(0);
  });

  it.each([
    ['number', { value: Number.NaN }],
    ['number', { value: Number.POSITIVE_INFINITY }],
    ['integer', { value: 2 ** 53 }],
    ['integer', { value: 1.5 }],
    ['integer', { value: '5' }],
  ])('%s %j is refused', (type, content) => {
    expect(validateAnswer(oneField({ type }), content).ok).toBe(false);
  });

  it.each([[['a', 'a']], [['z']], ['a'], [[1]], [[]], [['a', 'b', 'c']]])('choices %j are refused', (value) => {
    const choices = oneField({ type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 1, maxItems: 2 });
    expect(validateAnswer(choices, { value }).ok).toBe(false);
  });
});
