import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { isCovered, pointerOf, readPointer, valueAt } from '@/lib/domain/policy/pointer';
import type { ArgumentEdit } from './draft';
import { schemaAt, valueProblem } from './schema-hints';

/** One line of the editor. */
export type EditRow = {
  readonly pointer: string;
  readonly name: string | null;
  readonly depth: number;
} & (
  | { readonly kind: 'text' | 'number' | 'yes-no' | 'json'; readonly raw: string; readonly state: 'same' | 'changed' }
  /** A list or object whose entries follow. */
  | { readonly kind: 'branch'; readonly words: string; readonly may: 'edit' | 'look' }
  /** Not to be changed, shown as it is. */
  | { readonly kind: 'locked'; readonly value: Json }
  | { readonly kind: 'removed' }
  /** May be given, and is not. */
  | { readonly kind: 'absent' }
);

type Entries = readonly ArgumentEdit[];

const deepest = 12;

/** The lines of an editor for `base` under `editable`, with what was typed so far. */
export function editRows(base: Json, editable: readonly string[], entries: Entries): readonly EditRow[] {
  const walk: Walk = { editable, entries: new Map(entries.map((entry) => [entry.pointer, entry])), rows: [] };
  addRows(walk, base, { path: [], name: null, depth: 0 });
  return walk.rows;
}

interface Walk {
  readonly editable: readonly string[];
  readonly entries: ReadonlyMap<string, ArgumentEdit>;
  readonly rows: EditRow[];
}

interface Place {
  readonly path: readonly string[];
  readonly name: string | null;
  readonly depth: number;
}

function addRows(walk: Walk, value: Json, place: Place): void {
  const pointer = pointerOf(place.path);
  const at = { pointer, name: place.name, depth: place.depth };
  const entry = walk.entries.get(pointer);
  const may = isCovered(walk.editable, pointer) ? 'edit' : 'look';
  if (may === 'edit' && entry !== undefined && (entry.how !== 'text' || typeof value !== 'string')) {
    walk.rows.push(entry.how === 'removed' ? { ...at, kind: 'removed' } : typedRow(at, value, entry));
    return;
  }
  const holdsEditable = may === 'edit' || walk.editable.some((each) => each.startsWith(`${pointer}/`));
  if (!holdsEditable) {
    walk.rows.push({ ...at, kind: 'locked', value });
    return;
  }
  if (typeof value === 'object' && value !== null && place.depth < deepest) return addBranch(walk, value, place);
  if (may === 'look') walk.rows.push({ ...at, kind: 'locked', value });
  else walk.rows.push(leafRow(at, value, entry));
}

type At = Pick<EditRow, 'pointer' | 'name' | 'depth'>;

function typedRow(at: At, value: Json, { raw }: ArgumentEdit): EditRow {
  return { ...at, kind: leafKind(value), raw, state: 'changed' };
}

function leafRow(at: At, value: Json, entry: ArgumentEdit | undefined): EditRow {
  return {
    ...at,
    kind: leafKind(value),
    raw: entry?.raw ?? rawOf(value),
    state: entry === undefined ? 'same' : 'changed',
  };
}

function leafKind(value: Json): 'text' | 'number' | 'yes-no' | 'json' {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'yes-no';
    default:
      return 'json';
  }
}

/** What stands in the field of a value: a string itself, all else as JSON. */
export function rawOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function addBranch(walk: Walk, value: readonly Json[] | JsonObject, { path, name, depth }: Place): void {
  const pointer = pointerOf(path);
  const isList = Array.isArray(value);
  const children: readonly (readonly [string, Json])[] = Object.entries(value as { readonly [key: string]: Json });
  const may = isCovered(walk.editable, pointer) ? 'edit' : 'look';
  const noun = isList ? 'items' : 'keys';
  const words = `${children.length} ${children.length === 1 ? noun.slice(0, -1) : noun}`;
  const isNamed = path.length > 0 || may === 'edit';
  if (isNamed) walk.rows.push({ kind: 'branch', pointer, name, depth, words, may });
  const inner = isNamed ? depth + 1 : depth;
  for (const [key, item] of children) addRows(walk, item, { path: [...path, key], name: key, depth: inner });
  if (isList) return;
  for (const each of absentIn(walk, value as JsonObject, path)) {
    const given = walk.entries.get(each.pointer);
    const row = { pointer: each.pointer, name: each.name, depth: inner };
    if (given === undefined || given.how === 'removed') walk.rows.push({ ...row, kind: 'absent' });
    else walk.rows.push({ ...row, kind: given.how, raw: given.raw, state: 'changed' });
  }
}

/** Editable places right below that hold nothing. */
function absentIn(
  { editable, entries }: Walk,
  value: JsonObject,
  path: readonly string[],
): readonly { readonly pointer: string; readonly name: string }[] {
  const pointers = new Set([...editable, ...[...entries.keys()].filter((pointer) => isCovered(editable, pointer))]);
  return [...pointers].flatMap((pointer) => {
    const parts = readPointer(pointer);
    const name = parts?.[path.length];
    if (parts === null || name === undefined || parts.length !== path.length + 1) return [];
    if (pointerOf(parts.slice(0, -1)) !== pointerOf(path) || Object.hasOwn(value, name)) return [];
    return [{ pointer, name }];
  });
}

export interface EditProblem {
  readonly pointer: string;
  readonly words: string;
}

/** The arguments with what was typed, and what is wrong with it. */
export interface EditReading {
  readonly value: JsonObject;
  readonly problems: readonly EditProblem[];
}

/** Reads what was typed over `base`. The schema's hints are checked where that is cheap; the server decides. */
export function readEdit(base: Json, entries: Entries, schema: Json): EditReading {
  const problems: EditProblem[] = [];
  let value = base;
  const shallowFirst = [...entries].sort((a, b) => stepsOf(a) - stepsOf(b));
  for (const entry of shallowFirst) {
    const path = readPointer(entry.pointer);
    if (path === null) continue;
    if (entry.how === 'removed') {
      value = changedAt(value, path, undefined);
      continue;
    }
    const read = valueOf(entry);
    const problem = read.ok ? valueProblem(read.value, schemaAt(schema, path)) : read.words;
    if (problem !== null) problems.push({ pointer: entry.pointer, words: problem });
    if (read.ok) value = changedAt(value, path, read.value);
  }
  if (!isJsonObject(value)) {
    problems.push({ pointer: '', words: 'Arguments are an object: { … }.' });
    return { value: {}, problems };
  }
  return { value, problems };
}

function stepsOf({ pointer }: ArgumentEdit): number {
  return pointer.split('/').length;
}

type ValueReading = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly words: string };

function valueOf({ how, raw }: ArgumentEdit): ValueReading {
  if (how === 'text') return { ok: true, value: raw };
  try {
    return { ok: true, value: JSON.parse(raw) as Json };
  } catch {
    // What is typed is half-way there as often as not.
    return { ok: false, words: raw.trim() === '' ? 'Give a value.' : 'This is not complete JSON.' };
  }
}

/** A copy with another value at a place; undefined takes it away. A place that is not there stays away. */
function changedAt(value: Json, path: readonly string[], to: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return to ?? null;
  if (isList(value)) {
    const index = Number(step);
    if (!Number.isInteger(index) || index < 0 || index >= value.length) return value;
    if (rest.length === 0 && to === undefined) return value.filter((_, place) => place !== index);
    return value.map((item, place) => (place === index ? changedAt(item, rest, to) : item));
  }
  if (!isJsonObject(value)) return value;
  const known = Object.hasOwn(value, step) ? value[step] : undefined;
  if (rest.length > 0 && known === undefined) return value;
  const entries = Object.entries(value).filter(([key]) => key !== step);
  if (rest.length === 0 && to === undefined) return Object.fromEntries(entries);
  const changed = rest.length === 0 ? (to ?? null) : changedAt(known ?? null, rest, to);
  if (known === undefined) return Object.fromEntries([...entries, [step, changed]]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === step ? changed : item]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The entries with this one; one that says what is there already is none. */
export function withEntry(entries: Entries, entry: ArgumentEdit, base: Json): Entries {
  const below = `${entry.pointer}/`;
  const others = entries.filter(
    ({ pointer }) => pointer !== entry.pointer && (entry.how === 'text' || !pointer.startsWith(below)),
  );
  const before = valueAt(base, entry.pointer);
  const isSame = before !== undefined && entry.how !== 'removed' && rawOf(before) === entry.raw;
  // A list or object opened as JSON stays open while it is the same.
  const isOpened = entry.how === 'json' && typeof before === 'object' && before !== null;
  return isSame && !isOpened ? others : [...others, entry];
}

export function withoutEntry(entries: Entries, pointer: string): Entries {
  return entries.filter((entry) => entry.pointer !== pointer);
}
