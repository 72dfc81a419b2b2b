import type { Json } from '@/lib/domain/json';
import { type Change, readPointer } from '@/lib/domain/policy/pointer';

export interface DiffLine {
  readonly kind: 'same' | 'del' | 'add';
  readonly text: string;
  /** What of the line is different, as a range; null for the whole. */
  readonly mark: readonly [number, number] | null;
}

/** Longer texts are not compared line by line: both are shown whole. */
const mostLines = 400;
const around = 2;

/** How one place changed, line by line; a text stands as it is, all else as JSON. */
export function linesOfChange({ before, after }: Pick<Change, 'before' | 'after'>): readonly DiffLine[] {
  if (before === undefined) return wholly('add', after);
  if (after === undefined) return wholly('del', before);
  const asText = typeof before === 'string' && typeof after === 'string' && /\n/.test(before + after);
  const lines = (value: Json): readonly string[] =>
    (asText && typeof value === 'string' ? value : shownValue(value)).split('\n');
  return withMarks(nearChanges(diffLines(lines(before), lines(after))));
}

function wholly(kind: 'add' | 'del', value: Json | undefined): readonly DiffLine[] {
  const text = typeof value === 'string' && value.includes('\n') ? value : shownValue(value ?? null);
  return text.split('\n').map((line) => ({ kind, text: line, mark: null }));
}

function shownValue(value: Json): string {
  return JSON.stringify(value, null, 2);
}

/** The shortest way from one list of lines to another. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const line = (kind: DiffLine['kind'], text: string): DiffLine => ({ kind, text, mark: null });
  if (before.length > mostLines || after.length > mostLines)
    return [...before.map((text) => line('del', text)), ...after.map((text) => line('add', text))];
  const table = commonTable(before, after);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [left, right] = [before[i], after[j]];
    if (left !== undefined && left === right) {
      lines.push(line('same', left));
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(table, i + 1, j) >= at(table, i, j + 1))) {
      lines.push(line('del', left));
      i += 1;
    } else if (right !== undefined) {
      lines.push(line('add', right));
      j += 1;
    }
  }
  return lines;
}

type Table = readonly (readonly number[])[];

function at(table: Table, i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

/** How many lines are common from each pair of places on. */
function commonTable(before: readonly string[], after: readonly string[]): Table {
  const table: number[][] = Array.from({ length: before.length + 1 }, () => []);
  for (let i = before.length; i >= 0; i -= 1) {
    const row: number[] = Array.from({ length: after.length + 1 }, () => 0);
    table[i] = row;
    for (let j = after.length - 1; j >= 0 && i < before.length; j -= 1)
      row[j] = before[i] === after[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), row[j + 1] ?? 0);
  }
  return table;
}

/** Lines that stay the same are shown only where something changes beside them. */
function nearChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const isNear = (index: number): boolean =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same');
  return lines.filter((_, index) => isNear(index));
}

/** Where as many lines go as come, each pair says what of it is different. */
function withMarks(lines: readonly DiffLine[]): readonly DiffLine[] {
  const marked = [...lines];
  for (let start = 0; start < lines.length; start += 1) {
    const dels = runFrom(lines, start, 'del');
    const adds = runFrom(lines, start + dels, 'add');
    if (dels === 0) continue;
    for (let offset = 0; offset < Math.min(dels, adds) && dels === adds; offset += 1) {
      const [del, add] = [lines[start + offset], lines[start + dels + offset]];
      if (del === undefined || add === undefined) continue;
      const [delMark, addMark] = marksOf(del.text, add.text);
      marked[start + offset] = { ...del, mark: delMark };
      marked[start + dels + offset] = { ...add, mark: addMark };
    }
    start += dels + adds - 1;
  }
  return marked;
}

function runFrom(lines: readonly DiffLine[], start: number, kind: DiffLine['kind']): number {
  let count = 0;
  while (lines[start + count]?.kind === kind) count += 1;
  return count;
}

function isWord(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}_\ud800-\udfff]/u.test(letter);
}

/** The different middle of two lines that begin and end the same. */
export function marksOf(
  before: string,
  after: string,
): readonly [readonly [number, number], readonly [number, number]] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  // Whole words: a letter that two words have in common says nothing.
  while (head > 0 && isWord(before[head - 1])) head -= 1;
  while (tail > 0 && isWord(before[before.length - tail])) tail -= 1;
  return [
    [head, before.length - tail],
    [head, after.length - tail],
  ];
}

/** A place in the arguments as people read it: `amount.value`, `items 3`. */
export function placeWords(pointer: string): string {
  const path = readPointer(pointer) ?? [pointer];
  return path.length === 0 ? 'all arguments' : path.join(' › ');
}
