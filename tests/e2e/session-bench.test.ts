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

test('the benchmark of sessions opens each length in a browser, scrolls and zooms it, and sees events come in', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-session-bench-'));
  try {
    const file = path.join(folder, 'figures.jsonl');
    const args = ['dist/bench/main.js', '--quick', '--load', 'sessions', '--json', file];
    await promisify(execFile)(process.execPath, args, { cwd: process.cwd() });
    const lines = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    for (const { value } of lines) expect(Number.isFinite(value)).toBe(true);
    const lineOf = (name: string): Line | undefined => lines.find(({ figure }) => figure === name);
    // Timings never decide: what was done does.
    const { sizes } = quick.sessions;
    expect(sizes.map((_size, index) => lineOf(`session_events.${index + 1}`)?.value)).toEqual(sizes);
    for (const size of sizes) {
      expect(lineOf(`session_useful_ms.${size}`)?.value).toBeGreaterThan(0);
      expect(lineOf(`session_lane_frame_p98_ms.${size}`)?.value).toBeGreaterThan(0);
    }
    expect(lineOf(`session_whole_ms.${sizes[1]}`)?.baseline).toBe(lineOf(`session_whole_ms.${sizes[0]}`)?.value);
    expect(lineOf('ingest_events_per_second')?.value).toBeGreaterThan(0);
    expect(lineOf('ingest_pushes_per_second')?.value).toBeGreaterThan(0);
    expect(lineOf('ingest_input_delay_p98_ms')?.value).toBeGreaterThanOrEqual(0);
    expect(lineOf('ingest_raw_input_delay_p98_ms')?.value).toBeGreaterThanOrEqual(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
