import type { ReactNode } from 'react';

/** A key, drawn beside the words that name its action; hidden on a phone. */
export function Kbd({ children }: { readonly children: string }): ReactNode {
  return (
    <kbd className="kbd" aria-hidden="true">
      {children}
    </kbd>
  );
}
