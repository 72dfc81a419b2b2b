'use client';

import { type ReactNode, useState } from 'react';
import Ban from 'lucide-react/icons/ban';
import Bot from 'lucide-react/icons/bot';
import Check from 'lucide-react/icons/check';
import Plus from 'lucide-react/icons/plus';
import { Button } from '@/components/ui/Button';
import { KeyButton } from '@/components/ui/KeyButton';
import { Status } from '@/components/ui/Status';
import type { AgentRow, PersonRow } from '@/lib/domain/directory';
import type { AgentId, PersonId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import { ageWords, dayTime, whenWords } from '@/lib/domain/timeline/time-words';
import { adminKeys } from './admin-keys';
import { type AdminData, AdminPage, NoneYet } from './AdminPage';
import { AgentDialog, type MadeAgent, type NewAgent } from './AgentDialog';
import { ConfirmDialog } from './ConfirmDialog';
import { OwnerDialog } from './OwnerDialog';

export interface AgentsScreenProps {
  readonly data: AdminData<readonly AgentRow[]>;
  /** Names of the configured servers, to choose from. */
  readonly servers: readonly string[];
  /** Where agents reach Holdpoint, without a path. */
  readonly baseUrl: string;
  /** To choose owners from. */
  readonly people: readonly PersonRow[];
  /** The person who looks. */
  readonly me: PersonId;
  readonly now: number;
  readonly onCreate: (agent: NewAgent) => Promise<Result<MadeAgent>>;
  readonly onRevoke: (id: AgentId) => Promise<Result<unknown>>;
  readonly onSetOwner: (id: AgentId, owner: PersonId | null) => Promise<Result<unknown>>;
  /** What pauses the agent, or lifts that. */
  readonly pauseOf: (agent: AgentRow) => ReactNode;
  readonly onRetry: () => void;
}

type Doing = { readonly is: 'nothing' | 'creating' } | { readonly is: 'revoking' | 'owning'; readonly agent: AgentRow };

export function AgentsScreen(props: AgentsScreenProps): ReactNode {
  const { data, now, onRetry } = props;
  const [doing, setDoing] = useState<Doing>({ is: 'nothing' });
  const create = (
    <KeyButton of={adminKeys.newAgent} icon={Plus} look="primary" onClick={() => setDoing({ is: 'creating' })}>
      New agent
    </KeyButton>
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
            <AgentsTable
              agents={agents}
              now={now}
              pauseOf={props.pauseOf}
              onRevoke={(agent) => setDoing({ is: 'revoking', agent })}
              onOwner={(agent) => setDoing({ is: 'owning', agent })}
            />
          )}
          <AgentDoing {...props} doing={doing} onClose={() => setDoing({ is: 'nothing' })} />
        </>
      )}
    </AdminPage>
  );
}

interface AgentDoingProps extends AgentsScreenProps {
  readonly doing: Doing;
  readonly onClose: () => void;
}

function AgentDoing({
  doing,
  servers,
  baseUrl,
  people,
  me,
  onCreate,
  onRevoke,
  onSetOwner,
  onClose,
}: AgentDoingProps): ReactNode {
  switch (doing.is) {
    case 'nothing':
      return null;
    case 'creating':
      return (
        <AgentDialog
          servers={servers}
          baseUrl={baseUrl}
          people={people}
          me={me}
          onCreate={onCreate}
          onClose={onClose}
        />
      );
    case 'owning':
      return (
        <OwnerDialog
          agent={doing.agent}
          people={people}
          me={me}
          onSave={(owner) => onSetOwner(doing.agent.id, owner)}
          onClose={onClose}
        />
      );
    case 'revoking':
      return (
        <ConfirmDialog
          title={`Revoke the key of ${doing.agent.name}?`}
          verb="Revoke key"
          keep="Keep the key"
          act={() => onRevoke(doing.agent.id)}
          onClose={onClose}
        >
          Its next request is refused. Sessions it has open stay until they end or an admin ends them. This cannot be
          undone; a new key takes a new agent.
        </ConfirmDialog>
      );
  }
}

interface AgentsTableProps {
  readonly agents: readonly AgentRow[];
  readonly now: number;
  readonly pauseOf: (agent: AgentRow) => ReactNode;
  readonly onRevoke: (agent: AgentRow) => void;
  readonly onOwner: (agent: AgentRow) => void;
}

function AgentsTable({ agents, ...line }: AgentsTableProps): ReactNode {
  return (
    <table className="table ad ad-agents">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Key</th>
          <th scope="col">Servers</th>
          <th scope="col">Owner</th>
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
          <AgentLine key={agent.id} agent={agent} {...line} />
        ))}
      </tbody>
    </table>
  );
}

interface AgentLineProps extends Omit<AgentsTableProps, 'agents'> {
  readonly agent: AgentRow;
}

function AgentLine({ agent, now, pauseOf, onRevoke, onOwner }: AgentLineProps): ReactNode {
  const active = agent.revokedAt === null;
  return (
    <tr className={active ? '' : 'off'}>
      <td className="medium ad-name">{agent.name}</td>
      <td className="mono t2">{agent.keyStart}…</td>
      <td className="t2 ad-servers-cell">{agent.servers === null ? 'all' : agent.servers.join(', ')}</td>
      <td>{agent.owner === null ? <span className="t3">nobody</span> : agent.owner.name}</td>
      <td className="num t2">{dayTime(agent.createdAt, now)}</td>
      <td className="num t2" title={agent.lastUsedAt === null ? undefined : whenWords(agent.lastUsedAt, now)}>
        {agent.lastUsedAt === null ? <span className="t3">never</span> : `${ageWords(now - agent.lastUsedAt)} ago`}
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
        {active ? (
          <span className="ad-acts">
            {pauseOf(agent)}
            <Button size="sm" aria-label={`Change the owner of ${agent.name}`} onClick={() => onOwner(agent)}>
              Owner
            </Button>
            <Button
              size="sm"
              look="danger"
              aria-label={`Revoke the key of ${agent.name}`}
              onClick={() => onRevoke(agent)}
            >
              Revoke
            </Button>
          </span>
        ) : null}
      </td>
    </tr>
  );
}
