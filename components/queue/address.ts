'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useSyncExternalStore } from 'react';

/** A browser takes 200 changes of its address in ten seconds, and a key that is held makes more. */
const writeEveryMs = 120;

interface Ahead {
  readonly href: string;
  /** The address it takes the place of; when that is another by then, someone went elsewhere. */
  readonly from: string;
}

/** Where the queue is while the browser's address is behind. */
let ahead: Ahead | null = null;
let writtenAt = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function inBar(): string {
  return `${window.location.pathname}${window.location.search}`;
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** Where the queue is, be the browser's address there yet or not. */
export function addressNow(): string {
  const bar = inBar();
  if (ahead !== null && ahead.from !== bar) ahead = null;
  return ahead?.href ?? bar;
}

/** Goes to another address of the screen that is open. The router follows; no page is fetched. */
export function goWithin(href: string): void {
  write();
  window.history.pushState(null, '', href);
  tell();
}

/** Takes the place of the address: no step of the way back. Shown at once, whenever the browser hears of it. */
export function moveWithin(href: string): void {
  ahead = { href, from: inBar() };
  const waitMs = writtenAt + writeEveryMs - performance.now();
  if (waitMs <= 0) write();
  else timer ??= setTimeout(write, waitMs);
  tell();
}

function write(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  const next = ahead;
  ahead = null;
  if (next === null || next.from !== inBar()) return;
  writtenAt = performance.now();
  // The router follows the history by itself; asking it to go would fetch a page for every key.
  window.history.replaceState(null, '', next.href);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/**
 * Where the queue is. The router tells of it in the background and begins anew with every push that comes between;
 * who moves through the list by keys sees it at once.
 */
export function useAddress(): string {
  const path = usePathname();
  const query = useSearchParams().toString();
  const asRouted = query === '' ? path : `${path}?${query}`;
  // The router changes the bar after it has drawn.
  useEffect(tell, [asRouted]);
  return useSyncExternalStore(subscribe, addressNow, () => asRouted);
}
