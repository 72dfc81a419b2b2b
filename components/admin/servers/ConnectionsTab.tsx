import Link from 'next/link';
import type { ReactNode } from 'react';
import CircleCheck from 'lucide-react/icons/circle-check';
import Unplug from 'lucide-react/icons/unplug';
import { EmptyState } from '@/components/ui/EmptyState';
import type { LiveConnectionRow, ServerTrouble } from '@/lib/domain/server';
import { spanWords, whenWords } from '@/lib/domain/timeline/time-words';

const states = { opening: 'opening', ready: 'open', reattaching: 'being taken up again' } as const;

/** What is open on the server now, each with the session it is for. */
export function ConnectionsTab({
  connections,
  now,
}: {
  readonly connections: readonly LiveConnectionRow[];
  readonly now: number;
}): ReactNode {
  if (connections.length === 0)
    return (
      <EmptyState icon={Unplug} title="Nothing is open on this server">
        A connection is opened when an agent first asks for its tools.
      </EmptyState>
    );
  return (
    <table className="table ad sv-connections">
      <thead>
        <tr>
          <th scope="col">Session</th>
          <th scope="col">Agent</th>
          <th scope="col">Connection</th>
          <th scope="col" className="r">
            Open for
          </th>
        </tr>
      </thead>
      <tbody>
        {connections.map(({ connectionId, sessionId, agent, state, openedAt, openCalls }) => (
          <tr key={connectionId}>
            <td>
              <Link className="mono" href={`/sessions/${sessionId}`}>
                {sessionId}
              </Link>
            </td>
            <td>{agent}</td>
            <td>
              {states[state]}
              <span className="meta ad-sub">
                {openCalls === 0 ? 'no call runs' : openCalls === 1 ? '1 call runs' : `${openCalls} calls run`}
              </span>
            </td>
            <td className="r num">{spanWords(now - openedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What went wrong since the start, the newest first. */
export function ErrorsTab({
  troubles,
  now,
}: {
  readonly troubles: readonly ServerTrouble[];
  readonly now: number;
}): ReactNode {
  if (troubles.length === 0)
    return (
      <EmptyState icon={CircleCheck} tone="ok" title="Nothing went wrong">
        Since Holdpoint was started no connection to this server failed or was lost.
      </EmptyState>
    );
  return (
    <ul className="sv-errors">
      {troubles.map(({ at, message }, index) => (
        <li key={`${at} ${index}`}>
          <span className="meta num">{whenWords(at, now)}</span>
          <span className="danger-text">{message}</span>
        </li>
      ))}
    </ul>
  );
}
