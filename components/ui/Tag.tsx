import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon';
import type { Tone } from './tone';

export interface TagProps {
  readonly tone?: Tone | 'accent';
  readonly icon?: LucideIcon;
  readonly look?: 'words' | 'code';
  readonly children: ReactNode;
}

export function Tag({ tone = 'plain', icon, look = 'words', children }: TagProps): ReactNode {
  return (
    <span className={`tag ${tone === 'plain' ? '' : tone} ${look === 'code' ? 'mono' : ''}`}>
      {icon === undefined ? null : <Icon of={icon} size="xs" />}
      <span className="cut">{children}</span>
    </span>
  );
}
