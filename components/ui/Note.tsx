import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon';

export interface NoteProps {
  readonly icon: LucideIcon;
  readonly tone?: 'plain' | 'person' | 'danger' | 'ok' | 'accent';
  /** Set when it appears by itself and should be read aloud. */
  readonly live?: 'status' | 'alert';
  readonly children: ReactNode;
}

export function Note({ icon, tone = 'plain', live, children }: NoteProps): ReactNode {
  return (
    <div className={`note ${tone === 'plain' ? '' : tone}`} role={live}>
      <Icon of={icon} size="sm" />
      <div className="grow">{children}</div>
    </div>
  );
}
