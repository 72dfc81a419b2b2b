import type { ReactNode } from 'react';
import { Mark } from '@/components/shell/Mark';

export interface DoorFrameProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** The one column of the pages before the queue. */
export function DoorFrame({ title, children }: DoorFrameProps): ReactNode {
  return (
    <main className="door">
      <div className="door-brand">
        <Mark />
        Holdpoint
      </div>
      <section className="door-card" aria-labelledby="door-title">
        <h1 id="door-title" className="door-title">
          {title}
        </h1>
        {children}
      </section>
      <p className="hint door-foot">The place where AI agents’ tool calls wait for people.</p>
    </main>
  );
}
