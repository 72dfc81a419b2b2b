import type { ReactNode } from 'react';
import Ban from 'lucide-react/icons/ban';
import Check from 'lucide-react/icons/check';
import Server from 'lucide-react/icons/server';
import ShieldCheck from 'lucide-react/icons/shield-check';
import User from 'lucide-react/icons/user';
import { Icon } from '@/components/ui/Icon';
import { Status } from '@/components/ui/Status';
import type { ServerRow } from '@/lib/domain/directory';
import type { PolicyDecision, PolicyRule } from '@/lib/domain/policy';
import { spanWords, whenWords } from '@/lib/domain/timeline/time-words';
import { type AdminData, AdminPage, NoneYet } from './AdminPage';

export interface ServersView {
  readonly servers: readonly ServerRow[];
  readonly rules: readonly PolicyRule[];
}

export interface ServersScreenProps {
  readonly data: AdminData<ServersView>;
  /** The server's clock. */
  readonly now: number;
  readonly onRetry: () => void;
}

/** The servers and rules of the configuration file. Neither is changed from a browser. */
export function ServersScreen({ data, now, onRetry }: ServersScreenProps): ReactNode {
  return (
    <AdminPage
      title="Servers"
      count={data.is === 'ready' ? data.value.servers.length : null}
      data={data}
      onRetry={onRetry}
    >
      {({ servers, rules }) => (
        <>
          {servers.length === 0 ? (
            <NoneYet icon={Server} title="No server is configured">
              Add one to <code className="mono">mcp.json</code> under <code className="mono">mcpServers</code> and start
              Holdpoint again.
            </NoneYet>
          ) : (
            <ServersTable servers={servers} now={now} />
          )}
          <RulesSection rules={rules} />
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

const decisions: {
  readonly [D in PolicyDecision]: {
    readonly icon: typeof Check;
    readonly tone: 'ok' | 'person' | 'danger';
    readonly words: string;
  };
} = {
  allow: { icon: Check, tone: 'ok', words: 'allow' },
  hold: { icon: User, tone: 'person', words: 'hold for a person' },
  deny: { icon: Ban, tone: 'danger', words: 'deny' },
};

function RulesSection({ rules }: { readonly rules: readonly PolicyRule[] }): ReactNode {
  return (
    <section className="ad-rules" aria-label="Rules">
      <h2 className="ad-h">
        Rules <span className="count">{rules.length === 0 ? '' : rules.length}</span>
      </h2>
      <p className="t2 ad-lead">
        A rule that denies wins wherever it stands. Otherwise the first rule that matches decides. When none matches,
        what is read-only on a trusted server is allowed, and a person is asked about the rest.
      </p>
      <ol className="ad-list">
        {rules.map((rule, index) => (
          <RuleLine key={rule.id} rule={rule} place={String(index + 1)} />
        ))}
        <li className="ad-rule default">
          <span className="mono t3 num">{rules.length + 1}</span>
          <span>
            <span className="medium">default</span>
            <span className="meta ad-sub">read-only on a trusted server</span>
          </span>
          <Decision of="allow" />
          <span className="t2" />
        </li>
        <li className="ad-rule default">
          <span className="mono t3 num">{rules.length + 2}</span>
          <span>
            <span className="medium">default</span>
            <span className="meta ad-sub">every other call</span>
          </span>
          <Decision of="hold" />
          <span className="t2" />
        </li>
      </ol>
    </section>
  );
}

function Decision({ of }: { readonly of: PolicyDecision }): ReactNode {
  const look = decisions[of];
  return (
    <span className={`tag ${look.tone}`}>
      <Icon of={look.icon} size="xs" />
      {look.words}
    </span>
  );
}

function RuleLine({ rule, place }: { readonly rule: PolicyRule; readonly place: string }): ReactNode {
  const deadline =
    rule.decision === 'hold' && rule.deadlineMs !== null ? `A person has ${spanWords(rule.deadlineMs)}.` : '';
  return (
    <li className="ad-rule">
      <span className="mono t3 num">{place}</span>
      <span>
        <span className="medium">{rule.id}</span>
        <span className="meta ad-sub">{whenOf(rule)}</span>
      </span>
      <Decision of={rule.decision} />
      <span className="t2">{[rule.reason ?? '', deadline].filter((part) => part !== '').join(' ')}</span>
    </li>
  );
}

/** A rule's conditions as one line: "tool delete_* on sandbox-*, destructive". */
function whenOf(rule: PolicyRule): string {
  const { readOnly, destructive, idempotent } = rule.annotations;
  const marks = [
    flagWords(readOnly, { yes: 'read-only', no: 'not read-only' }),
    flagWords(destructive, { yes: 'destructive', no: 'not destructive' }),
    flagWords(idempotent, { yes: 'safe to repeat', no: 'not safe to repeat' }),
  ].filter((mark) => mark !== null);
  const tool = rule.tool === null ? 'every tool' : `tool ${rule.tool}`;
  const server = rule.server === null ? 'any server' : rule.server;
  return [`${tool} on ${server}`, ...marks].join(', ');
}

function flagWords(flag: boolean | undefined, words: { readonly yes: string; readonly no: string }): string | null {
  if (flag === undefined) return null;
  return flag ? words.yes : words.no;
}
