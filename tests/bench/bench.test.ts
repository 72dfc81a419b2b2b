import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quick, readOptions } from '@/bench/options';
import { timedCommands } from '@/bench/queue-commands';
import { fewestEvents } from '@/bench/ended-session';
import { meetsGoal, pastTable, questionFigures } from '@/bench/past-figures';
import { questionsOf } from '@/bench/past-questions';
import { spreadsOf } from '@/bench/spread';
import type { SessionId } from '@/lib/domain/ids';
import { bundleOptions } from '@/scripts/support/bundle.mjs';

const root = process.cwd();
const loads = ['at_1', 'at_50', 'at_50_one_session'];
const compared = ['round_trips_per_second', 'p50_ms', 'p99_ms'];
const spreads = ['few_sessions', 'session_each'];
const reattachTimes = ['reattach_ms', 'reattach_from_start_ms', 'port_open_ms', 'agents_back_ms'];
const reattachCounts = [
  'parked_calls',
  'reattached_streams',
  'reattached_connections',
  'disturbed_calls',
  'runs',
  'answered',
  'collected',
];
const memory = ['rss_per_call_kib', 'rss_idle_mib', 'rss_parked_mib', 'measured_calls'];
const startUp = ['start_up_ms', 'past_sessions', 'past_events'];
const queueTimes = [
  'queue_port_open_ms',
  'queue_server_rss_mib',
  ...timedCommands.flatMap((command) => [`${command}_p50_ms`, `${command}_p98_ms`]),
];
const queue = ['queue_open', 'queue_open_before', ...queueTimes];
const noPlace = { startedAt: 0, sessionId: 'ses_000000000000' as SessionId };
const places = { middle: noPlace, end: noPlace };
const pastQuestions = [...questionsOf({ fromAt: 0, untilAt: 1, ids: [], events: 0, entries: 0, places }).keys()];
const pastCounts = ['past_sessions', 'past_events', 'past_audit_entries'];
const past = ['sqlite', 'postgres'].flatMap((database) => [
  ...pastCounts.map((name) => `${name}.${database}`),
  ...['store', 'socket'].flatMap((side) =>
    pastQuestions.flatMap((question) => [
      `${question}_p50_ms.${database}.${side}`,
      `${question}_p98_ms.${database}.${side}`,
    ]),
  ),
]);
const endings = ['ending_told_p50_ms', 'ending_told_p98_ms'];
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
    // Without a browser: there are no pages for it. tests/e2e/queue-bench.test.ts has both.
    const env = { ...process.env, CHROMIUM_PATH: path.join(folder, 'no-browser') };
    printed = (await promisify(execFile)(process.execPath, args, { cwd: root, env })).stdout;
    lines = (await readFile(json, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  }, 240_000);

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
      ...spreads.flatMap((spread) => [...reattachTimes, ...reattachCounts].map((name) => `${name}.${spread}`)),
      ...spreads.flatMap((spread) => memory.map((name) => `${name}.${spread}`)),
      ...startUp,
      ...queue,
      ...quick.sessions.sizes.map((_size, index) => `session_events.${index + 1}`),
      ...past,
      ...endings,
    ];
    expect(lines.map(({ figure }) => figure)).toEqual(expected);
    for (const line of lines) {
      expect(Object.keys(line).sort()).toEqual(['baseline', 'figure', 'ratio', 'unit', 'value']);
      expect(Number.isFinite(line.value)).toBe(true);
    }
  });

  test('compares with the bare SDK, an emptier start or a shorter queue, of the same run', () => {
    const against = lines.filter(({ baseline }) => baseline !== null);
    expect(against.map(({ figure }) => figure)).toEqual([
      ...loads.flatMap((load) => compared.map((name) => `${name}.${load}`)),
      ...spreads.flatMap((spread) => reattachTimes.slice(0, 3).map((name) => `${name}.${spread}`)),
      ...spreads.flatMap((spread) => memory.slice(0, 3).map((name) => `${name}.${spread}`)),
      'start_up_ms',
      ...queueTimes,
      ...past,
      ...endings,
    ]);
    for (const { value, baseline, ratio } of against) {
      expect(Number.isFinite(baseline)).toBe(true);
      expect(ratio).toBeCloseTo(value / Number(baseline), 9);
    }
  });

  test.each(spreads)('I3 I5 every parked call (%s) is reattached after kill -9, none is run twice', (spread) => {
    const valueOf = (name: string): number | undefined =>
      lines.find(({ figure }) => figure === `${name}.${spread}`)?.value;
    const { parked, answered } = quick;
    const sessions = spreadsOf(parked).find(({ name }) => name === spread)?.sessions;
    expect(reattachCounts.map(valueOf)).toEqual([parked, parked, sessions, 0, parked, answered, answered]);
    expect(valueOf('measured_calls')).toBe(parked);
  });

  test('starts on as many past sessions as it says', () => {
    expect(lines.find(({ figure }) => figure === 'past_sessions')?.value).toBe(quick.pastSessions);
    expect(lines.find(({ figure }) => figure === 'past_events')?.value).toBeGreaterThan(10 * quick.pastSessions);
  });

  test('asks about as many past sessions as it says, on both databases', () => {
    for (const database of ['sqlite', 'postgres'])
      expect(lines.find(({ figure }) => figure === `past_sessions.${database}`)).toMatchObject({
        value: quick.past.many,
        baseline: quick.past.few,
      });
    // Each with its events and what the audit log keeps of it: allowed, answered or expired, ended.
    for (const database of ['sqlite', 'postgres']) {
      const valueOf = (name: string): number | undefined =>
        lines.find(({ figure }) => figure === `${name}.${database}`)?.value;
      expect(valueOf('past_events')).toBeGreaterThanOrEqual(fewestEvents * quick.past.many);
      expect(valueOf('past_audit_entries')).toBe(3 * quick.past.many);
    }
    for (const question of pastQuestions) expect(printed).toContain(`  ${question} `);
  });

  test('I5 every request that was open before a start is in the queue after it', () => {
    const valueOf = (name: string): number | undefined => lines.find(({ figure }) => figure === name)?.value;
    expect(valueOf('queue_open')).toBe(quick.queue.many);
    expect(valueOf('queue_open_before')).toBe(quick.queue.few);
  });

  test('records sessions of exactly as many events as it says', () => {
    const found = quick.sessions.sizes.map(
      (_size, index) => lines.find(({ figure }) => figure === `session_events.${index + 1}`)?.value,
    );
    expect(found).toEqual(quick.sessions.sizes);
  });

  test('counts the transactions of a round trip: at least reception, question, answer and outcome', () => {
    expect(lines.find(({ figure }) => figure === 'commits_per_round_trip')?.value).toBeGreaterThanOrEqual(4);
  });

  test('prints the comparison and what the time is spent on, and leaves nothing behind', async () => {
    for (const words of [
      'bare SDK',
      'one at a time',
      '50 at once',
      'What it is spent on',
      'kill -9',
      'memory',
      'A start',
      'A long queue',
      'A session, against one',
      'not measured in a browser',
    ])
      expect(printed).toContain(words);
    expect(await readdir(path.join(folder, 'bench'))).toEqual(['main.js', 'main.js.map']);
  });
});

describe('the goal of a long past', () => {
  const times = (p98Ms: number): ReadonlyMap<string, { p50Ms: number; p98Ms: number }> =>
    new Map([['list', { p50Ms: 1, p98Ms }]]);
  const place = { database: 'sqlite', side: 'store' } as const;

  test.each([
    { few: 1, many: 300, met: true },
    { few: 200, many: 600, met: true },
    { few: 100, many: 301, met: false },
    { few: 0, many: 301, met: false },
    { few: 1, many: Number.NaN, met: false },
  ])('$many ms against $few ms: $met', ({ few, many, met }) => {
    const figures = questionFigures(place, { few: times(few), many: times(many) });
    expect(figures.map(({ figure }) => figure)).toEqual(['list_p50_ms.sqlite.store', 'list_p98_ms.sqlite.store']);
    expect(figures.map(meetsGoal)).toEqual([true, met]);
    const table = pastTable('A long past', figures);
    expect(table).toContain('sqlite, store');
    expect(table.includes('MISSED')).toBe(!met);
    expect(table.includes('1 of 1 MISS the goal')).toBe(!met);
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
