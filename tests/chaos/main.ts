import { rmSync } from 'node:fs';
import type { Violation } from '@/tests/chaos/checker/violation';
import { summaryLines } from '@/tests/chaos/counts';
import { readOptions, usage } from '@/tests/chaos/options';
import { runChaos } from '@/tests/chaos/run';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  print(`seed ${options.seed}: again with --seed ${options.seed}, one round of it with --from N --rounds 1`);
  const { counts, violations, folder } = await runChaos({ ...options, print });
  for (const line of summaryLines(counts)) print(line);
  print(`violations: ${violations.length === 0 ? 'none' : byKind(violations)}`);
  if (violations.length === 0) rmSync(folder, { recursive: true, force: true });
  else print(`records: ${folder}`);
  return violations.length === 0 ? 0 : 1;
}

function byKind(violations: readonly Violation[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of violations) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ');
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
