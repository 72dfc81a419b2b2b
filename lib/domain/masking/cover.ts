import { isJsonObject, type Json } from '../json';
import { masked } from './masked';

/** The steps from the top to a value: keys, and places in lists. */
export type Place = readonly (string | number)[];

/** Shorter values, such as "yes" or 42, stand everywhere by chance. */
const shortestRepeated = 6;
const repeatedMost = 200;

/** A tree of the places that are covered; `all` where everything below is. */
interface Cover {
  all: boolean;
  readonly steps: Map<string, Cover>;
}

/**
 * A copy with the values at the places masked. What is masked there is also masked where the same stands again, inside
 * other texts too: a tool's result often says its structured content once more as text.
 */
export function maskCovered(value: Json, places: readonly Place[]): Json {
  if (places.length === 0) return value;
  const root: Cover = { all: false, steps: new Map() };
  for (const place of places) add(root, place);
  const hidden = new Set<string>();
  const copy = masking(value, root, hidden);
  if (copy === masked || hidden.size === 0) return copy;
  // Which of so many would be left standing is not for chance to decide.
  if (hidden.size > repeatedMost) return withoutTexts(copy);
  // Longer ones first: one may be part of another.
  return withoutRepeats(
    copy,
    [...hidden].sort((a, b) => b.length - a.length),
  );
}

function add(root: Cover, place: Place): void {
  let at = root;
  for (const step of place) {
    const known = at.steps.get(String(step));
    const next = known ?? { all: false, steps: new Map() };
    if (known === undefined) at.steps.set(String(step), next);
    at = next;
  }
  at.all = true;
}

function masking(value: Json, cover: Cover, hidden: Set<string>): Json {
  if (cover.all) {
    if (value === null) return value;
    note(value, hidden);
    return masked;
  }
  if (Array.isArray(value))
    return value.map((item: Json, index) => {
      const below = cover.steps.get(String(index));
      return below === undefined ? item : masking(item, below, hidden);
    });
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => {
    const below = cover.steps.get(key);
    return [key, below === undefined ? item : masking(item, below, hidden)];
  });
  return Object.fromEntries(entries);
}

/** The values inside what is masked, as texts. */
function note(value: Json, hidden: Set<string>): void {
  const pending: Json[] = [value];
  while (pending.length > 0 && hidden.size <= repeatedMost) {
    const item = pending.pop() ?? null;
    if (typeof item === 'object' && item !== null) pending.push(...(Object.values(item) as Json[]));
    else if (typeof item === 'string' || typeof item === 'number') {
      const text = String(item);
      if (text.length >= shortestRepeated) hidden.add(text);
    }
  }
}

function withoutRepeats(value: Json, hidden: readonly string[]): Json {
  return mapLeaves(value, (leaf) => {
    if (typeof leaf === 'number') return hidden.includes(String(leaf)) ? masked : leaf;
    if (typeof leaf !== 'string') return leaf;
    return hidden.reduce((text, secret) => (text.includes(secret) ? text.replaceAll(secret, masked) : text), leaf);
  });
}

function withoutTexts(value: Json): Json {
  return mapLeaves(value, (leaf) => (typeof leaf === 'string' && leaf.length >= shortestRepeated ? masked : leaf));
}

function mapLeaves(value: Json, of: (leaf: Json) => Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => mapLeaves(item, of));
  if (!isJsonObject(value)) return of(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]): [string, Json] => [key, mapLeaves(item, of)]));
}
