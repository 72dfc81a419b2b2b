'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { FormButtons, Refused } from '@/components/settings/FormButtons';
import type { MadePlace, NewPlace } from '@/components/settings/settings-props';
import { TextField } from '@/components/settings/TextField';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { type NoticeKind, type TeamChannel, teamKinds, usualPlaceKinds } from '@/lib/domain/notice';
import type { Result } from '@/lib/domain/refusal';
import type { TeamRef } from '@/lib/domain/team';
import { useAction } from '../use-action';
import { readPlace } from './place-form';
import { placeKindWords } from './place-kinds';
import { SecretDialog } from './SecretDialog';

export interface PlaceDialogProps {
  readonly teams: readonly TeamRef[];
  readonly onAdd: (place: NewPlace) => Promise<Result<MadePlace>>;
  readonly onClose: () => void;
}

/** Adds a place; a webhook's secret is shown this one time. */
export function PlaceDialog({ teams, onAdd, onClose }: PlaceDialogProps): ReactNode {
  const id = useId();
  const [kind, setKind] = useState<TeamChannel>(teams.length === 0 ? 'webhook' : 'slack');
  const [team, setTeam] = useState<string>(teams[0]?.id ?? '');
  const [url, setUrl] = useState('');
  const [kinds, setKinds] = useState<readonly NoticeKind[]>(usualPlaceKinds);
  const [tried, setTried] = useState<'tried' | 'fresh'>('fresh');
  const [made, setMade] = useState<MadePlace | null>(null);
  const { state, run } = useAction<MadePlace>((place) => (place.secret === null ? onClose() : setMade(place)));
  if (made?.secret != null) return <SecretDialog where={made.endpoint.where} secret={made.secret} onClose={onClose} />;
  const reading = readPlace({ kind, team, url, kinds });
  const wrong = tried === 'tried' && reading.is === 'bad' ? reading : null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried('tried');
    if (reading.is === 'good' && state.is !== 'busy') run(() => onAdd(reading.place));
  };
  return (
    <Dialog
      title="Add a place"
      onClose={onClose}
      footer={<FormButtons form={id} verb="Add place" busy="Adding it" state={state} onClose={onClose} />}
    >
      <form id={id} className="stack ad-form" onSubmit={submit} noValidate>
        <KindField kind={kind} hasTeams={teams.length > 0} onKind={setKind} />
        <TeamField teams={teams} kind={kind} team={team} problem={wrong?.team ?? null} onTeam={setTeam} />
        <TextField
          label="Address"
          type="url"
          value={url}
          maxLength={2_000}
          placeholder={kind === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://example.com/holdpoint'}
          hint={urlHints[kind]}
          problem={wrong?.url ?? null}
          onValue={setUrl}
        />
        <KindsField kinds={kinds} problem={wrong?.kinds ?? null} onKinds={setKinds} />
      </form>
      <Refused state={state} />
    </Dialog>
  );
}

const urlHints: { readonly [K in TeamChannel]: string } = {
  slack: 'Of the channel’s incoming webhook. It is kept sealed and not shown again: whoever has it can post there.',
  webhook: 'Each message is posted there as JSON and signed. It is kept sealed and not shown again in full.',
};

interface KindFieldProps {
  readonly kind: TeamChannel;
  readonly hasTeams: boolean;
  readonly onKind: (kind: TeamChannel) => void;
}

function KindField({ kind, hasTeams, onKind }: KindFieldProps): ReactNode {
  const name = useId();
  return (
    <fieldset className="field">
      <legend>What it is</legend>
      <div className="choices">
        <label className="choice">
          <input
            type="radio"
            name={name}
            checked={kind === 'slack'}
            disabled={!hasTeams}
            onChange={() => onKind('slack')}
          />
          <span>Slack channel</span>
          <small>
            {hasTeams ? 'Of a team, for people to read' : 'Belongs to a team, and there is none yet: make one first'}
          </small>
        </label>
        <label className="choice">
          <input type="radio" name={name} checked={kind === 'webhook'} onChange={() => onKind('webhook')} />
          <span>Signed webhook</span>
          <small>For a program, of a team or of all requests</small>
        </label>
      </div>
    </fieldset>
  );
}

interface TeamFieldProps {
  readonly teams: readonly TeamRef[];
  readonly kind: TeamChannel;
  readonly team: string;
  readonly problem: string | null;
  readonly onTeam: (team: string) => void;
}

function TeamField({ teams, kind, team, problem, onTeam }: TeamFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        For
      </label>
      <select
        id={id}
        className="input rl-select"
        value={team}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-words`}
        onChange={(event) => onTeam(event.target.value)}
      >
        {kind === 'webhook' || team === '' ? (
          <option value="">{kind === 'slack' ? 'Choose a team' : 'Every request'}</option>
        ) : null}
        {teams.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
      <div id={`${id}-words`}>{problem === null ? null : <Problem>{problem}</Problem>}</div>
    </div>
  );
}

interface KindsFieldProps {
  readonly kinds: readonly NoticeKind[];
  readonly problem: string | null;
  readonly onKinds: (kinds: readonly NoticeKind[]) => void;
}

function KindsField({ kinds, problem, onKinds }: KindsFieldProps): ReactNode {
  return (
    <fieldset className="field">
      <legend>Told of</legend>
      <div className="choices">
        {teamKinds.map((kind) => (
          <label key={kind} className="choice bare">
            <input
              type="checkbox"
              checked={kinds.includes(kind)}
              onChange={(event) =>
                onKinds(teamKinds.filter((each) => (each === kind ? event.target.checked : kinds.includes(each))))
              }
            />
            <span>{placeKindWords(kind)}</span>
          </label>
        ))}
      </div>
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
