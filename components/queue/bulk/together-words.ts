/** One is not answered together with anything. */
export function togetherWords(count: number): string {
  return count === 1 ? 'Answer this one' : `Answer ${count} together`;
}
