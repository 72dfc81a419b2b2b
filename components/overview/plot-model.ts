import type { ValueScale } from './plot-scale';

/** What a plot is of: bars of stacked parts, each with its words. Its table says the same. */
export interface Plot {
  readonly series: readonly { readonly key: string; readonly name: string; readonly look: SeriesLook }[];
  readonly bars: readonly Bar[];
  readonly scale: ValueScale;
  readonly tick: (value: number) => string;
  /** What a number of the table reads. */
  readonly value: (value: number) => string;
  /** Over a bar; null for nothing. */
  readonly top: ((bar: Bar) => string) | null;
  readonly marks: readonly Mark[];
  /** The room a label of the axis takes. */
  readonly labelPx: number;
  /** In its table the bars stand as drawn, or the last first. */
  readonly rows: 'as_drawn' | 'last_first';
}

export type SeriesLook = 'acc' | 'dec' | 'exp' | 'late' | 'people';

export interface Bar {
  readonly key: string;
  /** On the axis, short. */
  readonly label: string;
  /** In the table and when read out. */
  readonly name: string;
  /** One of each series, in their order. */
  readonly parts: readonly number[];
  /** All of it in one line. */
  readonly words: string;
  readonly isNow: boolean;
}

/** An upright line across the bars, at this place counted in bars from the left. */
export interface Mark {
  readonly at: number;
  readonly words: string;
}

export function totalOf({ parts }: Bar): number {
  return parts.reduce((sum, part) => sum + part, 0);
}
