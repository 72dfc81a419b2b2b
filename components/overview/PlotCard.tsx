import { type ReactNode, useId, useState } from 'react';
import ChartColumn from 'lucide-react/icons/chart-column';
import TableIcon from 'lucide-react/icons/table';
import { Button } from '@/components/ui/Button';
import { BarPlot } from './BarPlot';
import type { Plot } from './plot-model';

export interface PlotCardProps {
  readonly title: string;
  readonly note: string;
  /** What the plot shows, for who does not see it. */
  readonly label: string;
  /** The head of the table's first column. */
  readonly first: string;
  readonly plot: Plot;
}

/** A plot and, at a press, the same as a table. */
export function PlotCard({ title, note, label, first, plot }: PlotCardProps): ReactNode {
  const [view, setView] = useState<'plot' | 'table'>('plot');
  const id = useId();
  const isTable = view === 'table';
  return (
    <section className="card ov-card" aria-labelledby={id}>
      <div className="card-h">
        <h2 id={id}>{title}</h2>
        <span className="meta ov-note">{note}</span>
        <span className="grow" />
        {plot.series.length < 2 || isTable ? null : (
          <ul className="lgd">
            {plot.series.map(({ key, name, look }) => (
              <li key={key}>
                <i className={look} />
                {name}
              </li>
            ))}
          </ul>
        )}
        <Button
          look="ghost"
          size="sm"
          icon={isTable ? ChartColumn : TableIcon}
          aria-pressed={isTable}
          aria-label={`${title} as a table`}
          onClick={() => setView(isTable ? 'plot' : 'table')}
        >
          {isTable ? 'Plot' : 'Table'}
        </Button>
      </div>
      {isTable ? <PlotTable title={title} first={first} plot={plot} /> : <BarPlot label={label} plot={plot} />}
    </section>
  );
}

const fewRows = 10;

function PlotTable({ title, first, plot }: Pick<PlotCardProps, 'title' | 'first' | 'plot'>): ReactNode {
  const [shown, setShown] = useState<'few' | 'all'>('few');
  const bars = plot.rows === 'last_first' ? plot.bars.toReversed() : plot.bars;
  const rows = shown === 'all' || bars.length <= fewRows + 4 ? bars : bars.slice(0, fewRows);
  return (
    <>
      <table className="table sv" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {plot.series.map(({ key, name }) => (
              <th key={key} scope="col" className="r">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((bar) => (
            <tr key={bar.key}>
              <th scope="row">{bar.name}</th>
              {plot.series.map(({ key }, index) => (
                <td key={key} className="r num">
                  {plot.value(bar.parts[index] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === bars.length ? null : (
        <div className="ov-more">
          <Button size="sm" onClick={() => setShown('all')}>
            Show all {bars.length}
          </Button>
        </div>
      )}
    </>
  );
}
