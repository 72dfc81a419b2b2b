/** A run of sequence numbers, both ends included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** With one more; in their order, none touching another. */
export function stretchesWith(stretches: readonly Stretch[], added: Stretch): readonly Stretch[] {
  if (added.to < added.from) return stretches;
  const apart = stretches.filter(({ from, to }) => to < added.from - 1 || from > added.to + 1);
  const touching = stretches.filter(({ from, to }) => to >= added.from - 1 && from <= added.to + 1);
  const from = Math.min(added.from, ...touching.map((each) => each.from));
  const to = Math.max(added.to, ...touching.map((each) => each.to));
  if (touching.length === 1 && touching[0]?.from === from && touching[0].to === to) return stretches;
  return [...apart, { from, to }].sort((a, b) => a.from - b.from);
}

/** The last hole below `through`; null when there is none. */
export function lastHole(stretches: readonly Stretch[], through: number): Stretch | null {
  let to = through;
  for (const stretch of stretches.toReversed()) {
    if (stretch.to < to) return { from: stretch.to + 1, to };
    to = Math.min(to, stretch.from - 1);
  }
  return to < 1 ? null : { from: 1, to };
}

/** How many numbers up to `through` are in none. */
export function missingIn(stretches: readonly Stretch[], through: number): number {
  const known = stretches.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, through) - from + 1), 0);
  return Math.max(0, through - known);
}
