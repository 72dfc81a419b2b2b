import { describe, expect, test } from 'vitest';
import { editRows, readEdit, withEntry, withoutEntry } from '@/components/request/argument-edit';
import { diffLines, linesOfChange, marksOf, placeWords } from '@/components/request/diff-lines';
import type { ArgumentEdit } from '@/components/request/draft';
import { shownArguments } from '@/components/request/shown-arguments';
import type { Json } from '@/lib/domain/json';
import { changesBetween, isCovered } from '@/lib/domain/policy/pointer';
import { detailWith, openApproval } from './request-samples';

const base: Json = { to: ['a', 'b'], amount: { value: '4800.00', cents: 5 }, 'a/b': { '~': true }, dry: false };
const text = (pointer: string, raw: string): ArgumentEdit => ({ pointer, how: 'text', raw });
const json = (pointer: string, raw: string): ArgumentEdit => ({ pointer, how: 'json', raw });
const gone = (pointer: string): ArgumentEdit => ({ pointer, how: 'removed', raw: '' });
const kinds = (editable: readonly string[], entries: readonly ArgumentEdit[] = []): readonly string[] =>
  editRows(base, editable, entries).map(({ kind, pointer }) => `${kind} ${pointer}`);

describe('the lines of the editor', () => {
  test('I6 only what the rule lets be edited is a field, all else is locked and shown', () => {
    expect(kinds(['/amount/value'])).toEqual([
      'locked /to',
      'branch /amount',
      'text /amount/value',
      'locked /amount/cents',
      'locked /a~1b',
      'locked /dry',
    ]);
  });

  test('a covered branch opens into its fields, and takes JSON as a whole', () => {
    expect(kinds(['/amount', '/a~1b', '/dry'])).toEqual([
      'locked /to',
      'branch /amount',
      'text /amount/value',
      'number /amount/cents',
      'branch /a~1b',
      'yes-no /a~1b/~0',
      'yes-no /dry',
    ]);
    expect(kinds(['/amount'], [json('/amount', '{')])).toContain('json /amount');
    expect(kinds([''])[0]).toBe('branch ');
  });

  test('a place that is not there can be given, one that was taken away kept', () => {
    expect(kinds(['/note'])).toContain('absent /note');
    expect(kinds(['/note'], [text('/note', 'hi')])).toContain('text /note');
    expect(kinds(['/dry'], [gone('/dry')])).toContain('removed /dry');
  });
});

describe('what was typed', () => {
  const schema: Json = {
    properties: { amount: { properties: { cents: { type: 'integer', maximum: 99 } } }, mode: { enum: ['a', 'b'] } },
  };

  test('gives the new arguments; keys stay in their order', () => {
    const { value, problems } = readEdit(
      base,
      [text('/amount/value', '480.00'), json('/dry', 'true'), gone('/to/0'), text('/note', 'n')],
      schema,
    );
    expect(problems).toEqual([]);
    expect(JSON.stringify(value)).toBe(
      '{"to":["b"],"amount":{"value":"480.00","cents":5},"a/b":{"~":true},"dry":true,"note":"n"}',
    );
  });

  test('what is no JSON, or against the schema’s plain hints, is said at its place', () => {
    const { problems } = readEdit(
      base,
      [json('/amount/cents', '100'), json('/dry', 'tru'), text('/mode', 'c'), json('/to', '')],
      schema,
    );
    expect(problems).toEqual([
      { pointer: '/dry', words: 'This is not complete JSON.' },
      { pointer: '/mode', words: 'Must be one of "a", "b".' },
      { pointer: '/to', words: 'Give a value.' },
      { pointer: '/amount/cents', words: 'At most 99.' },
    ]);
    expect(readEdit(base, [json('', '[]')], null).problems).toHaveLength(1);
  });

  test('a key called __proto__ is a key', () => {
    const { value } = readEdit({ x: 1 }, [json('', '{"__proto__":{"a":1}}'), json('/__proto__/a', '2')], null);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":2}}');
  });

  test('typing what was there is no change; JSON over a branch replaces what was typed in it', () => {
    const typed = withEntry([], text('/amount/value', '1'), base);
    expect(withEntry(typed, text('/amount/value', '4800.00'), base)).toEqual([]);
    expect(withEntry(typed, json('/amount', '{}'), base)).toEqual([json('/amount', '{}')]);
    expect(withoutEntry(typed, '/amount/value')).toEqual([]);
  });

  test('laid over other arguments than it was begun on, it changes only its own places', () => {
    const newer: Json = { ...(base as object), dry: true } as Json;
    const { value } = readEdit(newer, [text('/amount/value', '1')], null);
    expect(changesBetween(newer, value).map(({ pointer }) => pointer)).toEqual(['/amount/value']);
  });

  test('I6 whatever is typed into fields, only covered places differ', () => {
    const editable = ['/amount', '/note', '/dry'];
    const rows = editRows(base, editable, []);
    const entries = rows.flatMap(({ kind, pointer }) =>
      kind === 'text' || kind === 'absent'
        ? [text(pointer, 'other')]
        : kind === 'number' || kind === 'yes-no'
          ? [json(pointer, '7')]
          : [],
    );
    const changed = changesBetween(base, readEdit(base, entries, null).value);
    expect(changed.length).toBe(4);
    expect(changed.every(({ pointer }) => isCovered(editable, pointer))).toBe(true);
  });
});

describe('I6 what is shown is what would be sent', () => {
  test('the edited arguments, where there are any', () => {
    const detail = detailWith(openApproval('req_1'), { arguments: { a: 1 } });
    expect(shownArguments(detail)).toEqual({ a: 1 });
    expect(shownArguments({ ...detail, edited: { a: 2 } })).toEqual({ a: 2 });
  });
});

describe('a difference', () => {
  test('of a long text is told line by line, with what stays beside it', () => {
    const before = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
    const lines = linesOfChange({ before, after: before.replace('line 20', 'line twenty') });
    expect(lines.map(({ kind, text: words }) => `${kind} ${words}`)).toEqual([
      'same line 18',
      'same line 19',
      'del line 20',
      'add line twenty',
      'same line 21',
      'same line 22',
    ]);
  });

  test('added and removed places have one side', () => {
    expect(linesOfChange({ before: undefined, after: { a: 1 } }).every(({ kind }) => kind === 'add')).toBe(true);
    expect(linesOfChange({ before: 'x', after: undefined })).toEqual([{ kind: 'del', text: '"x"', mark: null }]);
  });

  test('marks whole words, not letters two words share', () => {
    expect(marksOf('"4800.00"', '"480.00"').map(([from, to]) => to - from)).toEqual([4, 3]);
    expect(marksOf('false', 'true')).toEqual([
      [0, 5],
      [0, 4],
    ]);
  });

  test.each([
    [
      ['a', 'b', 'c'],
      ['a', 'c', 'd'],
    ],
    [[], ['x']],
    [['x'], []],
    [Array.from({ length: 500 }, (_, index) => `${index}`), ['1']],
  ])('%# puts both sides together again', (before, after) => {
    const lines = diffLines(before, after);
    expect(lines.filter(({ kind }) => kind !== 'add').map((line) => line.text)).toEqual(before);
    expect(lines.filter(({ kind }) => kind !== 'del').map((line) => line.text)).toEqual(after);
  });

  test('a place reads as a path', () => {
    expect(placeWords('/a~1b/0/~0')).toBe('a/b › 0 › ~');
    expect(placeWords('')).toBe('all arguments');
  });
});
