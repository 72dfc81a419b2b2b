import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon';

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly tone?: 'plain' | 'ok';
  readonly title: string;
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
}

export function EmptyState({ icon, tone = 'plain', title, children, actions }: EmptyStateProps): ReactNode {
  return (
    <div className="blank">
      <span className={`glyph ${tone === 'ok' ? 'ok' : ''}`}>
        <Icon of={icon} />
      </span>
      <h2 className="blank-title">{title}</h2>
      {children === undefined ? null : <div className="blank-text">{children}</div>}
      {actions === undefined ? null : <div className="row wrap blank-actions">{actions}</div>}
    </div>
  );
}
