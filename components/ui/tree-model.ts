import { isJsonObject, type Json } from '@/lib/domain/json';
import { masked } from '@/lib/domain/masking/masked';

/** Objects and lists below this depth start closed. */
const openDepth = 2;
/** Longer texts start cut, with their count and "Show all". */
export const longTextCharacters = 280;
const longTextLines = 6;
/** More entries than this start cut, too. */
export const longListEntries = 50;
const deepest = 200;

export type TreeRow =
  | {
      readonly kind: 'branch';
      readonly path: string;
      readonly depth: number;
      readonly name: string | null;
      readonly words: string;
      readonly open: boolean;
    }
  | {
      readonly kind: 'text';
      readonly path: string;
      readonly depth: number;
      readonly name: string | null;
      readonly text: string;
      readonly long: LongText | null;
    }
  | {
      readonly kind: 'plain';
      readonly path: string;
      readonly depth: number;
      readonly name: string | null;
      readonly text: string;
    }
  | { readonly kind: 'masked'; readonly path: string; readonly depth: number; readonly name: string | null }
  | { readonly kind: 'more'; readonly path: string; readonly depth: number; readonly hidden: number };

/** A long text: how much of it there is, and whether all of it is shown. */
export interface LongText {
  readonly words: string;
  readonly shown: 'start' | 'all';
}

export interface TreeModel {
  readonly rows: readonly TreeRow[];
  /** Values of the whole tree, shown or not. */
  readonly values: number;
  /** Paths that hide something: what "Show all" opens. */
  readonly hidden: readonly string[];
}

/** What a person opened or closed, by path (a JSON pointer). */
export type TreeChoices = ReadonlyMap<string, 'open' | 'closed'>;

/** The rows of a value as they are shown under `choices`, and what of it is not shown. */
export function treeModel(value: Json, choices: TreeChoices): TreeModel {
  const walk: Walk = { choices, rows: [], hidden: [], values: 0 };
  if (isBranch(value)) addEntries(walk, value, { path: '', depth: 0 });
  else addValue(walk, value, { path: '', depth: 0, name: null });
  return { rows: walk.rows, values: walk.values, hidden: walk.hidden };
}

/** The choices under which nothing is hidden. */
export function showAll(value: Json, choices: TreeChoices): TreeChoices {
  let all = choices;
  let model = treeModel(value, all);
  while (model.hidden.length > 0) {
    all = new Map([...all, ...model.hidden.map((path): [string, 'open'] => [path, 'open'])]);
    model = treeModel(value, all);
  }
  return all;
}

interface Walk {
  readonly choices: TreeChoices;
  readonly rows: TreeRow[];
  readonly hidden: string[];
  values: number;
}

interface Place {
  readonly path: string;
  readonly depth: number;
  readonly name: string | null;
}

type Branch = readonly Json[] | { readonly [key: string]: Json };

function isBranch(value: Json): value is Branch {
  return Array.isArray(value) || isJsonObject(value);
}

function entriesOf(value: Branch): readonly (readonly [string | null, string, Json])[] {
  if (Array.isArray(value)) return value.map((item: Json, index) => [null, String(index), item] as const);
  return Object.entries(value).map(
    ([key, item]) => [key, key.replaceAll('~', '~0').replaceAll('/', '~1'), item] as const,
  );
}

function addEntries(walk: Walk, value: Branch, at: Omit<Place, 'name'>): void {
  const entries = entriesOf(value);
  const morePath = `${at.path}/…`;
  const cut = entries.length > longListEntries && walk.choices.get(morePath) !== 'open';
  const shown = cut ? entries.slice(0, longListEntries) : entries;
  for (const [name, step, item] of shown) addValue(walk, item, { path: `${at.path}/${step}`, depth: at.depth, name });
  if (!cut) return;
  for (const [, , item] of entries.slice(longListEntries)) walk.values += leaves(item);
  walk.hidden.push(morePath);
  walk.rows.push({ kind: 'more', path: morePath, depth: at.depth, hidden: entries.length - longListEntries });
}

function addValue(walk: Walk, value: Json, place: Place): void {
  if (isBranch(value)) return addBranch(walk, value, place);
  walk.values += 1;
  if (value === masked) {
    walk.rows.push({ kind: 'masked', ...place });
    return;
  }
  if (typeof value !== 'string') {
    walk.rows.push({ kind: 'plain', ...place, text: String(value) });
    return;
  }
  const long = longText(value, walk.choices.get(place.path) === 'open' ? 'all' : 'start');
  if (long?.shown === 'start') walk.hidden.push(place.path);
  walk.rows.push({ kind: 'text', ...place, text: long?.shown === 'start' ? startOf(value) : value, long });
}

function addBranch(walk: Walk, value: Branch, place: Place): void {
  const size = entriesOf(value).length;
  const noun = Array.isArray(value) ? (size === 1 ? 'item' : 'items') : size === 1 ? 'key' : 'keys';
  const choice = walk.choices.get(place.path);
  const open = size === 0 || (choice === undefined ? place.depth < openDepth : choice === 'open');
  walk.rows.push({
    kind: 'branch',
    ...place,
    words: size === 0 ? (Array.isArray(value) ? 'empty list' : 'no keys') : `${size} ${noun}`,
    open,
  });
  if (open) return addEntries(walk, value, { path: place.path, depth: place.depth + 1 });
  walk.hidden.push(place.path);
  walk.values += leaves(value);
}

function leaves(value: Json, depth = 0): number {
  if (!isBranch(value) || depth > deepest) return 1;
  return entriesOf(value).reduce((sum, [, , item]) => sum + leaves(item, depth + 1), 0);
}

function longText(text: string, shown: LongText['shown']): LongText | null {
  const lines = text.split('\n').length;
  if (text.length <= longTextCharacters && lines <= longTextLines) return null;
  const counted = `${text.length.toLocaleString('en-US')} characters`;
  return { words: lines > 1 ? `${counted} in ${lines.toLocaleString('en-US')} lines` : counted, shown };
}

function startOf(text: string): string {
  return text.split('\n').slice(0, longTextLines).join('\n').slice(0, longTextCharacters);
}
