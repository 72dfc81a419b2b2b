import Link from 'next/link';
import type { ReactNode } from 'react';
import Server from 'lucide-react/icons/server';
import ShieldCheck from 'lucide-react/icons/shield-check';
import User from 'lucide-react/icons/user';
import { Status } from '@/components/ui/Status';
import type { ServerRow } from '@/lib/domain/directory';
import { spanWords, whenWords } from '@/lib/domain/timeline/time-words';
import { type AdminData, AdminPage, NoneYet } from './AdminPage';

export interface ServersView {
  readonly servers: readonly ServerRow[];
}

export interface ServersScreenProps {
  readonly data: AdminData<ServersView>;
  /** The server's clock. */
  readonly now: number;
  readonly onRetry: () => void;
}

/** The servers of the configuration file. They are not changed from a browser. */
export function ServersScreen({ data, now, onRetry }: ServersScreenProps): ReactNode {
  return (
    <AdminPage
      title="Servers"
      count={data.is === 'ready' ? data.value.servers.length : null}
      data={data}
      onRetry={onRetry}
    >
      {({ servers }) => (
        <>
          {servers.length === 0 ? (
            <NoneYet icon={Server} title="No server is configured">
              Add one to <code className="mono">mcp.json</code> under <code className="mono">mcpServers</code> and start
              Holdpoint again.
            </NoneYet>
          ) : (
            <ServersTable servers={servers} now={now} />
          )}
          <p className="t2 sv-rules">
            Which of their tools run at once, wait for a person or are refused is said by the{' '}
            <Link href="/rules">rules</Link>.
          </p>
        </>
      )}
    </AdminPage>
  );
}

function ServersTable({ servers, now }: { readonly servers: readonly ServerRow[]; readonly now: number }): ReactNode {
  return (
    <table className="table ad ad-servers">
      <thead>
        <tr>
          <th scope="col">Server</th>
          <th scope="col">Where</th>
          <th scope="col">Trust</th>
          <th scope="col" className="r">
            Connections
          </th>
          <th scope="col">Last error</th>
        </tr>
      </thead>
      <tbody>
        {servers.map((server) => (
          <tr key={server.name}>
            <td>
              <span className="medium">{server.name}</span>
              <span className="meta ad-sub">
                {server.transport === 'http' ? 'Streamable HTTP' : 'stdio, a process of ours'}
              </span>
            </td>
            <td className="mono t2 ad-where">{server.where}</td>
            <td>
              {server.trusted ? (
                <Status icon={ShieldCheck} tone="ok">
                  trusted
                </Status>
              ) : (
                <Status icon={User}>not trusted</Status>
              )}
            </td>
            <td className="r num">
              {server.liveConnections === 0 ? <span className="t3">none</span> : `${server.liveConnections} live`}
            </td>
            <td className="ad-err">
              {server.lastError === null ? (
                <span className="t3">none</span>
              ) : (
                <>
                  <span className="danger-text">{server.lastError.message}</span>
                  <span className="meta ad-sub" title={whenWords(server.lastError.at, now)}>
                    {spanWords(now - server.lastError.at)} ago
                  </span>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
