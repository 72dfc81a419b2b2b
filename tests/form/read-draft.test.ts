import { describe, expect, it } from 'vitest';
import { draftOf, setDraftValue } from '@/lib/domain/form/draft';
import type { DraftValue } from '@/lib/domain/form/draft';
import { parseForm } from '@/lib/domain/form/parse-form';
import { readDraft } from '@/lib/domain/form/read-draft';
import type { DraftReading } from '@/lib/domain/form/read-draft';
import { oneField } from './schemas';

function read(
  property: unknown,
  value: DraftValue | null,
  required: 'required' | 'optional' = 'required',
): DraftReading {
  const form = parseForm(oneField(property, required));
  if (form.kind !== 'form') throw new Error(form.reason);
  const start = draftOf(form.fields);
  return readDraft(form.fields, value === null ? start : setDraftValue(start, 'value', value));
}

const text = (typed: string): DraftValue => ({ kind: 'text', text: typed });
const choices = (values: readonly string[] | null): DraftValue => ({ kind: 'choices', values });
const error = (reading: DraftReading): string | undefined => (reading.ok ? undefined : reading.errors.get('value'));

describe('what a person typed, and what to type instead', () => {
  it.each([
    [{ type: 'string', pattern: '^CC-\\d{4}$' }, '4410', 'Needs the form CC-0000. Did you mean CC-4410?'],
    [{ type: 'string', pattern: '^[a-z]+$' }, '9', 'Needs the pattern ^[a-z]+$'],
    [{ type: 'string', minLength: 3 }, 'ab', 'At least 3 characters, this has 2'],
    [{ type: 'string', maxLength: 3 }, 'abcd', 'Up to 3 characters, this has 4'],
    [{ type: 'string', minLength: 2, maxLength: 3 }, '🙂', '2 to 3 characters, this has 1'],
    [{ type: 'string', format: 'email' }, 'ana@', 'Needs an e-mail address, such as name@example.com'],
    [{ type: 'string', format: 'uri' }, 'example.com', 'Needs a whole address, such as https://example.com/page'],
    [{ type: 'string', format: 'date' }, '2026-02-30', 'Needs a real date in the form 2026-12-31'],
    [{ type: 'string', format: 'date' }, 'not a whole date', 'Needs a real date in the form 2026-12-31'],
    [
      { type: 'string', format: 'date-time' },
      '2026-02-03T10:00',
      'Needs a date and a time with an offset, such as 2026-12-31T09:30:00+01:00',
    ],
    [{ type: 'integer', minimum: 50, maximum: 5000 }, '20', 'Between 50 and 5,000, whole numbers'],
    [{ type: 'integer', minimum: 50, maximum: 5000 }, '60.5', 'Between 50 and 5,000, whole numbers'],
    [{ type: 'integer' }, '1.5', 'Needs a whole number'],
    [{ type: 'number', minimum: 1 }, '0', 'At least 1'],
    [{ type: 'number', exclusiveMaximum: 1 }, '1', 'Below 1'],
    [{ type: 'number', multipleOf: 5 }, '7', 'In steps of 5'],
    [{ type: 'number' }, '1,000', 'Write it without separators: 1000'],
    [{ type: 'number' }, '1,5', 'Use a point for decimals: 1.5'],
    [{ type: 'number' }, '1e', 'Write it out in digits, without e'],
    [{ type: 'number' }, '1e5', 'Write it out in digits, without e'],
    [{ type: 'number' }, 'ten', 'Use digits only, such as 12 or -3.5'],
    [{ type: 'number' }, '0x10', 'Use digits only, such as 12 or -3.5'],
    [{ type: 'number' }, 'Infinity', 'Use digits only, such as 12 or -3.5'],
    [{ type: 'number' }, '0.12345678901234567', 'At most 15 digits can be kept exactly'],
    [{ type: 'integer' }, '9007199254740993', 'This number is too large to be kept exactly'],
    [{ type: 'integer' }, '9'.repeat(500), 'Use fewer digits'],
    [{ type: 'string' }, '', 'Type an answer'],
    [{ type: 'number' }, '  ', 'Type a number'],
    [{ type: 'string', format: 'date' }, '', 'Pick a date'],
  ])('%j with %j: %s', (property, typed, message) => {
    expect(error(read(property, text(typed)))).toBe(message);
  });

  it.each([
    [{ type: 'number' }, ' 12 ', 12],
    [{ type: 'number' }, '-3.50', -3.5],
    [{ type: 'number' }, '−4', -4],
    [{ type: 'number' }, '-0', 0],
    [{ type: 'integer' }, '9007199254740991', 9007199254740991],
    [{ type: 'integer' }, '5.0', 5],
    [{ type: 'string' }, '  kept as typed ', '  kept as typed '],
    [{ type: 'string', maxLength: 2 }, '🙂🙂', '🙂🙂'],
    [{ type: 'string', format: 'email' }, ' ana@example.com ', 'ana@example.com'],
    [{ type: 'string', format: 'date' }, '2024-02-29', '2024-02-29'],
    [{ type: 'string', format: 'date-time' }, '2026-12-01T14:30:00+01:00', '2026-12-01T14:30:00+01:00'],
  ])('%j with %j is accepted', (property, typed, value) => {
    expect(read(property, text(typed))).toEqual({ ok: true, content: { value } });
  });
});

describe('nothing is answered by itself', () => {
  it.each([
    { type: 'string' },
    { type: 'integer' },
    { type: 'boolean' },
    { type: 'string', enum: ['a', 'b'] },
    { type: 'array', items: { enum: ['a'] } },
  ])('%j untouched: refused when required, left out when optional', (property) => {
    expect(error(read(property, null))).toBeTypeOf('string');
    expect(read(property, null, 'optional')).toEqual({ ok: true, content: {} });
  });

  it('a boolean that was answered is sent, no included', () => {
    expect(read({ type: 'boolean' }, { kind: 'yes-no', value: false })).toEqual({
      ok: true,
      content: { value: false },
    });
    expect(read({ type: 'boolean' }, { kind: 'yes-no', value: true }, 'optional')).toEqual({
      ok: true,
      content: { value: true },
    });
  });

  it('none of the choices is an answer once given', () => {
    const property = { type: 'array', items: { enum: ['a', 'b'] } };
    expect(error(read(property, choices(null)))).toBe('Pick some, or none of these');
    expect(read(property, choices([]))).toEqual({ ok: true, content: { value: [] } });
    expect(read(property, choices([]), 'optional')).toEqual({ ok: true, content: {} });
    expect(read({ ...property, default: ['a'] }, choices([]), 'optional')).toEqual({
      ok: true,
      content: { value: [] },
    });
  });

  it('choices come in the order of the schema and within their count', () => {
    const property = { type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 1, maxItems: 2 };
    expect(read(property, choices(['c', 'a']))).toEqual({ ok: true, content: { value: ['a', 'c'] } });
    expect(error(read(property, choices(['a', 'b', 'c'])))).toBe('Pick 1 to 2');
    expect(error(read(property, choices(null)))).toBe('Pick 1 to 2');
  });

  it('a choice whose value is empty text is still a choice', () => {
    expect(read({ type: 'string', enum: ['', 'a'] }, { kind: 'choice', value: '' })).toEqual({
      ok: true,
      content: { value: '' },
    });
  });

  it('a draft of another shape is no answer', () => {
    expect(error(read({ type: 'boolean' }, text('true')))).toBe('Pick yes or no');
  });
});
