/** "1 change", "3 changes" */
export function countWords(count: number): string {
  return `${count} ${count === 1 ? 'change' : 'changes'}`;
}
