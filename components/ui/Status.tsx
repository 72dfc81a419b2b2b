import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon';
import type { Tone } from './tone';

export interface StatusProps {
  readonly tone?: Tone;
  readonly icon: LucideIcon;
  readonly children: ReactNode;
}

/** Always an icon and words. */
export function Status({ tone = 'plain', icon, children }: StatusProps): ReactNode {
  return (
    <span className={`st ${tone === 'plain' ? '' : tone}`}>
      <Icon of={icon} size="sm" />
      {children}
    </span>
  );
}
