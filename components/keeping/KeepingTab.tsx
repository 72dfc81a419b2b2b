'use client';

import type { ReactNode } from 'react';
import type { KeepingDesk, KeepingView } from './keeping-props';
import { MaskingSection } from './MaskingSection';
import { RetentionSection } from './RetentionSection';

export interface KeepingTabProps {
  readonly view: KeepingView;
  readonly now: number;
  readonly desk: KeepingDesk;
}

/** For admins: what is masked, and how long things are kept. */
export function KeepingTab({ view, now, desk }: KeepingTabProps): ReactNode {
  return (
    <div className="st-pad kp">
      <MaskingSection masking={view.masking} desk={desk} />
      <RetentionSection retention={view.retention} lastPurge={view.lastPurge} now={now} desk={desk} />
    </div>
  );
}
