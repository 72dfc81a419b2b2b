import type { ReactNode } from 'react';

/** An address; the layout shows what is there. */
export default function QueuePage(): ReactNode {
  return null;
}
