import { type ReactNode, useMemo } from 'react';
import type { DayFigures, Overview } from '@/lib/domain/overview/overview';
import { countOf, countText } from './figure-words';
import { dayLabel, dayWords } from './period-words';
import { type Bar, type Plot, totalOf } from './plot-model';
import { countScale } from './plot-scale';
import { PlotCard } from './PlotCard';

/** What became of requests, day by day. */
export function DaysCard({ overview }: { readonly overview: Overview }): ReactNode {
  const { days, figures } = overview;
  const plot = useMemo(() => plotOf(days), [days]);
  const { accepted, declined, expired } = figures;
  return (
    <PlotCard
      title="By day"
      note=""
      label={`Requests by day: ${countText(accepted)} accepted, ${countText(declined)} declined, ${countText(expired)} that no one answered`}
      first="Day"
      plot={plot}
    />
  );
}

function plotOf(days: readonly DayFigures[]): Plot {
  const bars = days.map((day, at) => barOf(day, at === days.length - 1 ? 'last' : 'earlier'));
  return {
    series: [
      { key: 'accepted', name: 'accepted', look: 'acc' },
      { key: 'declined', name: 'declined', look: 'dec' },
      { key: 'expired', name: 'no one answered', look: 'exp' },
    ],
    bars,
    scale: countScale(Math.max(1, ...bars.map(totalOf))),
    tick: countText,
    value: countText,
    top: (bar) => countText(totalOf(bar)),
    marks: [],
    labelPx: 52,
    rows: 'last_first',
  };
}

function barOf({ date, accepted, declined, expired }: DayFigures, place: 'last' | 'earlier'): Bar {
  const asked = countOf(accepted + declined + expired, 'request');
  return {
    key: date,
    label: dayLabel(date),
    name: dayWords(date),
    parts: [accepted, declined, expired],
    words: `${dayWords(date)}: ${asked}, ${countText(accepted)} accepted, ${countText(declined)} declined, ${countText(expired)} no one answered`,
    isNow: place === 'last',
  };
}
