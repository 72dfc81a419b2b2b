import type { ModelEntry } from '@/server/engine/ports/model-entry';

/**
 * The model a person named, else the first that a hint of the server fits (the best hint first, as parts of names),
 * else the usual one. Null when the name is not configured, or nothing is.
 */
export function chooseModel(
  entries: readonly ModelEntry[],
  wish: { readonly name: string | null; readonly hints: readonly string[] },
): ModelEntry | null {
  if (wish.name !== null) return entries.find((entry) => entry.name === wish.name) ?? null;
  for (const hint of wish.hints) {
    const part = hint.toLowerCase();
    const fitting = entries.find(
      (entry) => entry.name.toLowerCase().includes(part) || entry.model.toLowerCase().includes(part),
    );
    if (fitting !== undefined) return fitting;
  }
  return entries[0] ?? null;
}
