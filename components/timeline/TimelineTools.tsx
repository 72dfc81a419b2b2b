import type { ReactNode } from 'react';
import type { Timeline } from '@/lib/domain/timeline';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import { Button } from '@/components/ui/Button';
import { type Extent, isFollowing, type View, widestMs } from './view';

interface Zoom {
  readonly label: string;
  readonly spanMs: number | null;
}

const zooms: readonly Zoom[] = [
  { label: '1 m', spanMs: 60_000 },
  { label: '5 m', spanMs: 300_000 },
  { label: 'Fit', spanMs: null },
];

export interface TimelineToolsProps {
  readonly timeline: Timeline;
  readonly view: View;
  readonly extent: Extent;
  readonly onView: (view: View) => void;
}

export function TimelineTools({ timeline, view, extent, onView }: TimelineToolsProps): ReactNode {
  return (
    <>
      <Legend timeline={timeline} />
      <div className="seg tl-zoom" role="group" aria-label="Zoom">
        {zooms.map((zoom) => (
          <button
            key={zoom.label}
            type="button"
            aria-pressed={isZoom(view, zoom)}
            disabled={zoom.spanMs !== null && zoom.spanMs >= widestMs(extent)}
            onClick={() => onView(viewOf(zoom, view))}
          >
            {zoom.label}
          </button>
        ))}
      </div>
      {extent.live ? <Follow view={view} onView={onView} /> : null}
    </>
  );
}

function isZoom(view: View, zoom: Zoom): boolean {
  return zoom.spanMs === null ? view.mode === 'fit' : view.mode === 'span' && view.spanMs === zoom.spanMs;
}

function viewOf(zoom: Zoom, view: View): View {
  if (zoom.spanMs === null) return { mode: 'fit' };
  return { mode: 'span', spanMs: zoom.spanMs, endAt: view.mode === 'span' && view.endAt !== null ? view.endAt : null };
}

function Follow({ view, onView }: { readonly view: View; readonly onView: (view: View) => void }): ReactNode {
  if (isFollowing(view)) {
    return (
      <span className="tl-follow" role="status">
        <span className="live-dot" />
        Following now
      </span>
    );
  }
  return (
    <Button size="sm" onClick={() => onView(view.mode === 'fit' ? view : { ...view, endAt: null })}>
      Follow now
    </Button>
  );
}

const modelIn = new WeakMap<readonly Lane[], 'some' | 'none'>();

/** Reckoned once for a chunk of lanes. */
function hasModel(lanes: readonly Lane[]): boolean {
  const known =
    modelIn.get(lanes) ??
    (lanes.some(({ segments }) => segments.some(({ kind }) => kind === 'model')) ? 'some' : 'none');
  modelIn.set(lanes, known);
  return known === 'some';
}

/** Only the marks that are in the drawing. */
function Legend({ timeline }: { readonly timeline: Timeline }): ReactNode {
  const isModelDrawn = timeline.groups.some(({ lanes }) => lanes.chunks.some(hasModel));
  const reattaches = [...timeline.rails.values()].some((rail) =>
    rail.parts.some((part) => part.state === 'reattaching'),
  );
  return (
    <ul className="legend" aria-label="Legend">
      <li>
        <i className="lg-w" />
        at work
      </li>
      <li>
        <i className="lg-p" />
        with people
      </li>
      {isModelDrawn ? (
        <li>
          <i className="lg-m" />
          model
        </li>
      ) : null}
      {reattaches ? (
        <li>
          <i className="lg-r" />
          reattaching
        </li>
      ) : null}
    </ul>
  );
}
