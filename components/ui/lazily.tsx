'use client';

import { type ComponentType, createElement, lazy, type ReactNode, Suspense } from 'react';

const againMs = 3_000;

/**
 * A component whose code comes when it is first shown, and until then `waiting` in its place. Without a line it comes
 * once there is one. What every page brings uses this: `next/dynamic` would be 2 KB more of its first load.
 */
export function lazily<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: ReactNode = null,
): ComponentType<P> {
  const Loaded = lazy(async () => ({ default: await untilLoaded(load) }));
  return function Lazily(props: P): ReactNode {
    return <Suspense fallback={waiting}>{createElement(Loaded as ComponentType<P>, props)}</Suspense>;
  };
}

async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      // It could not be fetched: the banner says that there is no connection.
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}
