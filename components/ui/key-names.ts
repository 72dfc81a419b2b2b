declare const listed: unique symbol;

/** A key and what it does. Only a group of `keyNames` makes one, and `?` lists every group: none is forgotten there. */
export interface KeyName {
  /** One key (`j`, `Enter`, `?`) or two pressed one after the other (`g q`). */
  readonly keys: string;
  readonly words: string;
  readonly [listed]: true;
}

/** The keys of one part of the product. `tests/ui/key-list.test.ts` keeps that `?` lists it and that each is bound. */
export function keyNames<N extends string>(
  names: Readonly<Record<N, readonly [keys: string, words: string]>>,
): { readonly [K in N]: KeyName } {
  const made = Object.entries<readonly [string, string]>(names).map(([name, [keys, words]]) => [name, { keys, words }]);
  return Object.fromEntries(made) as { readonly [K in N]: KeyName };
}
