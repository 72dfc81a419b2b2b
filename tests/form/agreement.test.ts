import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftOf } from '@/lib/domain/form/draft';
import type { DraftValue } from '@/lib/domain/form/draft';
import type { FormField } from '@/lib/domain/form/field';
import { parseForm } from '@/lib/domain/form/parse-form';
import { readDraft } from '@/lib/domain/form/read-draft';
import { isDate, isDateTime, isEmail, isUri } from '@/lib/domain/form/text-formats';
import { validateAnswer } from '@/lib/domain/form/validate-answer';
import { checkAgainstSchema } from '@/server/engine/answer-schema';
import { oneField } from './schemas';

const seed = 20261117;
const nothing: DraftValue = { kind: 'text', text: '' };
const oneOfCharacters = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...Array.from(characters));
const value = fc.constantFrom('', 'a', 'b', 'A b', '__proto__', 'constructor', '🙂', 'x'.repeat(40));
const values = fc.uniqueArray(value, { minLength: 1, maxLength: 8 });
const count = fc.option(fc.nat(6), { nil: undefined });
const limit = fc.option(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0.5, -1.25, 1e6)), {
  nil: undefined,
});
const whole = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, entry]) => entry !== undefined));

const textProperty = fc
  .record({
    type: fc.constant('string'),
    minLength: count,
    maxLength: count,
    pattern: fc.option(
      fc.constantFrom('^CC-\\d{4}$', '^[a-z]+$', '\\d', '^(a|b)$', '(a+)+$', '(', '^\\p{L}*$', '.*a.*'),
      { nil: undefined },
    ),
    format: fc.option(fc.constantFrom('email', 'uri', 'date', 'date-time', 'uuid'), { nil: undefined }),
    default: fc.option(fc.oneof(fc.string(), fc.constant(3)), { nil: undefined }),
  })
  .map(whole);
const numberProperty = fc
  .record({
    type: fc.constantFrom('number', 'integer'),
    minimum: limit,
    maximum: limit,
    exclusiveMinimum: limit,
    exclusiveMaximum: limit,
    multipleOf: fc.option(fc.constantFrom(1, 5, 0.1, 0.25), { nil: undefined }),
    default: fc.option(fc.oneof(fc.integer(), fc.double()), { nil: undefined }),
  })
  .map(whole);
const titled = values.map((list) => list.map((entry) => ({ const: entry, title: `T ${entry}` })));
const choiceProperty = fc.oneof(
  values.map((list) => ({ type: 'string', enum: list })),
  values.map((list) => ({ type: 'string', enum: list, enumNames: list.map((entry) => `N ${entry}`) })),
  titled.map((oneOf) => ({ type: 'string', oneOf })),
);
const choicesProperty = fc
  .record({
    type: fc.constant('array'),
    items: fc.oneof(
      values.map((list) => ({ type: 'string', enum: list })),
      titled.map((anyOf) => ({ anyOf })),
    ),
    minItems: count,
    maxItems: count,
    default: fc.option(fc.array(value), { nil: undefined }),
  })
  .map(whole);
const booleanProperty = fc
  .record({ type: fc.constant('boolean'), default: fc.option(fc.boolean(), { nil: undefined }) })
  .map(whole);
const property = fc.oneof(textProperty, numberProperty, choiceProperty, choicesProperty, booleanProperty);
const schema = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__', 'a/b~', 'ü', ''), property, fc.boolean()),
    {
      minLength: 1,
      maxLength: 5,
      selector: ([name]) => name,
    },
  )
  .map((entries) => ({
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, described]) => [name, described])),
    required: entries.filter(([, , required]) => required).map(([name]) => name),
  }));

const typed = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    'CC-4410',
    'abc',
    'a',
    '5',
    ' 12 ',
    '0.3',
    '-1.25',
    '1e5',
    '1,000',
    '9007199254740993',
    '2024-02-29',
    '2025-02-29',
    '2026-12-01T14:30:00+01:00',
    '2026-12-01t23:59:60Z',
  ),
  fc.emailAddress(),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.integer().map(String),
);

function draftFor(field: FormField): fc.Arbitrary<DraftValue> {
  switch (field.kind) {
    case 'yes-no':
      return fc.record({ kind: fc.constant('yes-no' as const), value: fc.constantFrom(true, false, null) });
    case 'choice':
      return fc.record({
        kind: fc.constant('choice' as const),
        value: fc.oneof(fc.constantFrom(...field.options.map((option) => option.value)), fc.constant(null), value),
      });
    case 'choices':
      return fc.record({
        kind: fc.constant('choices' as const),
        values: fc.option(fc.array(fc.constantFrom(...field.options.map((option) => option.value)), { maxLength: 6 }), {
          nil: null,
        }),
      });
    default:
      return fc.record({ kind: fc.constant('text' as const), text: typed });
  }
}

describe('browser and server agree', () => {
  it('what the form accepts, the server accepts too, and so does ajv', () => {
    let accepted = 0;
    const run = schema.chain((described) => {
      const form = parseForm(described);
      if (form.kind !== 'form') throw new Error(`${form.reason} at ${form.path}`);
      const drafts = fc.tuple(...form.fields.map(draftFor));
      return fc.record({
        described: fc.constant(described),
        fields: fc.constant(form.fields),
        drafts,
        start: fc.boolean(),
      });
    });
    const agrees = fc.property(run, ({ described, fields, drafts, start }) => {
      const typedDraft = new Map(fields.map((field, index) => [field.name, drafts[index] ?? nothing]));
      const reading = readDraft(fields, start ? draftOf(fields) : typedDraft);
      if (!reading.ok) return ![...reading.errors.values()].includes('');
      accepted += 1;
      const sent = JSON.parse(JSON.stringify(reading.content)) as unknown;
      return validateAnswer(described, sent).ok && checkAgainstSchema(described, sent).kind === 'valid';
    });
    expect(fc.check(agrees, { numRuns: 2_500, seed }).counterexample).toBeNull();
    expect(accepted).toBeGreaterThan(400);
  }, 120_000);

  it('any content the server’s own check accepts, ajv accepts', () => {
    const content = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__', 'ü', ''),
      fc.oneof(typed, fc.integer(), fc.double(), fc.boolean(), fc.array(value, { maxLength: 3 }), fc.constant(null)),
      { maxKeys: 4 },
    );
    const agrees = fc.property(
      schema,
      content,
      (described, answer) =>
        !validateAnswer(described, answer).ok || checkAgainstSchema(described, answer).kind === 'valid',
    );
    expect(fc.check(agrees, { numRuns: 1_500, seed }).counterexample).toBeNull();
  }, 120_000);

  const uriText = fc.string({ unit: oneOfCharacters('ab:/?#[]@!$&%20.-~_ é<>"\\^`{|}1'), maxLength: 14 });
  it.each([
    ['email', isEmail, fc.oneof(fc.emailAddress(), fc.string({ unit: oneOfCharacters('ab.@-_+ é1'), maxLength: 10 }))],
    [
      'uri',
      isUri,
      fc.oneof(
        fc.webUrl(),
        uriText.map((rest) => `ab:${rest}`),
        uriText.map((rest) => `http://a${rest}`),
        uriText,
      ),
    ],
    [
      'date',
      isDate,
      fc
        .tuple(fc.integer({ min: 0, max: 2100 }), fc.nat(13), fc.nat(32))
        .map(([y, m, d]) =>
          [String(y).padStart(4, '0'), String(m).padStart(2, '0'), String(d).padStart(2, '0')].join('-'),
        ),
    ],
    [
      'date-time',
      isDateTime,
      fc
        .tuple(fc.nat(25), fc.nat(61), fc.constantFrom('Z', '', '+01:00', '-23:59', '+24:00', 'z', '.5Z', '+0100'))
        .map(([h, m, end]) => `2026-02-03T${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}:00${end}`),
    ],
  ] as const)(
    '%s: a subset of what ajv-formats accepts',
    (format, accepts, texts) => {
      const described = oneField({ type: 'string', format });
      let accepted = 0;
      const agrees = fc.property(texts, (text) => {
        if (!accepts(text)) return true;
        accepted += 1;
        return checkAgainstSchema(described, { value: text }).kind === 'valid';
      });
      expect(fc.check(agrees, { numRuns: 800, seed }).counterexample).toBeNull();
      expect(accepted).toBeGreaterThan(20);
    },
    60_000,
  );
});

describe('ajv on its own', () => {
  it.each([
    [{ type: 'integer', minimum: 3 }, 2, 'value'],
    [{ type: 'string', pattern: '^a$' }, 'b', 'value'],
    [{ type: 'string', format: 'date' }, '2025-02-29', 'value'],
    [{ type: 'string', oneOf: [{ const: 'a', title: 'A' }] }, 'b', 'value'],
    [{ type: 'object', properties: { x: { type: 'integer' } } }, { x: 'y' }, 'value'],
  ])('%j refuses %j', (described, given, field) => {
    expect(checkAgainstSchema(oneField(described), { value: given })).toMatchObject({
      kind: 'invalid',
      errors: [{ field }],
    });
  });

  it('names the missing field', () => {
    expect(checkAgainstSchema(oneField({ type: 'string' }), {})).toMatchObject({
      kind: 'invalid',
      errors: [{ field: 'value' }],
    });
  });

  it.each([
    { type: 'strin' },
    { type: 'object', properties: { a: { type: 5 } } },
    { type: 'object', required: 'a' },
    5,
    null,
  ])('the schema %j is unrenderable, not a throw', (described) => {
    expect(checkAgainstSchema(described, { a: 1 }).kind).toBe('unrenderable');
  });
});
