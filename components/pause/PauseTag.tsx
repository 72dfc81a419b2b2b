import type { ReactNode } from 'react';
import PauseIcon from 'lucide-react/icons/pause';
import { Tag } from '@/components/ui/Tag';
import type { Pause } from '@/lib/domain/pause';

/** On a row of what is paused. */
export function PauseTag({ pause }: { readonly pause: Pause }): ReactNode {
  return (
    <Tag icon={PauseIcon} tone="person">
      {pause.target.kind === 'everything' ? 'everything is paused' : `paused by ${pause.by.name}`}
    </Tag>
  );
}
