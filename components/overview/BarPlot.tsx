import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useWidth } from '@/components/timeline/use-room';
import { type Bar, type Mark, type Plot, totalOf } from './plot-model';

const height = 208;
const floorY = 184;
const roomLeft = 44;
const roomTop = 36;
/** Before it is measured, and where nothing can be. */
const usualWidth = 520;

interface Drawing {
  readonly plot: Plot;
  readonly width: number;
  /** The width of one bar with the room around it. */
  readonly step: number;
  readonly at: number | null;
}

/** Bars that the arrow keys and the pointer walk; what stands at each is said in words under them. */
export function BarPlot({ label, plot }: { readonly label: string; readonly plot: Plot }): ReactNode {
  const room = useRef<HTMLDivElement>(null);
  const width = useWidth(room) || usualWidth;
  const sayId = useId();
  const [chosen, setAt] = useState<number | null>(null);
  const count = plot.bars.length;
  const at = chosen === null || chosen >= count ? null : chosen;
  const step = (width - roomLeft) / Math.max(1, count);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stepped(event.key, at, count);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - roomLeft;
    setAt(x < 0 ? null : Math.min(count - 1, Math.floor(x / step)));
  };
  const bar = at === null ? undefined : plot.bars[at];
  return (
    <div className="plotbox">
      <div
        ref={room}
        className="plot-keys"
        role="slider"
        tabIndex={0}
        aria-label={`${label}. Arrow keys walk the bars.`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={bar?.words ?? 'No bar is chosen.'}
        aria-describedby={sayId}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(null)}
      >
        <svg className="plot" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <Ground plot={plot} width={width} step={step} at={at} />
          <Bars plot={plot} width={width} step={step} at={at} />
          <Marks marks={plot.marks} width={width} step={step} />
        </svg>
      </div>
      <p id={sayId} className="plot-say num" role="status">
        {bar?.words ?? ''}
      </p>
    </div>
  );
}

/** Where a key leads; undefined for one that is not ours. */
function stepped(key: string, at: number | null, count: number): number | null | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return at === null ? 0 : Math.min(count - 1, at + 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return at === null ? count - 1 : Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Escape':
      return at === null ? undefined : null;
    default:
      return undefined;
  }
}

function heightOf({ scale }: Plot, value: number): number {
  return scale.top === 0 ? 0 : (value / scale.top) * (floorY - roomTop);
}

function Ground({ plot, width, step, at }: Drawing): ReactNode {
  return (
    <>
      {at === null ? null : (
        <rect
          className="at"
          x={roomLeft + at * step}
          y={roomTop - 16}
          width={step}
          height={floorY - roomTop + 16}
          rx={4}
        />
      )}
      {plot.scale.ticks.map((tick) => {
        const y = floorY - heightOf(plot, tick);
        return (
          <g key={tick}>
            <line x1={roomLeft} x2={width} y1={y} y2={y} />
            <text x={roomLeft - 8} y={y + 4} textAnchor="end">
              {plot.tick(tick)}
            </text>
          </g>
        );
      })}
    </>
  );
}

function Bars({ plot, step }: Drawing): ReactNode {
  const every = Math.max(1, Math.ceil(plot.labelPx / step));
  const barWidth = Math.max(2, Math.min(40, step * 0.72));
  return plot.bars.map((bar, index) => {
    const middle = roomLeft + (index + 0.5) * step;
    const top = floorY - heightOf(plot, totalOf(bar)) - 6;
    // Counted from the last, so that now is named.
    const isNamed = (plot.bars.length - 1 - index) % every === 0;
    return (
      <g key={bar.key}>
        <Parts plot={plot} bar={bar} x={middle - barWidth / 2} width={barWidth} />
        {isNamed ? (
          <text className={bar.isNow ? 'now' : ''} x={middle} y={200} textAnchor="middle">
            {bar.label}
          </text>
        ) : null}
        {plot.top !== null && totalOf(bar) > 0 && step >= 26 ? (
          <text className="n" x={middle} y={top} textAnchor="middle">
            {plot.top(bar)}
          </text>
        ) : null}
      </g>
    );
  });
}

interface PartsProps {
  readonly plot: Plot;
  readonly bar: Bar;
  readonly x: number;
  readonly width: number;
}

/** From the floor up, a pixel between them; what is there at all is seen. */
function Parts({ plot, bar, x, width }: PartsProps): ReactNode {
  let y = floorY;
  return plot.series.map(({ key, look }, index) => {
    const value = bar.parts[index] ?? 0;
    if (value === 0) return null;
    const tall = Math.max(1.5, heightOf(plot, value) - (y === floorY ? 0 : 1));
    const gap = y === floorY ? 0 : 1;
    y -= tall + gap;
    return <rect key={key} className={look} x={x} y={y} width={width} height={tall} rx={Math.min(2, tall / 2)} />;
  });
}

const markWidth = 112;

function Marks({
  marks,
  width,
  step,
}: {
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly step: number;
}): ReactNode {
  return marks.map(({ at, words }, index) => {
    const x = roomLeft + at * step;
    const before = marks[index - 1];
    const isAtEnd = x + markWidth > width;
    const isClose = before !== undefined && (isAtEnd ? x - markWidth : x) < roomLeft + before.at * step + markWidth;
    const y = isClose ? 30 : 14;
    return (
      <g key={words}>
        <line className="mk" x1={x} x2={x} y1={y - 8} y2={floorY} />
        <text className="mkl" x={isAtEnd ? x - 6 : x + 6} y={y} textAnchor={isAtEnd ? 'end' : 'start'}>
          {words}
        </text>
      </g>
    );
  });
}
