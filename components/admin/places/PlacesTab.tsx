'use client';

import { type ReactNode, useState } from 'react';
import Ban from 'lucide-react/icons/ban';
import Check from 'lucide-react/icons/check';
import Plus from 'lucide-react/icons/plus';
import Webhook from 'lucide-react/icons/webhook';
import { Section } from '@/components/settings/Section';
import type { PlacesView, SettingsDesk } from '@/components/settings/settings-props';
import { TestButton } from '@/components/settings/TestButton';
import { Button } from '@/components/ui/Button';
import { Status } from '@/components/ui/Status';
import { type EndpointRow, teamKinds } from '@/lib/domain/notice';
import type { TeamRef } from '@/lib/domain/team';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { NoneYet } from '../AdminPage';
import { ConfirmDialog } from '../ConfirmDialog';
import { useAction } from '../use-action';
import { channelNames } from './delivery-words';
import { PlaceDialog } from './PlaceDialog';
import { placeKindWords } from './place-kinds';
import { TeamTimesDialog } from './TeamTimesDialog';

export interface PlacesTabProps {
  readonly view: PlacesView;
  readonly now: number;
  readonly desk: SettingsDesk;
}

type Doing =
  | { readonly is: 'nothing' | 'adding' }
  | { readonly is: 'removing'; readonly place: EndpointRow }
  | { readonly is: 'times'; readonly team: TeamRef };

/** Slack channels and webhooks, of teams or of all. */
export function PlacesTab({ view, now, desk }: PlacesTabProps): ReactNode {
  const [doing, setDoing] = useState<Doing>({ is: 'nothing' });
  const { endpoints, teams } = view;
  const add = (
    <Button icon={Plus} look="primary" onClick={() => setDoing({ is: 'adding' })}>
      Add a place
    </Button>
  );
  return (
    <>
      {endpoints.length === 0 ? (
        <NoneYet icon={Webhook} title="Nothing is told yet" actions={add}>
          Add a team’s Slack channel, or a webhook that a program of yours listens on. Messages are never given what is
          asked or answered.
        </NoneYet>
      ) : (
        <>
          <div className="st-head">
            <p className="t2 grow">
              Where teams, and programs, are told of requests. Never with what is asked or answered, unless a rule marks
              a field as safe.
            </p>
            {add}
          </div>
          <PlacesTable view={view} now={now} desk={desk} onRemove={(place) => setDoing({ is: 'removing', place })} />
        </>
      )}
      {teams.length === 0 ? null : (
        <Section
          title="When teams are told"
          lead="Quiet hours, digest and what each team’s places hear. Webhooks for all requests are told at once."
        >
          <ul className="ad-list pl-teams">
            {teams.map((team) => (
              <li key={team.id}>
                <span className="medium grow cut">{team.name}</span>
                <Button
                  size="sm"
                  aria-label={`When ${team.name} is told`}
                  onClick={() => setDoing({ is: 'times', team })}
                >
                  Change
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <PlaceDoing doing={doing} view={view} now={now} desk={desk} onClose={() => setDoing({ is: 'nothing' })} />
    </>
  );
}

interface PlaceDoingProps extends PlacesTabProps {
  readonly doing: Doing;
  readonly onClose: () => void;
}

function PlaceDoing({ doing, view, now, desk, onClose }: PlaceDoingProps): ReactNode {
  switch (doing.is) {
    case 'nothing':
      return null;
    case 'adding':
      return <PlaceDialog teams={view.teams} onAdd={desk.addPlace} onClose={onClose} />;
    case 'times':
      return <TeamTimesDialog team={doing.team} now={now} desk={desk} onClose={onClose} />;
    case 'removing':
      return (
        <ConfirmDialog
          title={`Tell ${doing.place.where} no more?`}
          verb="Remove"
          keep="Keep it"
          act={() => desk.removePlace(doing.place.id)}
          onClose={onClose}
        >
          Nothing is sent there any more, and what is waiting to be sent is dropped. Its address
          {doing.place.kind === 'webhook' ? ' and secret are' : ' is'} forgotten.
        </ConfirmDialog>
      );
  }
}

interface PlacesTableProps extends PlacesTabProps {
  readonly onRemove: (place: EndpointRow) => void;
}

function PlacesTable({ view, now, desk, onRemove }: PlacesTableProps): ReactNode {
  return (
    <table className="table ad pl-places">
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">For</th>
          <th scope="col">Told of</th>
          <th scope="col">State</th>
          <th scope="col">
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {view.endpoints.map((place) => (
          <PlaceLine
            key={place.id}
            place={place}
            team={place.team === null ? null : (view.teams.find(({ id }) => id === place.team)?.name ?? place.team)}
            now={now}
            desk={desk}
            onRemove={() => onRemove(place)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface PlaceLineProps extends Pick<PlacesTabProps, 'now' | 'desk'> {
  readonly place: EndpointRow;
  /** Null: for all. */
  readonly team: string | null;
  readonly onRemove: () => void;
}

function PlaceLine({ place, team, now, desk, onRemove }: PlaceLineProps): ReactNode {
  return (
    <tr className={place.disabledAt === null ? '' : 'off'}>
      <td>
        <span className="meta ad-sub">{channelNames[place.kind]}</span>
        <span className="mono">{place.where}</span>
        <span className="meta ad-sub">
          added by {place.createdBy}, {dayTime(place.createdAt, now)}
        </span>
      </td>
      <td>{team ?? 'every request'}</td>
      <td className="t2 pl-kinds">{kindsWords(place)}</td>
      <td className="pl-state">
        <PlaceState place={place} now={now} desk={desk} />
      </td>
      <td className="r">
        <span className="ad-acts">
          <TestButton
            label="Test"
            name={`Send a test to ${place.where}`}
            size="sm"
            offWhy={null}
            onTest={() => desk.test(place.id)}
          />
          <Button size="sm" look="danger" aria-label={`Remove ${place.where}`} onClick={onRemove}>
            Remove
          </Button>
        </span>
      </td>
    </tr>
  );
}

function PlaceState({ place, now, desk }: Pick<PlaceLineProps, 'place' | 'now' | 'desk'>): ReactNode {
  const { state, run } = useAction<unknown>(() => undefined);
  if (place.disabledAt === null) {
    return (
      <Status icon={Check} tone="ok">
        on
      </Status>
    );
  }
  return (
    <>
      <Status icon={Ban} tone="danger">
        switched off {dayTime(place.disabledAt, now)}
      </Status>
      {place.disabledWhy === null ? null : <span className="meta ad-sub">{place.disabledWhy}</span>}
      <Button
        size="sm"
        place="pl-again"
        aria-label={`Enable ${place.where} again`}
        disabled={state.is === 'busy'}
        onClick={() => run(() => desk.enablePlace(place.id))}
      >
        Enable again
      </Button>
      {state.is === 'refused' ? (
        <p className="err ad-refused" role="alert">
          {state.message}
        </p>
      ) : null}
    </>
  );
}

function kindsWords({ kinds }: EndpointRow): ReactNode {
  if (teamKinds.every((kind) => kinds.includes(kind))) return 'everything a team is told';
  return (
    <ul>
      {teamKinds
        .filter((kind) => kinds.includes(kind))
        .map((kind) => (
          <li key={kind}>{placeKindWords(kind)}</li>
        ))}
    </ul>
  );
}
