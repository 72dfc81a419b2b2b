import { arch, cpus, platform, totalmem } from 'node:os';
import type { Figure } from './figures';
import type { Load } from './rounds';
import type { Stage } from './stages';

/** What the figures depend on; no names of hosts or people. */
export function machineFacts(): string {
  const processors = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'processor'}, ${memory}, ${platform()} ${arch()}, Node ${process.versions.node}`;
}

const headings: readonly { readonly name: string; readonly words: string }[] = [
  { name: 'round_trips_per_second', words: 'round trips a second' },
  { name: 'p50_ms', words: 'p50, ms' },
  { name: 'p99_ms', words: 'p99, ms' },
];

/** The comparison, one block a load. */
export function comparisonTable(loads: readonly Load[], figures: readonly Figure[]): string {
  const lines = [`${''.padEnd(36)}${'bare SDK'.padStart(10)}${'Holdpoint'.padStart(11)}${'ratio'.padStart(8)}`];
  for (const load of loads) {
    lines.push(load.words);
    for (const { name, words } of headings) {
      const found = figures.find(({ figure }) => figure === `${name}.${load.name}`);
      if (found === undefined) continue;
      lines.push(
        `  ${words.padEnd(34)}${number(found.baseline).padStart(10)}${number(found.value).padStart(11)}${number(found.ratio, 2).padStart(8)}`,
      );
    }
  }
  return lines.join('\n');
}

/** Every figure of one measurement beside the loads, a line each. */
export function measureTable(words: string, figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ figure }) => figure.length)) + 2;
  const head = `${words.padEnd(width + 16)}${'baseline'.padStart(12)}${'Holdpoint'.padStart(12)}${'ratio'.padStart(8)}`;
  const rows = figures.map(({ figure, unit, value, baseline, ratio }) => {
    const cells = `${number(baseline).padStart(12)}${number(value).padStart(12)}${number(ratio, 2).padStart(8)}`;
    return `  ${figure.padEnd(width)}${unit.padEnd(14)}${cells}`;
  });
  return [head, ...rows].join('\n');
}

/** What a round trip through Holdpoint is spent on: mean milliseconds, a column a load. */
export function stageTable(columns: readonly { readonly load: Load; readonly stages: readonly Stage[] }[]): string {
  const first = columns[0];
  if (first === undefined) return '';
  const head = `${''.padEnd(58)}${columns.map(({ load }) => load.name.padStart(20)).join('')}`;
  const rows = first.stages.map(({ words }, index) => {
    const cells = columns.map(({ stages }) => number(stages[index]?.meanMs ?? null, 2).padStart(12));
    return `  ${words.padEnd(56)}${cells.join('')}`;
  });
  return [head, ...rows].join('\n');
}

function number(value: number | null, digits = 1): string {
  return value === null ? '' : value.toFixed(digits);
}
