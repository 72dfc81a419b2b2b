import type { ReactNode } from 'react';

/** Under a screen's bar while the line is away, which a banner over the page says: as of when this screen is. */
export function OfflineLine({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p className="offline-line" role="status">
      {children}
    </p>
  );
}
