/** Does `work` once for each number from 0, `atOnce` at any moment. */
export async function forEach(
  { count, atOnce }: { readonly count: number; readonly atOnce: number },
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const workers = Array.from({ length: Math.min(atOnce, count) }, async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  });
  await Promise.all(workers);
}
