'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import KeyRound from 'lucide-react/icons/key-round';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Tabs } from '@/components/session/Tabs';
import { FormButtons, Refused } from '@/components/settings/FormButtons';
import { TextField } from '@/components/settings/TextField';
import { CopyButton } from '@/components/ui/CopyButton';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import type { AgentRow, PersonRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import { connectSnippets, type Snippet } from './connect-snippets';
import { OwnerField } from './OwnerField';
import { OnceDialog } from './people/OnceDialog';
import { useAction } from './use-action';

export interface NewAgent {
  readonly name: string;
  /** Null for all servers, those added later as well. */
  readonly servers: readonly string[] | null;
  readonly owner: PersonId | null;
}

export interface MadeAgent {
  readonly agent: AgentRow;
  readonly key: string;
}

export interface AgentDialogProps {
  readonly servers: readonly string[];
  readonly baseUrl: string;
  readonly people: readonly PersonRow[];
  /** Who makes it, and owns it unless they say otherwise. */
  readonly me: PersonId;
  readonly onCreate: (agent: NewAgent) => Promise<Result<MadeAgent>>;
  readonly onClose: () => void;
}

/** Makes an agent, then shows its key this one time. */
export function AgentDialog(props: AgentDialogProps): ReactNode {
  const [made, setMade] = useState<MadeAgent | null>(null);
  if (made !== null) return <KeyDialog made={made} baseUrl={props.baseUrl} onClose={props.onClose} />;
  return <CreateDialog {...props} onMade={setMade} />;
}

type Reach = 'all' | 'some';

function CreateDialog(props: AgentDialogProps & { readonly onMade: (made: MadeAgent) => void }): ReactNode {
  const { servers, people, me, onCreate, onClose, onMade } = props;
  const form = useId();
  const [name, setName] = useState('');
  const [owner, setOwner] = useState<PersonId | null>(me);
  const [reach, setReach] = useState<Reach>('all');
  const [some, setSome] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState<'tried' | 'fresh'>('fresh');
  const { state, run } = useAction(onMade);
  const wrongName = tried === 'tried' && name.trim() === '';
  const noServer = tried === 'tried' && reach === 'some' && some.size === 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried('tried');
    if (name.trim() === '' || (reach === 'some' && some.size === 0) || state.is === 'busy') return;
    const reached = reach === 'all' ? null : servers.filter((server) => some.has(server));
    run(() => onCreate({ name: name.trim(), servers: reached, owner }));
  };
  return (
    <Dialog
      title="New agent"
      onClose={onClose}
      footer={
        <FormButtons
          form={form}
          verb="Make key"
          busy="Making the key"
          icon={KeyRound}
          state={state}
          onClose={onClose}
        />
      }
    >
      <form id={form} className="stack ad-form" onSubmit={submit} noValidate>
        <TextField
          label="Name"
          value={name}
          maxLength={60}
          placeholder="oncall-copilot"
          hint="Stands beside each of its calls and questions."
          problem={wrongName ? 'Give the agent a name people will recognise.' : null}
          onValue={setName}
        />
        <ReachField
          servers={servers}
          reach={reach}
          some={some}
          problem={noServer ? 'Choose at least one server.' : null}
          onReach={setReach}
          onSome={setSome}
        />
        <OwnerField people={people} me={me} owner={owner} onOwner={setOwner} />
      </form>
      <Refused state={state} />
    </Dialog>
  );
}

interface ReachFieldProps extends SomeServersProps {
  readonly reach: Reach;
  readonly problem: string | null;
  readonly onReach: (reach: Reach) => void;
}

function ReachField({ servers, reach, some, problem, onReach, onSome }: ReachFieldProps): ReactNode {
  const name = useId();
  return (
    <fieldset className="field">
      <legend>Servers</legend>
      <div className="choices">
        <label className="choice">
          <input type="radio" name={name} checked={reach === 'all'} onChange={() => onReach('all')} />
          <span>All servers</span>
          <small>Those added later as well</small>
        </label>
        <label className="choice">
          <input type="radio" name={name} checked={reach === 'some'} onChange={() => onReach('some')} />
          <span>Only some</span>
        </label>
      </div>
      {reach === 'all' ? null : <SomeServers servers={servers} some={some} onSome={onSome} />}
      {problem === null ? null : <Problem>{problem}</Problem>}
    </fieldset>
  );
}

function Problem({ children }: { readonly children: string }): ReactNode {
  return (
    <p className="err" role="alert">
      <Icon of={TriangleAlert} size="xs" />
      {children}
    </p>
  );
}

interface SomeServersProps {
  readonly servers: readonly string[];
  readonly some: ReadonlySet<string>;
  readonly onSome: (some: ReadonlySet<string>) => void;
}

function SomeServers({ servers, some, onSome }: SomeServersProps): ReactNode {
  const toggle = (server: string): void => {
    const next = new Set(some);
    if (!next.delete(server)) next.add(server);
    onSome(next);
  };
  return (
    <div className="choices ad-some">
      {servers.map((server) => (
        <label key={server} className="choice bare">
          <input type="checkbox" checked={some.has(server)} onChange={() => toggle(server)} />
          <span className="mono">{server}</span>
        </label>
      ))}
    </div>
  );
}

function KeyDialog({
  made,
  baseUrl,
  onClose,
}: {
  readonly made: MadeAgent;
  readonly baseUrl: string;
  readonly onClose: () => void;
}): ReactNode {
  const snippets = connectSnippets(baseUrl, made.key);
  const [open, setOpen] = useState<Snippet['key']>('claude');
  const snippet = snippets.find((candidate) => candidate.key === open);
  return (
    <OnceDialog
      title={`Key of ${made.agent.name}`}
      icon={KeyRound}
      words="This key is shown once, and only its hash is kept here. Store it now; a lost key is replaced by a new agent."
      secret={made.key}
      copy="Copy key"
      done="I have stored the key"
      size="lg"
      onClose={onClose}
    >
      <div className="ad-connect">
        <Tabs
          label="Connect with"
          tabs={snippets.map(({ key, name }) => ({ key, label: name }))}
          open={open}
          onOpen={setOpen}
        />
        {snippet === undefined ? null : (
          <div className="snippet">
            <div className="row snippet-h">
              <span className="meta grow">{snippet.where}</span>
              <CopyButton label={`Copy for ${snippet.name}`} text={() => snippet.text} />
            </div>
            <pre className="mono">{snippet.text}</pre>
          </div>
        )}
      </div>
    </OnceDialog>
  );
}
