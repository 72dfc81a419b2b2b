'use client';

import type { RefObject } from 'react';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import { readId, type RequestId } from '@/lib/domain/ids';
import { stepFrom } from '@/lib/domain/queue';
import type { QueueLook } from '@/lib/domain/queue-query';
import { addressNow, goWithin, moveWithin } from './address';
import { lookHref, requestHref } from './queue-href';

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
 * `j` and `k` open the neighbour, `Enter` takes the focus into the open request, `x` selects, `l` all like it, `.` lets
 * new ones in, `s` saves the view, `/` searches.
 */
export function useListKeys(ids: readonly RequestId[], keys: ListKeys): void {
  const { look, search, reveal, picked, onPick, onPickAlike, onUnpick, onNew, onSaveView } = keys;
  const withOpen = (run: (id: RequestId) => void) => (): void => {
    const id = requestInAddress();
    if (id !== null) run(id);
  };
  const go = (step: 1 | -1): void => {
    const from = requestInAddress();
    const next = stepFrom(ids, from, step);
    if (next === null || next === from) return;
    const href = requestHref(next, look);
    if (from === null) goWithin(href);
    else moveWithin(href);
    reveal.current?.(next);
  };
  const bindings: readonly KeyBinding[] = [
    { keys: 'j', words: 'Next request', guard: 'free', run: () => go(1) },
    { keys: 'k', words: 'Previous request', guard: 'free', run: () => go(-1) },
    { keys: 'Enter', words: 'Into the open request', guard: 'free', run: enterRequest },
    {
      keys: 'x',
      words: 'Select the open request, to answer several together',
      guard: 'free',
      run: withOpen(onPick),
    },
    { keys: 'l', words: 'Select all that are like the open one', guard: 'free', run: withOpen(onPickAlike) },
    ...(picked.size === 0
      ? []
      : [{ keys: 'Escape', words: 'Select none', guard: 'free', run: onUnpick } satisfies KeyBinding]),
    ...(onNew === null
      ? []
      : [{ keys: '.', words: 'Show the new ones', guard: 'free', run: onNew } satisfies KeyBinding]),
    ...(onSaveView === null
      ? []
      : [{ keys: 's', words: 'Save this view', guard: 'free', run: onSaveView } satisfies KeyBinding]),
    { keys: '/', words: 'Search', guard: 'free', run: () => search.current?.select() },
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
