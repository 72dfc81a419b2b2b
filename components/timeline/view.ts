import type { Scale } from './scale';

/** What part of a session is drawn. `fit`: all of it. `endAt` null: the window follows now. */
export type View =
  | { readonly mode: 'fit' }
  | { readonly mode: 'span'; readonly spanMs: number; readonly endAt: number | null };

/** What bounds the drawing. */
export interface Extent {
  readonly from: number;
  /** Now, or the end of an ended session. */
  readonly to: number;
  readonly deadlineAt: number | null;
  readonly live: boolean;
}

const leastSpanMs = 2_000;
const leastFitMs = 20_000;
const nearSpanMs = 300_000;
/** Where now stands in a window that follows it. */
const nowShare = 0.8;

export function isFollowing(view: View): boolean {
  return view.mode === 'fit' || view.endAt === null;
}

/** The scale of a view: the fit keeps room for a near deadline, and never gives it more than two fifths. */
export function scaleOf(view: View, extent: Extent, width: number): Scale {
  if (view.mode === 'span') {
    const to = view.endAt ?? extent.to + view.spanMs * (extent.live ? 1 - nowShare : 0.05);
    return { from: to - view.spanMs, to, width };
  }
  const spentMs = Math.max(extent.to - extent.from, leastFitMs);
  const from = extent.from - spentMs * 0.01;
  return { from, to: extent.from + spentMs + futureMs(extent, spentMs), width };
}

function futureMs(extent: Extent, spentMs: number): number {
  if (!extent.live) return spentMs * 0.06;
  if (extent.deadlineAt === null) return spentMs * 0.08;
  const leftMs = Math.max(0, extent.deadlineAt - extent.to);
  return Math.min(leftMs + spentMs * 0.04, spentMs * 0.66);
}

/** The longest span a view can show: the whole session. */
export function widestMs(extent: Extent): number {
  const fit = scaleOf({ mode: 'fit' }, extent, 1);
  return fit.to - fit.from;
}

/** Zooms by `factor` (below 1 is closer) about an instant; wide enough becomes the fit. */
export function zoomed(
  scale: Scale,
  extent: Extent,
  zoom: { readonly factor: number; readonly aboutAt: number; readonly following: boolean },
): View {
  const spanMs = Math.max(leastSpanMs, (scale.to - scale.from) * zoom.factor);
  if (spanMs >= widestMs(extent)) return { mode: 'fit' };
  if (zoom.following && extent.live) return { mode: 'span', spanMs, endAt: null };
  const share = (scale.to - zoom.aboutAt) / (scale.to - scale.from);
  return clamped({ mode: 'span', spanMs, endAt: zoom.aboutAt + share * spanMs }, extent);
}

/** Moves the window; it leaves now behind until told to follow again. */
export function panned(scale: Scale, extent: Extent, byMs: number): View {
  return clamped({ mode: 'span', spanMs: scale.to - scale.from, endAt: scale.to + byMs }, extent);
}

/** Close to an instant: some minutes about it, or all of a short session. */
export function near(extent: Extent, at: number): View {
  if (widestMs(extent) <= nearSpanMs) return { mode: 'fit' };
  return { mode: 'span', spanMs: nearSpanMs, endAt: at + nearSpanMs / 2 };
}

/** Moves the window so that `at` is in it, when it is not. */
export function showing(view: View, scale: Scale, at: number): View {
  if (view.mode === 'fit' || (at >= scale.from && at <= scale.to)) return view;
  return { mode: 'span', spanMs: view.spanMs, endAt: at + view.spanMs / 2 };
}

function clamped(
  view: { readonly mode: 'span'; readonly spanMs: number; readonly endAt: number },
  extent: Extent,
): View {
  const fit = scaleOf({ mode: 'fit' }, extent, 1);
  const latest = Math.max(fit.to, extent.to + view.spanMs * (1 - nowShare));
  const earliest = Math.min(latest, fit.from + view.spanMs);
  return { ...view, endAt: Math.min(latest, Math.max(earliest, view.endAt)) };
}
