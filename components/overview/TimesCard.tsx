import { type ReactNode, useMemo } from 'react';
import type { Overview, TimeBar } from '@/lib/domain/overview/overview';
import { countOf, countText, tookText } from './figure-words';
import type { Bar, Mark, Plot } from './plot-model';
import { countScale } from './plot-scale';
import { PlotCard } from './PlotCard';

const lateMs = 960_000;

/** How long people took, the median and 95 in 100 marked. */
export function TimesCard({ overview }: { readonly overview: Overview }): ReactNode {
  const { times, figures } = overview;
  const plot = useMemo(() => plotOf(overview), [overview]);
  const all = times.reduce((sum, { count }) => sum + count, 0);
  const late = times.reduce((sum, { fromMs, count }) => (fromMs >= lateMs ? sum + count : sum), 0);
  const took = `median ${tookText(figures.medianMs)}, 95 in 100 within ${tookText(figures.p95Ms)}`;
  return (
    <PlotCard
      title="Time to answer"
      note={late === 0 ? countOf(all, 'answer') : `${countOf(all, 'answer')}, ${countText(late)} took over 16 min`}
      label={all === 0 ? 'Time to answer: no answers' : `Time to answer: ${took}`}
      first="Answered within"
      plot={plot}
    />
  );
}

function plotOf({ times, figures }: Overview): Plot {
  const largest = Math.max(1, ...times.map(({ count }) => count));
  const marks = [
    { ms: figures.medianMs, name: 'p50' },
    { ms: figures.p95Ms, name: 'p95' },
  ].flatMap(({ ms, name }): readonly Mark[] =>
    ms === null ? [] : [{ at: placeOf(times, ms), words: `${name} ${tookText(ms)}` }],
  );
  return {
    series: [
      { key: 'soon', name: 'answers', look: 'acc' },
      { key: 'late', name: 'over 16 min', look: 'late' },
    ],
    bars: times.map(barOf),
    scale: countScale(largest),
    tick: countText,
    value: countText,
    top: null,
    marks,
    labelPx: 36,
    rows: 'as_drawn',
  };
}

function barOf({ fromMs, untilMs, count }: TimeBar): Bar {
  const isLate = fromMs >= lateMs;
  const name = untilMs === null ? `over ${tookText(fromMs)}` : tookText(untilMs);
  const span = untilMs === null ? `in over ${tookText(fromMs)}` : `in ${tookText(fromMs)} to ${tookText(untilMs)}`;
  return {
    key: String(fromMs),
    label: untilMs === null ? 'more' : shortText(untilMs),
    name,
    parts: isLate ? [0, count] : [count, 0],
    words: `${countOf(count, 'answer')} ${fromMs === 0 ? `within ${name}` : span}`,
    isNow: false,
  };
}

/** "8 s", "4 m", "2 h": what stands under a bar. */
function shortText(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} m` : `${Math.round(ms / 3_600_000)} h`;
}

/** Where a time stands among the bars; within one as evenly as its bins are. */
function placeOf(times: readonly TimeBar[], ms: number): number {
  const at = times.findIndex(({ untilMs }) => untilMs === null || ms < untilMs);
  const bar = times[at];
  if (bar === undefined) return times.length;
  const from = Math.max(bar.fromMs, (bar.untilMs ?? ms) / 2, 1);
  const until = bar.untilMs ?? from * 2;
  return at + Math.min(1, Math.max(0, Math.log2(ms / from) / Math.log2(until / from)));
}
