'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Pencil from 'lucide-react/icons/pencil';
import Plug from 'lucide-react/icons/plug';
import Trash2 from 'lucide-react/icons/trash-2';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Refused } from '@/components/settings/FormButtons';
import { Button } from '@/components/ui/Button';
import { CouldNotRead, MayNotRead } from '@/components/ui/Unread';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import type { ServerPage, ServerTest } from '@/lib/domain/server';
import type { AdminData } from '../AdminPage';
import { ConfirmDialog } from '../ConfirmDialog';
import { TabRow } from '../TabRow';
import { type ActionState, useAction } from '../use-action';
import { ConnectionsTab, ErrorsTab } from './ConnectionsTab';
import { OverviewTab } from './OverviewTab';
import { ServerDialog } from './ServerDialog';
import type { ServersDesk } from './server-props';
import { StateMark } from './ServerMarks';
import { TestResult } from './TestResult';
import { ToolsTab } from './ToolsTab';

export interface ServerScreenProps {
  readonly name: string;
  readonly data: AdminData<ServerPage>;
  /** The server's clock. */
  readonly now: number;
  readonly desk: ServersDesk;
  readonly pause: ReactNode;
  /** Something was changed: read it again. */
  readonly onChanged: () => void;
}

type Tab = 'tools' | 'about' | 'connections' | 'errors';

/** One server: what it offers and what of that changed, what it is, what is open on it, what went wrong. */
export function ServerScreen(props: ServerScreenProps): ReactNode {
  const { name, data } = props;
  return (
    <div className="main ad-page">
      <header className="bar s-top">
        <nav className="crumbs" aria-label="Breadcrumb">
          <Link href="/servers">Servers</Link>
          <Icon of={ChevronRight} size="xs" />
          <h1 className="sv-name cut" aria-current="page">
            {name}
          </h1>
        </nav>
        {data.is === 'ready' ? <Acts {...props} page={data.value} /> : null}
      </header>
      <Content {...props} />
    </div>
  );
}

function Content(props: ServerScreenProps): ReactNode {
  const { data, onChanged } = props;
  switch (data.is) {
    case 'loading':
      return (
        <Skeleton label="Loading the server">
          {['30%', '44%', '36%'].map((width) => (
            <div key={width} className="sk-ad">
              <Bone width="140px" />
              <Bone width={width} height="8px" />
            </div>
          ))}
        </Skeleton>
      );
    case 'forbidden':
      return <MayNotRead title="Servers are for admins" message={data.message} />;
    case 'failed':
      return (
        <CouldNotRead
          title="The server could not be shown"
          message={data.message}
          onRetry={onChanged}
          also={
            <Link className="btn" href="/servers">
              All servers
            </Link>
          }
        />
      );
    case 'ready':
      return <Tabbed {...props} page={data.value} />;
  }
}

type PageProps = ServerScreenProps & { readonly page: ServerPage };

function Tabbed(props: PageProps): ReactNode {
  const { page, now, desk, name, onChanged } = props;
  const [open, setOpen] = useState<Tab>('tools');
  const { connections, troubles } = page.sight;
  return (
    <>
      <TabRow
        label="About this server"
        open={open}
        onOpen={setOpen}
        tabs={[
          { key: 'tools', label: 'Tools', count: page.toolCount },
          { key: 'about', label: 'Overview' },
          { key: 'connections', label: 'Connections', count: connections.length },
          { key: 'errors', label: 'Errors', count: troubles.length },
        ]}
      />
      <section className="scroll" aria-label={name}>
        <Standing {...props} />
        {open === 'tools' ? <ToolsTab page={page} now={now} desk={desk} onChanged={onChanged} /> : null}
        {open === 'about' ? <OverviewTab page={page} now={now} /> : null}
        {open === 'connections' ? <ConnectionsTab connections={connections} now={now} /> : null}
        {open === 'errors' ? <ErrorsTab troubles={troubles} now={now} /> : null}
      </section>
    </>
  );
}

/** What has to be known before anything else is looked at. */
function Standing({ page }: PageProps): ReactNode {
  const { row, settings } = page;
  if (row.state === 'removed')
    return (
      <div className="sv-note">
        <Note icon={TriangleAlert} tone="person">
          This server was removed. No new session reaches it; what is open on it goes on until its session ends.
        </Note>
      </div>
    );
  if (settings?.unusable === null || settings === null) return null;
  return (
    <div className="sv-note">
      <Note icon={TriangleAlert} tone="danger">
        Not in force. {settings.unusable}
      </Note>
    </div>
  );
}

function Acts({ page, desk, name, pause, onChanged }: PageProps): ReactNode {
  const { row, settings } = page;
  const [shown, setShown] = useState<'nothing' | 'change' | 'remove'>('nothing');
  const [test, setTest] = useState<ServerTest | null>(null);
  const testing = useAction<ServerTest>(setTest);
  const inForce = row.state !== 'removed' && row.state !== 'unusable';
  const close = (): void => setShown('nothing');
  return (
    <>
      <StateMark state={row.state} />
      <span className="grow" />
      {inForce ? pause : null}
      {inForce ? (
        <Button
          size="sm"
          icon={Plug}
          disabled={testing.state.is === 'busy'}
          onClick={() => testing.run(() => desk.test({ name }))}
        >
          {testing.state.is === 'busy' ? 'Testing' : 'Test'}
        </Button>
      ) : null}
      {settings === null || row.state === 'removed' ? null : (
        <>
          <Button size="sm" icon={Pencil} onClick={() => setShown('change')}>
            Change
          </Button>
          <Button size="sm" look="danger" icon={Trash2} onClick={() => setShown('remove')}>
            Remove
          </Button>
        </>
      )}
      <TestFloat test={test} state={testing.state} onClose={() => setTest(null)} />
      {shown === 'change' && settings !== null ? (
        <ServerDialog of={{ name, settings }} desk={desk} onSaved={onChanged} onClose={close} />
      ) : null}
      {shown === 'remove' && settings !== null ? (
        <RemoveDialog row={row} revision={settings.revision} desk={desk} onClose={close} />
      ) : null}
    </>
  );
}

function TestFloat({
  test,
  state,
  onClose,
}: {
  readonly test: ServerTest | null;
  readonly state: ActionState;
  readonly onClose: () => void;
}): ReactNode {
  if (state.is === 'refused')
    return (
      <div className="sv-float">
        <Refused state={state} />
      </div>
    );
  if (test === null) return null;
  return (
    <div className="sv-float">
      <TestResult test={test} />
      <Button size="sm" onClick={onClose}>
        Close the result
      </Button>
    </div>
  );
}

function RemoveDialog({
  row,
  revision,
  desk,
  onClose,
}: {
  readonly row: ServerPage['row'];
  readonly revision: number;
  readonly desk: Pick<ServersDesk, 'remove'>;
  readonly onClose: () => void;
}): ReactNode {
  const router = useRouter();
  const { name, liveConnections } = row;
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      verb="Remove server"
      keep="Keep it"
      act={async () => {
        const removed = await desk.remove(name, revision);
        if (removed.ok) router.push('/servers');
        return removed;
      }}
      onClose={onClose}
    >
      <p>
        No new session reaches it, and its tools are gone for agents. Calls that run go on, and{' '}
        {liveConnections === 1
          ? '1 open connection stays until its session ends'
          : `${liveConnections} open connections stay until their sessions end`}
        . Calls that wait for approval are not sent any more. Its address, its headers and what is known of its tools
        are deleted.
      </p>
    </ConfirmDialog>
  );
}
