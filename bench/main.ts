import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBare } from './bare';
import { serveBenched } from './benched-server';
import { jsonLines } from './figures';
import { type Options, readOptions, usage } from './options';
import { runBench } from './run';

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args[0] === 'serve') return serveBenched(args[1] === 'kept' ? 'kept' : 'none');
  if (args[0] === 'bare') {
    await runBare(args[1] ?? '');
    process.exit(0);
  }
  const options = readOptions(args);
  if (options === null) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  await bench(options);
  // A connection that will not close must not keep a finished run.
  process.exit(0);
}

async function bench({ amount, jsonFile, serverFile, load }: Options): Promise<void> {
  const benchFile = fileURLToPath(import.meta.url);
  // Beside the bundle, not in the system's temporary folder: that is often memory, where a commit costs nothing.
  const folder = await mkdtemp(path.join(path.dirname(benchFile), 'run-'));
  const stops: (() => Promise<void>)[] = [];
  const limit = new Promise<never>((_resolve, reject) => {
    setTimeout(
      () => reject(new Error(`Not finished after ${amount.limitMs / 60_000} minutes.`)),
      amount.limitMs,
    ).unref();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  try {
    const figures = await Promise.race([
      runBench({
        amount,
        load,
        benchFile,
        serverFile:
          serverFile === null ? path.join(path.dirname(benchFile), '../server/main.js') : path.resolve(serverFile),
        folder,
        print: (line) => process.stdout.write(`${line}\n`),
        onEnd: (stop) => stops.push(stop),
      }),
      limit,
    ]);
    if (jsonFile !== null) await writeFile(jsonFile, jsonLines(figures));
  } finally {
    for (const stop of stops.reverse()) await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
