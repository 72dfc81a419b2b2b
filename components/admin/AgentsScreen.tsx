'use client';

import { type ReactNode, useState } from 'react';
import Ban from 'lucide-react/icons/ban';
import Bot from 'lucide-react/icons/bot';
import Check from 'lucide-react/icons/check';
import Plus from 'lucide-react/icons/plus';
import { Button } from '@/components/ui/Button';
import { Status } from '@/components/ui/Status';
import type { AgentRow } from '@/lib/domain/directory';
import type { AgentId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import { ageWords, dayTime, whenWords } from '@/lib/domain/timeline/time-words';
import { type AdminData, AdminPage, NoneYet } from './AdminPage';
import { AgentDialog, type MadeAgent, type NewAgent } from './AgentDialog';
import { ConfirmDialog } from './ConfirmDialog';

export interface AgentsScreenProps {
  readonly data: AdminData<readonly AgentRow[]>;
  /** Names of the configured servers, to choose from. */
  readonly servers: readonly string[];
  /** Where agents reach Holdpoint, without a path. */
  readonly baseUrl: string;
  readonly now: number;
  readonly onCreate: (agent: NewAgent) => Promise<Result<MadeAgent>>;
  readonly onRevoke: (id: AgentId) => Promise<Result<unknown>>;
  readonly onRetry: () => void;
}

export function AgentsScreen({
  data,
  servers,
  baseUrl,
  now,
  onCreate,
  onRevoke,
  onRetry,
}: AgentsScreenProps): ReactNode {
  const [creating, setCreating] = useState<'open' | 'closed'>('closed');
  const [revoking, setRevoking] = useState<AgentRow | null>(null);
  const create = (
    <Button icon={Plus} look="primary" onClick={() => setCreating('open')}>
      New agent
    </Button>
  );
  const live = data.is === 'ready' ? data.value.filter((agent) => agent.revokedAt === null).length : null;
  return (
    <AdminPage
      title="Agents"
      count={live}
      data={data}
      action={data.is === 'ready' && data.value.length > 0 ? create : undefined}
      onRetry={onRetry}
    >
      {(agents) => (
        <>
          {agents.length === 0 ? (
            <NoneYet icon={Bot} title="No agent yet" actions={create}>
              An agent is a program with a key. Make one, then point Claude Code, Cursor or your own client at
              Holdpoint.
            </NoneYet>
          ) : (
            <AgentsTable agents={agents} now={now} onRevoke={setRevoking} />
          )}
          {creating === 'open' ? (
            <AgentDialog
              servers={servers}
              baseUrl={baseUrl}
              onCreate={onCreate}
              onClose={() => setCreating('closed')}
            />
          ) : null}
          {revoking === null ? null : (
            <ConfirmDialog
              title={`Revoke the key of ${revoking.name}?`}
              verb="Revoke key"
              keep="Keep the key"
              act={() => onRevoke(revoking.id)}
              onClose={() => setRevoking(null)}
            >
              Its next request is refused. Sessions it has open stay until they end or an admin ends them. This cannot
              be undone; a new key takes a new agent.
            </ConfirmDialog>
          )}
        </>
      )}
    </AdminPage>
  );
}

interface AgentsTableProps {
  readonly agents: readonly AgentRow[];
  readonly now: number;
  readonly onRevoke: (agent: AgentRow) => void;
}

function AgentsTable({ agents, now, onRevoke }: AgentsTableProps): ReactNode {
  return (
    <table className="table ad ad-agents">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Key</th>
          <th scope="col">Servers</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          <th scope="col">State</th>
          <th scope="col">
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.id} className={agent.revokedAt === null ? '' : 'off'}>
            <td className="medium ad-name">{agent.name}</td>
            <td className="mono t2">{agent.keyStart}…</td>
            <td className="t2 ad-servers-cell">{agent.servers === null ? 'all' : agent.servers.join(', ')}</td>
            <td className="num t2">{dayTime(agent.createdAt, now)}</td>
            <td className="num t2" title={agent.lastUsedAt === null ? undefined : whenWords(agent.lastUsedAt, now)}>
              {agent.lastUsedAt === null ? (
                <span className="t3">never</span>
              ) : (
                `${ageWords(now - agent.lastUsedAt)} ago`
              )}
            </td>
            <td>
              {agent.revokedAt === null ? (
                <Status icon={Check} tone="ok">
                  active
                </Status>
              ) : (
                <Status icon={Ban}>revoked {dayTime(agent.revokedAt, now)}</Status>
              )}
            </td>
            <td className="r">
              {agent.revokedAt === null ? (
                <Button
                  size="sm"
                  look="danger"
                  aria-label={`Revoke the key of ${agent.name}`}
                  onClick={() => onRevoke(agent)}
                >
                  Revoke
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
