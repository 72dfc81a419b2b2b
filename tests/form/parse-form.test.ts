import { describe, expect, it } from 'vitest';
import type { FormField } from '@/lib/domain/form/field';
import { limitsOf } from '@/lib/domain/form/limit-words';
import { parseForm } from '@/lib/domain/form/parse-form';
import { oneField } from './schemas';

function fieldOf(property: unknown): FormField {
  const form = parseForm(oneField(property));
  if (form.kind !== 'form') throw new Error(form.reason);
  const [field] = form.fields;
  if (field === undefined) throw new Error('no field');
  return field;
}

describe('every type of the elicitation schema', () => {
  it.each([
    [{ type: 'string' }, { kind: 'text', format: 'plain' }, ''],
    [{ type: 'string', minLength: 3 }, { kind: 'text', minLength: 3 }, 'at least 3 characters'],
    [{ type: 'string', maxLength: 200 }, { kind: 'text', maxLength: 200 }, 'up to 200 characters'],
    [{ type: 'string', minLength: 2, maxLength: 5 }, { kind: 'text' }, '2 to 5 characters'],
    [{ type: 'string', minLength: 1, maxLength: 1 }, { kind: 'text' }, 'exactly 1 character'],
    [{ type: 'string', pattern: '^a$' }, { kind: 'text', pattern: { kind: 'checked', source: '^a$' } }, ''],
    [{ type: 'string', format: 'email' }, { kind: 'text', format: 'email' }, ''],
    [{ type: 'string', format: 'uri' }, { kind: 'text', format: 'uri' }, ''],
    [{ type: 'string', format: 'date' }, { kind: 'date' }, ''],
    [{ type: 'string', format: 'date-time' }, { kind: 'date-time' }, ''],
    [{ type: 'number', minimum: 0.5 }, { kind: 'number', whole: 'any', minimum: 0.5 }, 'at least 0.5'],
    [{ type: 'integer', minimum: 50, maximum: 5000 }, { kind: 'number', whole: 'whole' }, '50 to 5,000, whole numbers'],
    [{ type: 'number', maximum: 1e6 }, { kind: 'number' }, 'at most 1,000,000'],
    [{ type: 'boolean' }, { kind: 'yes-no', initial: null }, ''],
    [
      { type: 'string', enum: ['a', 'b'] },
      {
        kind: 'choice',
        options: [
          { value: 'a', label: 'a' },
          { value: 'b', label: 'b' },
        ],
      },
      '',
    ],
    [
      { type: 'string', enum: ['a', 'b'], enumNames: ['Ay', 'Bee'] },
      {
        kind: 'choice',
        options: [
          { value: 'a', label: 'Ay' },
          { value: 'b', label: 'Bee' },
        ],
      },
      '',
    ],
    [
      { type: 'string', oneOf: [{ const: 'a', title: 'Ay' }] },
      { kind: 'choice', options: [{ value: 'a', label: 'Ay' }] },
      '',
    ],
    [
      { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, minItems: 1, maxItems: 2 },
      { kind: 'choices', minItems: 1, maxItems: 2 },
      '1 to 2',
    ],
    [
      { type: 'array', items: { anyOf: [{ const: 'a', title: 'Ay' }] } },
      { kind: 'choices', options: [{ value: 'a', label: 'Ay' }] },
      '',
    ],
    [
      { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null },
      { kind: 'number', whole: 'whole', initial: null, notes: [] },
      'whole numbers',
    ],
    [{ type: ['string', 'null'], title: 'T' }, { kind: 'text', label: 'T' }, ''],
  ])('%j', (property, expected, limits) => {
    const field = fieldOf(property);
    expect(field).toMatchObject(expected);
    expect(limitsOf(field)).toBe(limits);
  });

  it('keeps the order, titles, descriptions and what is required', () => {
    const form = parseForm({
      type: 'object',
      properties: { z: { type: 'string', title: 'Zed', description: 'last letter' }, a: { type: 'boolean' } },
      required: ['a'],
    });
    expect(form).toMatchObject({
      kind: 'form',
      fields: [
        { name: 'z', label: 'Zed', description: 'last letter', required: false },
        { name: 'a', label: 'a', description: null, required: true },
      ],
    });
  });

  it('follows references into its own definitions', () => {
    const form = parseForm({
      type: 'object',
      properties: { c: { $ref: '#/$defs/Color', title: 'Colour' } },
      $defs: { Color: { type: 'string', enum: ['red'] } },
    });
    expect(form).toMatchObject({ kind: 'form', fields: [{ kind: 'choice', label: 'Colour' }] });
  });

  it('an empty form is a form', () => {
    expect(parseForm({ type: 'object', properties: {} })).toEqual({ kind: 'form', fields: [] });
  });
});

describe('defaults', () => {
  it.each([
    [{ type: 'string', default: 'x' }, 'x'],
    [{ type: 'integer', default: 0 }, 0],
    [{ type: 'boolean', default: false }, false],
    [{ type: 'string', enum: ['a'], default: 'a' }, 'a'],
    [{ type: 'array', items: { enum: ['a', 'b'] }, default: ['b'] }, ['b']],
    [{ type: 'string', format: 'date', default: '2024-02-29' }, '2024-02-29'],
  ])('%j starts from it', (property, initial) => {
    expect(fieldOf(property)).toMatchObject({ initial, notes: [] });
  });

  it.each([
    { type: 'string', maxLength: 2, default: 'long' },
    { type: 'string', default: 5 },
    { type: 'integer', minimum: 5, default: 3 },
    { type: 'integer', default: 1.5 },
    { type: 'boolean', default: 'true' },
    { type: 'string', enum: ['a'], default: 'b' },
    { type: 'array', items: { enum: ['a'] }, default: ['z'] },
    { type: 'array', items: { enum: ['a'] }, default: 'a' },
    { type: 'string', format: 'date', default: '2025-02-29' },
    { type: 'string', default: null },
  ])('%j is left out and said so', (property) => {
    const field = fieldOf(property);
    expect(field.initial).toBeNull();
    expect(field.notes.join()).toMatch(/does not fit/);
  });
});

describe('what is not a form', () => {
  it.each([
    [{ type: 'object', properties: {} }, '/properties/value', /nests objects/],
    [{ type: 'array', items: { type: 'string' } }, '/properties/value', /list without choices/],
    [{ type: 'array' }, '/properties/value', /list without choices/],
    [{ type: 'null' }, '/properties/value', /type/],
    [{}, '/properties/value', /type/],
    [{ type: 'string', not: {} }, '/properties/value', /condition/],
    [{ type: 'integer', enum: [1] }, '/properties/value', /condition/],
    [{ type: 'string', enum: [] }, '/properties/value', /nothing to choose/],
    [{ type: 'string', enum: [1] }, '/properties/value', /not text/],
    [{ type: 'string', oneOf: [{ const: 'a' }, { const: 'a' }] }, '/properties/value', /twice/],
    [{ type: 'string', enum: ['a'], maxLength: 3 }, '/properties/value', /limits its own choices/],
    [{ type: 'string', minLength: -1 }, '/properties/value/minLength', /whole number/],
    [{ type: 'integer', minimum: '3' }, '/properties/value/minimum', /number/],
    [{ type: 'string', pattern: 5 }, '/properties/value/pattern', /text/],
    ['string', '/properties/value', /object/],
    [{ $ref: 'https://example.com/s.json' }, '/properties/value', /outside/],
    [{ $ref: '#/$defs/none' }, '/properties/value', /outside/],
    [true, '/properties/value', /does not say/],
  ])('%j', (property, path, reason) => {
    const form = parseForm(oneField(property));
    expect(form).toMatchObject({ kind: 'unrenderable', path });
    expect(form.kind === 'unrenderable' && form.reason).toMatch(reason);
  });

  it.each([
    null,
    undefined,
    'x',
    [],
    { properties: {} },
    { type: 'array' },
    { type: 'object', properties: [] },
    { type: 'object', properties: {}, required: 'a' },
    { type: 'object', properties: {}, required: ['a'] },
    { type: 'object', properties: {}, anyOf: [{}] },
    { type: 'object', properties: {}, minProperties: 1 },
  ])('the whole schema %j', (schema) => {
    expect(parseForm(schema).kind).toBe('unrenderable');
  });
});
