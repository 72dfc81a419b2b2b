import type { ReactNode } from 'react';
import PauseIcon from 'lucide-react/icons/pause';
import { Tag } from '@/components/ui/Tag';
import type { Pause } from '@/lib/domain/pause';

/** On the row of a session: its agent or one of its servers is paused. Its page says by whom and why. */
export function SessionPauseTag({ pauses }: { readonly pauses: readonly Pause[] }): ReactNode {
  const [first] = pauses;
  if (first === undefined) return null;
  const agent = pauses.some(({ target }) => target.kind === 'agent');
  const servers = pauses.flatMap(({ target }) => (target.kind === 'server' ? [target.server] : []));
  const words = [
    agent ? 'agent' : null,
    servers.length === 1 ? servers[0] : servers.length === 0 ? null : `${servers.length} servers`,
  ];
  const why = pauses.map(({ by, reason }) => `${by.name}: “${reason}”`).join('; ');
  return (
    <span className="ss-paused" title={why}>
      <Tag icon={PauseIcon} tone="person">
        {words.filter((word) => word !== null).join(', ')} paused
      </Tag>
    </span>
  );
}
