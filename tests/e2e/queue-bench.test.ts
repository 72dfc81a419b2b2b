import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { quick } from '@/bench/options';

interface Line {
  readonly figure: string;
  readonly value: number;
  readonly baseline: number | null;
}

test('the benchmark of a long queue opens it in a browser, reads all of it, moves by key and sees requests arrive', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-queue-bench-'));
  try {
    const file = path.join(folder, 'figures.jsonl');
    const args = ['dist/bench/main.js', '--quick', '--load', 'queue', '--json', file];
    await promisify(execFile)(process.execPath, args, { cwd: process.cwd() });
    const lines = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    for (const { value } of lines) expect(Number.isFinite(value)).toBe(true);
    const lineOf = (name: string): Line | undefined => lines.find(({ figure }) => figure === name);
    // Timings never decide: what was done does.
    expect(lineOf('queue_open')?.value).toBe(quick.queue.many);
    expect(lineOf('page_rows')).toMatchObject({ value: quick.queue.many, baseline: quick.queue.few });
    expect(lineOf('key_p98_ms')?.value).toBeGreaterThan(0);
    expect(lineOf('arriving_key_p98_ms')?.value).toBeGreaterThan(0);
    expect(lineOf('arrived')?.value).toBeGreaterThan(0);
    expect(lineOf('arrived')?.baseline).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
