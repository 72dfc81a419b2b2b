import { type ReactNode, useMemo } from 'react';
import { spanWords } from '@/lib/domain/timeline/time-words';
import type { DayFigures, Overview } from '@/lib/domain/overview/overview';
import { countOf, sumText } from './figure-words';
import { dayLabel, dayWords } from './period-words';
import { type Bar, type Plot, totalOf } from './plot-model';
import { timeScale } from './plot-scale';
import { PlotCard } from './PlotCard';

/** How long calls waited for people, and how long servers worked. */
export function WorkCard({ overview }: { readonly overview: Overview }): ReactNode {
  const { days, figures } = overview;
  const plot = useMemo(() => plotOf(days), [days]);
  const { peopleMs, workMs } = figures;
  return (
    <PlotCard
      title="Time with people, time at work"
      note=""
      label={`Time by day: ${sumText(peopleMs)} with people, ${sumText(workMs)} at work`}
      first="Day"
      plot={plot}
    />
  );
}

function plotOf(days: readonly DayFigures[]): Plot {
  const bars = days.map((day, at) => barOf(day, at === days.length - 1 ? 'last' : 'earlier'));
  return {
    series: [
      { key: 'people', name: 'with people', look: 'people' },
      { key: 'work', name: 'at work', look: 'acc' },
    ],
    bars,
    scale: timeScale(Math.max(1_000, ...bars.map(totalOf))),
    tick: (ms) => (ms === 0 ? '0' : spanWords(ms)),
    value: sumText,
    top: null,
    marks: [],
    labelPx: 52,
    rows: 'last_first',
  };
}

function barOf({ date, peopleMs, workMs, stalled }: DayFigures, place: 'last' | 'earlier'): Bar {
  const stalls = stalled === 0 ? '' : `, ${countOf(stalled, 'stall')}`;
  return {
    key: date,
    label: dayLabel(date),
    name: dayWords(date),
    parts: [peopleMs, workMs],
    words: `${dayWords(date)}: ${sumText(peopleMs)} with people, ${sumText(workMs)} at work${stalls}`,
    isNow: place === 'last',
  };
}
