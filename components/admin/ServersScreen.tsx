'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import Plus from 'lucide-react/icons/plus';
import Server from 'lucide-react/icons/server';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { KeyButton } from '@/components/ui/KeyButton';
import { Tag } from '@/components/ui/Tag';
import type { ServerRow } from '@/lib/domain/directory';
import { spanWords, whenWords } from '@/lib/domain/timeline/time-words';
import { adminKeys } from './admin-keys';
import { type AdminData, AdminPage, NoneYet } from './AdminPage';
import { sourceWords, StateMark, TrustMark } from './servers/ServerMarks';
import { ServerDialog } from './servers/ServerDialog';
import type { ServersDesk } from './servers/server-props';

export interface ServersView {
  readonly servers: readonly ServerRow[];
}

export interface ServersScreenProps {
  readonly data: AdminData<ServersView>;
  /** The server's clock. */
  readonly now: number;
  readonly desk: ServersDesk;
  /** Whether it is paused, and the control for that. */
  readonly pauseOf: (server: string) => ReactNode;
  readonly onRetry: () => void;
}

export function serverHref(name: string): string {
  return `/servers/${encodeURIComponent(name)}`;
}

/** Every server at a glance: the file's and those added here. */
export function ServersScreen({ data, now, desk, pauseOf, onRetry }: ServersScreenProps): ReactNode {
  const [adding, setAdding] = useState<'open' | 'closed'>('closed');
  const router = useRouter();
  const add = (
    <KeyButton of={adminKeys.newServer} size="sm" look="primary" icon={Plus} onClick={() => setAdding('open')}>
      Add server
    </KeyButton>
  );
  return (
    <AdminPage
      title="Servers"
      count={data.is === 'ready' ? data.value.servers.length : null}
      data={data}
      action={add}
      onRetry={onRetry}
    >
      {({ servers }) => (
        <>
          {servers.length === 0 ? (
            <NoneYet icon={Server} title="No server is configured" actions={add}>
              Add one here, or to <code className="mono">mcp.json</code> under <code className="mono">mcpServers</code>,
              which also may name programs to start.
            </NoneYet>
          ) : (
            <ServersTable servers={servers} now={now} pauseOf={pauseOf} />
          )}
          <p className="t2 sv-rules">
            Which of their tools run at once, wait for a person or are refused is said by the{' '}
            <Link href="/rules">rules</Link>.
          </p>
          {adding === 'open' ? (
            <ServerDialog
              of={null}
              desk={desk}
              onSaved={(name) => router.push(serverHref(name))}
              onClose={() => setAdding('closed')}
            />
          ) : null}
        </>
      )}
    </AdminPage>
  );
}

function ServersTable({ servers, now, pauseOf }: Pick<ServersScreenProps, 'now' | 'pauseOf'> & ServersView): ReactNode {
  return (
    <table className="table ad ad-servers">
      <thead>
        <tr>
          <th scope="col">Server</th>
          <th scope="col">State</th>
          <th scope="col">Where</th>
          <th scope="col" className="r">
            Connections
          </th>
          <th scope="col">Last error</th>
          <th scope="col">
            <span className="sr">Pause</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {servers.map((server) => (
          <ServerLine key={`${server.name} ${server.state}`} server={server} now={now} pause={pauseOf(server.name)} />
        ))}
      </tbody>
    </table>
  );
}

function ServerLine({
  server,
  now,
  pause,
}: {
  readonly server: ServerRow;
  readonly now: number;
  readonly pause: ReactNode;
}): ReactNode {
  const { name, state, liveConnections, lastError, waiting } = server;
  return (
    <tr>
      <td>
        <Link className="medium" href={serverHref(name)}>
          {name}
        </Link>
        <span className="meta ad-sub">{sourceWords(server)}</span>
        {waiting === 0 ? null : (
          <Tag tone="person" icon={TriangleAlert}>
            {waiting === 1 ? '1 tool changed' : `${waiting} tools changed`}
          </Tag>
        )}
      </td>
      <td>
        <StateMark state={state} />
        <span className="ad-sub">
          <TrustMark trusted={server.trusted} />
        </span>
      </td>
      <td className="mono t2 ad-where">{server.where}</td>
      <td className="r num">
        {liveConnections === 0 ? (
          <span className="t3">none</span>
        ) : (
          `${liveConnections} ${state === 'away' ? 'not live' : 'live'}`
        )}
      </td>
      <td className="ad-err">
        {lastError === null ? (
          <span className="t3">none</span>
        ) : (
          <>
            <span className="danger-text">{lastError.message}</span>
            <span className="meta ad-sub" title={whenWords(lastError.at, now)}>
              {spanWords(now - lastError.at)} ago
            </span>
          </>
        )}
      </td>
      <td className="r">{state === 'removed' || state === 'unusable' ? null : pause}</td>
    </tr>
  );
}
