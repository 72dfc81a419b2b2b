'use client';

import type { RefObject } from 'react';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import { readId, type RequestId } from '@/lib/domain/ids';
import { type Stops, stepFrom } from '@/lib/domain/queue';
import type { QueueLook } from '@/lib/domain/queue-query';
import { addressNow, goWithin, moveWithin } from './address';
import { lookHref, requestHref } from './queue-href';
import { queueKeys } from './queue-keys';

export interface ListKeys {
  readonly look: QueueLook;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly reveal: RefObject<((id: RequestId) => void) | null>;
  readonly picked: ReadonlySet<RequestId>;
  readonly onPick: (id: RequestId) => void;
  readonly onPickAlike: (id: RequestId) => void;
  readonly onUnpick: () => void;
  /** Lets in what waits behind the chip; null when nothing does. */
  readonly onNew: (() => void) | null;
  /** Null while the look is a view of the system's. */
  readonly onSaveView: (() => void) | null;
}

/**
 * `j` and `k` open the neighbour that is still to be answered, `Enter` takes the focus into the open request, `x` selects, `l` all like it, `.` lets
 * new ones in, `s` saves the view, `/` searches.
 */
export function useListKeys(stops: Stops, keys: ListKeys): void {
  const { look, search, reveal, picked, onPick, onPickAlike, onUnpick, onNew, onSaveView } = keys;
  const withOpen = (run: (id: RequestId) => void) => (): void => {
    const id = requestInAddress();
    if (id !== null) run(id);
  };
  const go = (step: 1 | -1): void => {
    const from = requestInAddress();
    const next = stepFrom(stops, from, step);
    if (next === null || next === from) return;
    const href = requestHref(next, look);
    if (from === null) goWithin(href);
    else moveWithin(href);
    reveal.current?.(next);
  };
  const bindings: readonly KeyBinding[] = [
    { ...queueKeys.next, guard: 'free', run: () => go(1) },
    { ...queueKeys.previous, guard: 'free', run: () => go(-1) },
    { ...queueKeys.enter, guard: 'free', run: enterRequest },
    { ...queueKeys.pick, guard: 'free', run: withOpen(onPick) },
    { ...queueKeys.pickAlike, guard: 'free', run: withOpen(onPickAlike) },
    ...(picked.size === 0 ? [] : [{ ...queueKeys.none, guard: 'free', run: onUnpick } satisfies KeyBinding]),
    ...(onNew === null ? [] : [{ ...queueKeys.fresh, guard: 'free', run: onNew } satisfies KeyBinding]),
    ...(onSaveView === null ? [] : [{ ...queueKeys.save, guard: 'free', run: onSaveView } satisfies KeyBinding]),
    { ...queueKeys.search, guard: 'free', run: () => search.current?.select() },
  ];
  useKeys(bindings, lookHref(look));
}

function requestInAddress(): RequestId | null {
  return readId('request', addressNow().split(/[/?]/)[2]);
}

/** How long `Enter` waits for a request that is still being read. */
const entersWithinMs = 3_000;

/** Where the answer begins: its first field or the page to open, else the title. A note is no answer. */
export function enterRequest(): void {
  const pressedAt = performance.now();
  const before = document.activeElement;
  const enter = (): void => {
    // Someone went elsewhere while it was read.
    if (document.activeElement !== before && document.activeElement !== document.body) return;
    const isThere = document.querySelector('.rq:not([aria-busy="true"])') !== null;
    if (!isThere && performance.now() - pressedAt < entersWithinMs) return void requestAnimationFrame(enter);
    const field = document.querySelector<HTMLElement>('.rq :is(input, textarea, .enter):enabled:not(.a-writer *)');
    const target = field ?? document.querySelector<HTMLElement>('.rq .r-title');
    target?.focus();
  };
  enter();
}
