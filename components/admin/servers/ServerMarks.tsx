import type { ReactNode } from 'react';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDashed from 'lucide-react/icons/circle-dashed';
import CircleSlash from 'lucide-react/icons/circle-slash-2';
import ShieldCheck from 'lucide-react/icons/shield-check';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Unplug from 'lucide-react/icons/unplug';
import User from 'lucide-react/icons/user';
import { Status } from '@/components/ui/Status';
import type { ServerRow } from '@/lib/domain/directory';
import type { ServerState } from '@/lib/domain/server';

const marks: {
  readonly [S in ServerState]: {
    readonly icon: typeof CircleCheck;
    readonly tone: 'plain' | 'ok' | 'danger' | 'person';
    readonly words: string;
  };
} = {
  reachable: { icon: CircleCheck, tone: 'ok', words: 'reachable' },
  away: { icon: Unplug, tone: 'danger', words: 'away, tried again' },
  failing: { icon: TriangleAlert, tone: 'danger', words: 'failing' },
  unused: { icon: CircleDashed, tone: 'plain', words: 'not used since the start' },
  removed: { icon: CircleSlash, tone: 'person', words: 'removed, still open' },
  unusable: { icon: TriangleAlert, tone: 'danger', words: 'not in force' },
};

export function StateMark({ state }: { readonly state: ServerState }): ReactNode {
  const { icon, tone, words } = marks[state];
  return (
    <Status icon={icon} tone={tone}>
      {words}
    </Status>
  );
}

export function TrustMark({ trusted }: Pick<ServerRow, 'trusted'>): ReactNode {
  return trusted ? (
    <Status icon={ShieldCheck} tone="ok">
      trusted
    </Status>
  ) : (
    <Status icon={User}>not trusted</Status>
  );
}

export function sourceWords({ source, transport }: Pick<ServerRow, 'source' | 'transport'>): string {
  const where = source === 'file' ? 'from the file' : 'added here';
  return `${transport === 'http' ? 'Streamable HTTP' : 'stdio, a process of ours'} · ${where}`;
}
