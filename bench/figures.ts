import { type Contest, type Load, middleOf } from './rounds';
import type { Stage } from './stages';

/** One line of the JSON file. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit:
    | '1/s'
    | 'ms'
    | 'KiB'
    | 'MiB'
    | 'transactions'
    | 'calls'
    | 'streams'
    | 'connections'
    | 'sessions'
    | 'events'
    | 'messages'
    | 'entries'
    | 'requests'
    | 'tasks'
    | 'nodes';
  /** In the same run: the bare SDK's, or what the words of the figure say; null where there is none. */
  readonly baseline: number | null;
  /** `value / baseline`. */
  readonly ratio: number | null;
}

export function against(
  figure: string,
  unit: Figure['unit'],
  pair: { readonly value: number; readonly baseline: number },
): Figure {
  return { figure, unit, ...pair, ratio: pair.value / pair.baseline };
}

export function alone(figure: string, unit: Figure['unit'], value: number): Figure {
  return { figure, value, unit, baseline: null, ratio: null };
}

export function figuresOf(load: Load, { bare, holdpoint }: Contest): readonly Figure[] {
  const baseline = middleOf(bare);
  const value = middleOf(holdpoint);
  return [
    against(`round_trips_per_second.${load.name}`, '1/s', { value: value.perSecond, baseline: baseline.perSecond }),
    against(`p50_ms.${load.name}`, 'ms', { value: value.p50Ms, baseline: baseline.p50Ms }),
    against(`p99_ms.${load.name}`, 'ms', { value: value.p99Ms, baseline: baseline.p99Ms }),
  ];
}

export function stageFigures(load: Load, stages: readonly Stage[]): readonly Figure[] {
  return stages.map(({ stage, meanMs }) => alone(`stage_ms.${stage}.${load.name}`, 'ms', meanMs));
}

/** One line a figure. */
export function jsonLines(figures: readonly Figure[]): string {
  return figures.map((figure) => `${JSON.stringify(figure)}\n`).join('');
}
