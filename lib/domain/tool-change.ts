import { isJsonObject, type JsonObject } from './json';
import { type Change, changesBetween, readPointer } from './policy/pointer';

/** How one definition of a tool differs from the one before. */
export interface ToolChange {
  readonly changes: readonly Change[];
  /** Places that are not among them. */
  readonly more: number;
}

const changesMost = 200;

export function toolChange(before: JsonObject, after: JsonObject): ToolChange {
  const changes = changesBetween(before, after).toSorted((a, b) => orderOf(a) - orderOf(b));
  return { changes: changes.slice(0, changesMost), more: Math.max(0, changes.length - changesMost) };
}

/** What people read first comes first. */
const parts: readonly (readonly [key: string, words: string])[] = [
  ['name', 'name'],
  ['title', 'title'],
  ['description', 'description'],
  ['annotations', 'annotations'],
  ['inputSchema', 'input schema'],
  ['outputSchema', 'output schema'],
];

function partOf({ pointer }: Change): string {
  return readPointer(pointer)?.[0] ?? '';
}

function orderOf(change: Change): number {
  const at = parts.findIndex(([key]) => key === partOf(change));
  return at < 0 ? parts.length : at;
}

/** "description and input schema"; what has no word of its own is "other fields". */
export function changedParts(before: JsonObject, after: JsonObject): string {
  const touched = new Set(changesBetween(before, after).map(partOf));
  const known = parts.flatMap(([key, words]) => (touched.has(key) ? [words] : []));
  const others = [...touched].some((key) => !parts.some(([part]) => part === key));
  const words = others ? [...known, 'other fields'] : known;
  const last = words.at(-1);
  if (last === undefined) return 'nothing that can be named';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** A tool's own object, or nothing to compare. */
export function definitionOf(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}
