import type { ReactNode } from 'react';
import CircleCheck from 'lucide-react/icons/circle-check';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '@/components/ui/Icon';
import type { EndManyPreview } from '@/lib/domain/end-many';
import { plainLine } from '@/lib/domain/form/plain-text';
import { countOf } from '@/lib/domain/timeline/end-step-words';

interface Props {
  readonly preview: EndManyPreview;
  readonly reason: string;
}

/** What ending many does, by what people must know: unknown effects first. */
export function EndManyEffects({ preview, reason }: Props): ReactNode {
  return (
    <>
      <Calls preview={preview} />
      <Requests preview={preview} />
      <Connections preview={preview} />
      <h3 className="h">Agents will be told</h3>
      <ul className="end-told">
        {preview.told.map(({ message, agents, sessions }) => (
          <li key={message}>
            <p className="meta">
              {countOf(sessions, 'session')} of {agents.join(', ')}
            </p>
            <p className="told mono">
              {message.replaceAll('{reason}', () => (reason === '' ? '…your reason…' : reason))}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Calls({ preview }: Pick<Props, 'preview'>): ReactNode {
  const { unknown, harmless, held } = preview;
  const inAll = unknown.reduce((sum, { calls }) => sum + calls, 0);
  if (inAll + harmless + held === 0) return <p className="t2">No call is open, so nothing is cut off.</p>;
  return (
    <>
      <h3 className="h">
        Calls <span className="count">{inAll + harmless + held} open</span>
      </h3>
      <ul className="eff">
        {unknown.map(({ server, tool, calls }) => (
          <li key={`${server} ${tool}`}>
            <span className="st danger">
              <Icon of={TriangleAlert} size="sm" />
            </span>
            <p>
              <span className="mono medium">{tool}</span> <span className="t3">on {server}, in flight</span>
            </p>
            <span className="tag danger">{countOf(calls, 'effect')} unknown</span>
          </li>
        ))}
        {harmless === 0 ? null : (
          <Fine words={`${countOf(harmless, 'read-only call')}: cancel is sent, nothing to undo`} />
        )}
        {held === 0 ? null : <Fine words={`${countOf(held, 'held call')}: rejected before sending`} />}
      </ul>
    </>
  );
}

function Fine({ words }: { readonly words: string }): ReactNode {
  return (
    <li>
      <span className="st ok">
        <Icon of={CircleCheck} size="sm" />
      </span>
      <p className="t2">{words}</p>
      <span className="tag ok">no effect</span>
    </li>
  );
}

function Requests({ preview }: Pick<Props, 'preview'>): ReactNode {
  const { requests, requestsTotal } = preview;
  if (requestsTotal === 0) return null;
  return (
    <>
      <h3 className="h">
        Open requests <span className="count">{requestsTotal}, withdrawn</span>
      </h3>
      <ul className="eff two">
        {requests.map(({ title, agent, answering }, at) => (
          <li key={`${at} ${title}`}>
            <span />
            <p>
              {plainLine(title)} <span className="t3">for {agent}</span>
            </p>
            <span className={answering === null ? 'meta' : 'tag person'}>
              {answering === null ? 'nobody on it' : `${answering} is answering`}
            </span>
          </li>
        ))}
        {requestsTotal > requests.length ? (
          <li>
            <span />
            <p className="t3">and {requestsTotal - requests.length} more</p>
          </li>
        ) : null}
      </ul>
    </>
  );
}

function Connections({ preview }: Pick<Props, 'preview'>): ReactNode {
  if (preview.connections.length === 0) return null;
  return (
    <>
      <h3 className="h">Connections</h3>
      <ul className="ends">
        {preview.connections.map(({ server, transport, count }) => (
          <li key={`${server} ${transport}`}>
            <b className="medium">{server}</b>{' '}
            <span className="t2">
              {transport === 'http'
                ? `DELETE is sent to ${countOf(count, 'session')} of it.`
                : `${count === 1 ? 'Its process is' : `${count} processes are`} ended, with all their children.`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
