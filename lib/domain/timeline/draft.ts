/** A copy that one fold may change before it is handed out as readonly. Array elements stay immutable. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

/** Replaces the element at `index`, when there is one. */
export function patchAt<T>(list: T[], index: number, patch: Partial<T>): void {
  const before = list[index];
  if (before !== undefined) list[index] = { ...before, ...patch };
}
