import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon';

export interface BannerProps {
  readonly icon: LucideIcon;
  readonly tone: 'person' | 'danger' | 'accent';
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** A strip over the page about the whole of it. */
export function Banner({ icon, tone, children, action }: BannerProps): ReactNode {
  return (
    <div className={`banner ${tone === 'person' ? '' : tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon of={icon} />
      <span className="grow">{children}</span>
      {action}
    </div>
  );
}
