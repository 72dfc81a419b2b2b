import type { ReactNode } from 'react';
import { Banners } from '@/components/shell/Banners';
import { Mark } from '@/components/shell/Mark';
import type { Connection } from '@/components/shell/shell-props';
import { Bone, Skeleton } from '@/components/ui/Skeleton';

export interface DeskOpeningProps {
  readonly connection: Connection;
  /** Null before the page runs. */
  readonly onRetry: (() => void) | null;
}

/** The desk before it is known who sits at it: what the served page shows, and what stays while the server is away. */
export function DeskOpening({ connection, onRetry }: DeskOpeningProps): ReactNode {
  return (
    <div className="app" data-view="screen">
      <nav className="nav" aria-label="Main">
        <div className="nav-head">
          <Mark />
          <span className="cut">Holdpoint</span>
        </div>
      </nav>
      <div className="main">
        {onRetry === null ? null : <Banners connection={connection} storage="ok" onRetry={onRetry} />}
        <main className="screen" id="main" aria-busy="true">
          <Skeleton label="Opening Holdpoint">
            <div className="stack">
              <Bone width="38%" height="16px" />
              <Bone width="64%" />
              <Bone width="52%" />
              <Bone width="58%" />
            </div>
          </Skeleton>
        </main>
      </div>
    </div>
  );
}
