import type { ReactNode } from 'react';

/** An address; the layout shows what is there. */
export default function RequestPage(): ReactNode {
  return null;
}
