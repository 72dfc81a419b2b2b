'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { FormButtons, Refused } from '@/components/settings/FormButtons';
import { TextField } from '@/components/settings/TextField';
import { Dialog } from '@/components/ui/Dialog';
import type { Result } from '@/lib/domain/refusal';
import type { TeamRow } from '@/lib/domain/team';
import type { NewTeam } from '../people/people-props';
import { useAction } from '../use-action';
import { problemOfName, readTeam, suggestedId } from './team-name';

export interface TeamDialogProps {
  readonly teams: readonly TeamRow[];
  readonly onCreate: (team: NewTeam) => Promise<Result<TeamRow>>;
  readonly onClose: () => void;
}

/** Makes a team. Its short name follows its name until it is typed by hand. */
export function TeamDialog({ teams, onCreate, onClose }: TeamDialogProps): ReactNode {
  const form = useId();
  const [name, setName] = useState('');
  const [typedId, setTypedId] = useState<string | null>(null);
  const [tried, setTried] = useState<'tried' | 'fresh'>('fresh');
  const { state, run } = useAction<TeamRow>(onClose);
  const id = typedId ?? suggestedId(name);
  const reading = readTeam({ name, id }, teams);
  const shown = tried === 'tried' && reading.is === 'bad' ? reading : null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried('tried');
    if (reading.is === 'good' && state.is !== 'busy')
      run(() => onCreate({ teamId: reading.teamId, name: reading.name }));
  };
  return (
    <Dialog
      title="New team"
      onClose={onClose}
      footer={<FormButtons form={form} verb="Make team" busy="Making it" state={state} onClose={onClose} />}
    >
      <form id={form} className="stack ad-form" onSubmit={submit} noValidate>
        <TextField
          label="Name"
          value={name}
          maxLength={60}
          placeholder="Payments"
          hint="As people see it beside requests. It can be changed later."
          problem={shown?.name ?? null}
          onValue={setName}
        />
        <TextField
          label="Short name"
          look="mono"
          value={id}
          maxLength={40}
          hint="Rules and files name the team by it, so it stays as it is from now on. Lower-case letters, digits and dashes."
          problem={shown?.teamId ?? null}
          onValue={(text) => setTypedId(text === '' ? null : text.toLowerCase())}
        />
      </form>
      <Refused state={state} />
    </Dialog>
  );
}

export interface RenameDialogProps {
  readonly team: TeamRow;
  readonly teams: readonly TeamRow[];
  readonly onRename: (name: string) => Promise<Result<unknown>>;
  readonly onClose: () => void;
}

export function RenameDialog({ team, teams, onRename, onClose }: RenameDialogProps): ReactNode {
  const form = useId();
  const [name, setName] = useState(team.name);
  const [tried, setTried] = useState<'tried' | 'fresh'>('fresh');
  const { state, run } = useAction<unknown>(onClose);
  const others = teams.filter(({ id }) => id !== team.id);
  const problem = problemOfName(name, others);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried('tried');
    if (problem === null && state.is !== 'busy') run(() => onRename(name.trim()));
  };
  return (
    <Dialog
      title={`Rename ${team.name}`}
      onClose={onClose}
      footer={<FormButtons form={form} verb="Rename" busy="Saving" state={state} onClose={onClose} />}
    >
      <form id={form} className="stack ad-form" onSubmit={submit} noValidate>
        <TextField
          label="Name"
          value={name}
          maxLength={60}
          hint={
            <>
              Its short name stays <span className="mono">{team.id}</span>: rules and files name the team by it.
            </>
          }
          problem={tried === 'tried' ? problem : null}
          onValue={setName}
        />
      </form>
      <Refused state={state} />
    </Dialog>
  );
}
