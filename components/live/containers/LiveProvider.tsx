'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { LiveContext } from '../hooks';
import { Live } from '../live';
import { createSocketWire } from '../socket';
import { browserSurroundings } from '../surroundings';

/** One live part for all pages of the desk; it ends with them. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [live] = useState(() => new Live(createSocketWire(), browserSurroundings()));
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
