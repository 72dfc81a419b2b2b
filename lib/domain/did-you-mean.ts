/** The known word nearest to a mistyped one; null when none is near. */
function nearest(word: string, known: readonly string[]): string | null {
  let best: { readonly word: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.max(1, Math.floor(candidate.length / 3)) && (best === null || distance < best.distance)) {
      best = { word: candidate, distance };
    }
  }
  return best?.word ?? null;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = word.length > 64 ? null : nearest(word, known);
  return found === null ? '' : ` Did you mean "${found}"?`;
}

/** Letters added, left out, changed, or swapped with their neighbour. */
function editDistance(left: string, right: string): number {
  let earlier: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const changed = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const added = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1;
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swapped = isSwap ? (earlier[column - 2] ?? 0) + 1 : added;
      current.push(Math.min(changed, added, swapped));
    }
    earlier = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
