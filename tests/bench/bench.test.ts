import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOptions } from '@/bench/options';
import { bundleOptions } from '@/scripts/support/bundle.mjs';

const root = process.cwd();
const loads = ['at_1', 'at_50', 'at_50_one_session'];
const compared = ['round_trips_per_second', 'p50_ms', 'p99_ms'];
const stages = ['arrive', 'intent', 'ask', 'show', 'answer', 'finish', 'return', 'receipt'];

/** The benchmark asks for no page, and the pages are not built when this suite runs. */
const withoutPages: Plugin = {
  name: 'without pages',
  setup(building) {
    building.onResolve({ filter: /^next$/ }, () => ({ path: 'next', namespace: 'without-pages' }));
    building.onLoad({ filter: /.*/, namespace: 'without-pages' }, () => ({
      contents:
        'export default () => ({ prepare: async () => {}, close: async () => {}, getRequestHandler: () => async (_req, res) => void res.writeHead(404).end() });',
    }));
  },
};

interface Line {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number | null;
  readonly ratio: number | null;
}

describe('the benchmark', () => {
  let folder = '';
  let printed = '';
  let lines: readonly Line[] = [];

  beforeAll(async () => {
    // Under node_modules, so that the packages the bundles leave out are found.
    const cache = path.join(root, 'node_modules', '.cache');
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(path.join(cache, 'holdpoint-bench-'));
    const entryPoints = { 'server/main': 'server/main.ts', 'bench/main': 'bench/main.ts' };
    const options: BuildOptions = {
      ...(bundleOptions() as BuildOptions),
      entryPoints,
      outdir: folder,
      plugins: [withoutPages],
    };
    await build(options);
    const json = path.join(folder, 'figures.jsonl');
    const args = [path.join(folder, 'bench', 'main.js'), '--quick', '--json', json];
    printed = (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
    lines = (await readFile(json, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  }, 150_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('writes each figure once, as a line of JSON with finite numbers', () => {
    const expected = [
      ...loads.flatMap((load) => [
        ...compared.map((name) => `${name}.${load}`),
        ...stages.map((stage) => `stage_ms.${stage}.${load}`),
      ]),
      'commits_per_round_trip',
      'commit_ms',
    ];
    expect(lines.map(({ figure }) => figure)).toEqual(expected);
    for (const line of lines) {
      expect(Object.keys(line).sort()).toEqual(['baseline', 'figure', 'ratio', 'unit', 'value']);
      expect(Number.isFinite(line.value)).toBe(true);
    }
  });

  test('compares with the bare SDK of the same run', () => {
    const against = lines.filter(({ baseline }) => baseline !== null);
    expect(against).toHaveLength(loads.length * compared.length);
    for (const { value, baseline, ratio } of against) {
      expect(value).toBeGreaterThan(0);
      expect(baseline).toBeGreaterThan(0);
      expect(ratio).toBeCloseTo(value / Number(baseline), 9);
    }
  });

  test('counts the transactions of a round trip: at least reception, question, answer and outcome', () => {
    expect(lines.find(({ figure }) => figure === 'commits_per_round_trip')?.value).toBeGreaterThanOrEqual(4);
  });

  test('prints the comparison and what the time is spent on, and leaves nothing behind', async () => {
    for (const words of ['bare SDK', 'one at a time', '50 at once', 'What it is spent on'])
      expect(printed).toContain(words);
    expect(await readdir(path.join(folder, 'bench'))).toEqual(['main.js', 'main.js.map']);
  });
});

describe('the command line of the benchmark', () => {
  test.each([['--json'], ['--what', 'x'], ['--load']])('%s is refused with the usage', (...args) => {
    expect(readOptions(args)).toBeNull();
  });

  test('names a file and an amount', () => {
    expect(readOptions(['--quick', '--json', 'out.jsonl'])).toMatchObject({
      jsonFile: 'out.jsonl',
      serverFile: null,
      load: null,
    });
    expect(readOptions(['--quick'])?.amount.limitMs).toBeLessThan(readOptions([])?.amount.limitMs ?? 0);
  });
});
