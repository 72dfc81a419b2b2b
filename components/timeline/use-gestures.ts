import { type RefObject, useEffect, useRef } from 'react';
import { atOf, type Scale } from './scale';
import { type Extent, isFollowing, panned, type View, zoomed } from './view';

export interface Stage {
  readonly view: View;
  readonly scale: Scale;
  readonly extent: Extent;
  readonly onView: (view: View) => void;
}

const zoomStep = 1.25;
const panShare = 0.2;
const dragFromPx = 4;

/** Ctrl and wheel zooms about the pointer, sideways wheel, drag and keys move; plain wheel is left to the page. */
export function useGestures(
  body: RefObject<HTMLElement | null>,
  track: RefObject<HTMLElement | null>,
  stage: Stage,
): void {
  const latest = useRef(stage);
  useEffect(() => {
    latest.current = stage;
  });
  useEffect(() => {
    const element = body.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      const { scale, extent, view, onView } = latest.current;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const px = event.clientX - (track.current?.getBoundingClientRect().left ?? 0);
        const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 200);
        return onView(
          zoomed(scale, extent, {
            factor,
            aboutAt: atOf(scale, px),
            following: isFollowing(view) && view.mode === 'span',
          }),
        );
      }
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (view.mode === 'fit' || Math.abs(sideways) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return;
      event.preventDefault();
      onView(panned(scale, extent, (sideways / scale.width) * (scale.to - scale.from)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      // On a lane the arrows go from event to event; with Shift they move the window there too.
      const isOnLane = event.target instanceof Element && event.target.closest('[data-lane]') !== null;
      if (isOnLane && !event.shiftKey && event.key.startsWith('Arrow')) return;
      const next = viewOfKey(event.key, latest.current);
      if (next === null) return;
      event.preventDefault();
      latest.current.onView(next);
    };
    element.addEventListener('keydown', onKey);
    const stopDrag = watchDrag(element, () => latest.current);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('keydown', onKey);
      stopDrag();
    };
  }, [body, track]);
}

function watchDrag(element: HTMLElement, stageNow: () => Stage): () => void {
  let drag: { startX: number; scale: Scale; moved: boolean } | null = null;
  const down = (event: PointerEvent): void => {
    if (event.button === 0 && stageNow().view.mode === 'span')
      drag = { startX: event.clientX, scale: stageNow().scale, moved: false };
  };
  const move = (event: PointerEvent): void => {
    if (drag === null) return;
    const byPx = event.clientX - drag.startX;
    if (!drag.moved && Math.abs(byPx) < dragFromPx) return;
    if (!drag.moved) element.setPointerCapture(event.pointerId);
    drag.moved = true;
    stageNow().onView(
      panned(drag.scale, stageNow().extent, (-byPx / drag.scale.width) * (drag.scale.to - drag.scale.from)),
    );
  };
  const up = (): void => {
    if (drag?.moved === true) element.addEventListener('click', swallow, { capture: true, once: true });
    drag = null;
  };
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
  };
}

/** The click that ends a drag chooses no lane. */
function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** What a key does to the view; null when it does nothing. */
export function viewOfKey(key: string, { view, scale, extent }: Stage): View | null {
  const spanMs = scale.to - scale.from;
  const middle = isFollowing(view) ? extent.to : (scale.from + scale.to) / 2;
  switch (key) {
    case '+':
    case '=':
      return zoomed(scale, extent, { factor: 1 / zoomStep, aboutAt: middle, following: isFollowing(view) });
    case '-':
      return zoomed(scale, extent, { factor: zoomStep, aboutAt: middle, following: isFollowing(view) });
    case '0':
      return { mode: 'fit' };
    case 'ArrowLeft':
      return view.mode === 'fit' ? null : panned(scale, extent, -spanMs * panShare);
    case 'ArrowRight':
      return view.mode === 'fit' ? null : panned(scale, extent, spanMs * panShare);
    default:
      return null;
  }
}
