export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads own properties only: a field named `constructor` must not find Object's. */
export function own(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

export function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Length as JSON Schema counts it: code points, not UTF-16 units. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export interface SizeBounds {
  readonly nodes: number;
  readonly characters: number;
  readonly depth: number;
}

/** Whether a value stays within the bounds; stops at the first bound passed, so its cost is bounded too. */
export function fitsWithin(value: unknown, bounds: SizeBounds): boolean {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let nodes = 0;
  let characters = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    nodes += 1;
    if (nodes > bounds.nodes || next.depth > bounds.depth) return false;
    if (typeof next.value === 'string') characters += next.value.length;
    else if (typeof next.value === 'object' && next.value !== null) {
      const depth = next.depth + 1;
      const entries = Object.entries(next.value);
      if (nodes + stack.length + entries.length > bounds.nodes) return false;
      for (const [key, child] of entries) {
        if (!Array.isArray(next.value)) characters += key.length;
        stack.push({ value: child, depth });
      }
    }
    if (characters > bounds.characters) return false;
  }
  return true;
}
