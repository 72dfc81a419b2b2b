'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useSyncExternalStore } from 'react';

/** A browser takes 200 changes of its address in ten seconds, and a key that is held makes more. */
const writeEveryMs = 120;

/** Where the queue is while the router is behind; null when it is where the router says. */
let ahead: string | null = null;
/** What the browser's address may be meanwhile without anyone having gone elsewhere. */
const ours = new Set<string>();
let writtenAt = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function inBar(): string {
  return `${window.location.pathname}${window.location.search}`;
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** Where the queue is, be the router and the browser's address there yet or not. */
export function addressNow(): string {
  return ahead ?? inBar();
}

function goAhead(href: string): void {
  ours.add(inBar());
  ours.add(href);
  ahead = href;
}

function settle(): void {
  ahead = null;
  ours.clear();
  if (timer !== null) clearTimeout(timer);
  timer = null;
}

/** Goes to another address of the screen that is open. The router follows; no page is fetched. */
export function goWithin(href: string): void {
  write();
  goAhead(href);
  window.history.pushState(null, '', href);
  tell();
}

/** Takes the place of the address: no step of the way back. Shown at once, whenever the browser hears of it. */
export function moveWithin(href: string): void {
  goAhead(href);
  const waitMs = writtenAt + writeEveryMs - performance.now();
  if (waitMs <= 0) write();
  else timer ??= setTimeout(write, waitMs);
  tell();
}

/** Before the router goes to another screen: an address that is written while it is on its way would call it off. */
export function writeAddress(): void {
  write();
}

function write(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  if (ahead === null || ahead === inBar()) return;
  // Someone went elsewhere meanwhile.
  if (!ours.has(inBar())) return settle();
  writtenAt = performance.now();
  // The router follows the history by itself; asking it to go would fetch a page for every key.
  window.history.replaceState(null, '', ahead);
}

/** The router is somewhere: caught up, still on the way through our own addresses, or elsewhere. */
function routed(address: string): void {
  if (ahead !== null && (address === ahead || !ours.has(address))) settle();
  tell();
}

function subscribe(listener: () => void): () => void {
  const back = (): void => {
    settle();
    listener();
  };
  listeners.add(listener);
  window.addEventListener('popstate', back);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', back);
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
  useEffect(() => routed(asRouted), [asRouted]);
  return useSyncExternalStore(subscribe, addressNow, () => asRouted);
}
