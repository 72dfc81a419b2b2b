'use client';

import { type ReactNode, useEffect, useState } from 'react';
import Play from 'lucide-react/icons/play';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Diff } from '@/components/request/Diff';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import { Tree } from '@/components/ui/Tree';
import { visibleText } from '@/components/ui/visible-text';
import type { ServerRow } from '@/lib/domain/directory';
import type { Result } from '@/lib/domain/refusal';
import type { ToolRow, ToolVersion } from '@/lib/domain/server';
import { whenWords } from '@/lib/domain/timeline/time-words';
import type { TreeChoices } from '@/components/ui/tree-model';
import type { ServersDesk } from './server-props';
import { AcceptButton } from './AcceptButton';
import { cutDetail, cutOf, cutWords } from './offer-words';
import { TryDialog } from './TryDialog';

export interface ToolDialogProps {
  readonly server: ServerRow;
  readonly tool: ToolRow;
  readonly now: number;
  readonly desk: ServersDesk;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

type Read = Result<{ readonly versions: readonly ToolVersion[] }>;

/** Read when it opens, and again when it changed or was accepted; null until then. */
function useVersions({ desk, server, tool }: ToolDialogProps): Read | null {
  const [read, setRead] = useState<Read | null>(null);
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    const put = (next: Read): void => {
      if (state === 'wanted') setRead(next);
    };
    const away = {
      ok: false,
      code: 'cannot_save',
      message: 'It could not be read. Close this and try again.',
    } as const;
    desk.tool(server.name, tool.tool).then(put, () => put(away));
    return () => {
      state = 'left';
    };
  }, [desk, server.name, tool.tool, tool.digest, tool.standing]);
  return read;
}

/** One tool: what changed of it, its definition whole, and every definition before. */
export function ToolDialog(props: ToolDialogProps): ReactNode {
  const { server, tool, now, desk, onChanged, onClose } = props;
  const read = useVersions(props);
  const [trying, setTrying] = useState<'open' | 'closed'>('closed');
  const versions = read?.ok === true ? read.value.versions : [];
  const current = versions.find(({ digest }) => digest === tool.digest) ?? null;
  const waits = tool.standing !== 'accepted';
  const isTaskOnly = tool.offer?.is === 'left_out' && tool.offer.why === 'task_only';
  const canTry =
    current?.definition !== null &&
    current !== null &&
    server.state !== 'removed' &&
    tool.offered !== false &&
    !isTaskOnly;
  if (trying === 'open' && current?.definition)
    return (
      <TryDialog
        server={server.name}
        tool={tool.tool}
        definition={current.definition}
        desk={desk}
        onClose={() => setTrying('closed')}
      />
    );
  return (
    <Dialog
      title={visibleText(tool.tool)}
      size="lg"
      onClose={onClose}
      footer={
        <>
          {canTry ? (
            <Button size="lg" icon={Play} onClick={() => setTrying('open')}>
              Try by hand
            </Button>
          ) : null}
          <span className="grow" />
          <Button size="lg" hint="Esc" onClick={onClose}>
            Close
          </Button>
          {waits && current?.definition ? (
            <AcceptButton server={server.name} tool={tool} desk={desk} onAccepted={onChanged} />
          ) : null}
        </>
      }
    >
      {read === null ? <p className="t3">Reading</p> : null}
      {read?.ok === false ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {read.message}
        </Note>
      ) : null}
      {current === null ? null : <Current tool={tool} version={current} />}
      {versions.length < 2 ? null : <Versions versions={versions} current={tool.digest} now={now} />}
    </Dialog>
  );
}

function Current({ tool, version }: { readonly tool: ToolRow; readonly version: ToolVersion }): ReactNode {
  const [choices, setChoices] = useState<TreeChoices>(new Map());
  const waits = tool.standing !== 'accepted';
  return (
    <>
      {waits ? (
        <Note icon={TriangleAlert} tone="person">
          Not what was accepted: its {tool.changed === '' ? 'definition' : tool.changed} changed. Its calls wait for a
          person until an admin accepts it.
        </Note>
      ) : null}
      <CutNote tool={tool} />
      {waits && version.change !== null ? <ChangeView change={version.change} /> : null}
      {version.definition === null ? (
        <p className="t2">
          This definition is {version.bytes.toLocaleString('en-US')} bytes, more than is kept. It cannot be shown, so it
          cannot be accepted, and it cannot be tried from here.
        </p>
      ) : (
        <section className="sv-definition">
          <h3 className="ad-h">Definition</h3>
          <Tree value={version.definition} choices={choices} onChoices={setChoices} />
        </section>
      )}
    </>
  );
}

function CutNote({ tool }: { readonly tool: ToolRow }): ReactNode {
  const cut = cutOf(tool.offer);
  if (cut === null || tool.offered === false) return null;
  const { why, todo } = cutWords(cut);
  const detail = cutDetail(cut);
  return (
    <Note icon={TriangleAlert}>
      <p className="medium">{cut.is === 'left_out' ? 'Not listed for agents' : 'Listed without its output schema'}</p>
      <p>{why}</p>
      {detail === null ? null : <p className="mono sv-words">{detail}</p>}
      <p>{todo}</p>
    </Note>
  );
}

function ChangeView({ change }: { readonly change: NonNullable<ToolVersion['change']> }): ReactNode {
  return (
    <section>
      <h3 className="ad-h">What changed</h3>
      <Diff changes={change.changes} />
      {change.more === 0 ? null : (
        <p className="meta">And {change.more} more places; the whole definition stands below.</p>
      )}
    </section>
  );
}

function Versions({
  versions,
  current,
  now,
}: {
  readonly versions: readonly ToolVersion[];
  readonly current: string;
  readonly now: number;
}): ReactNode {
  return (
    <section>
      <h3 className="ad-h">Definitions seen</h3>
      <ul className="sv-versions">
        {versions.map((version) => (
          <li key={version.digest}>
            <details>
              <summary>
                <span className="medium">first seen {whenWords(version.firstSeenAt, now)}</span>
                <span className="meta"> {acceptedWords(version, now)}</span>
                {version.digest === current ? <span className="meta"> · given now</span> : null}
              </summary>
              {version.change === null ? (
                <p className="t3">
                  {version.acceptedAt !== null && version.acceptedBy === null
                    ? 'The first that was seen.'
                    : 'It is too large to be compared.'}
                </p>
              ) : (
                <Diff changes={version.change.changes} />
              )}
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function acceptedWords({ acceptedAt, acceptedBy }: ToolVersion, now: number): string {
  if (acceptedAt === null) return 'never accepted';
  return acceptedBy === null
    ? 'accepted as the first of its tool'
    : `accepted by ${acceptedBy.name}, ${whenWords(acceptedAt, now)}`;
}
