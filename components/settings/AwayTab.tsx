'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import CalendarOff from 'lucide-react/icons/calendar-off';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import type { Colleague } from '@/lib/domain/directory';
import { type PersonId, readId } from '@/lib/domain/ids';
import { isAway } from '@/lib/domain/notice/recipients';
import { may, type Role } from '@/lib/domain/permission';
import type { Away } from '@/lib/domain/team';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { awayWords } from './away-words';
import { localFieldText, readLocalField } from './clock-words';
import { Refused } from './FormButtons';
import { PickField, type PickOption } from './PickField';
import { Section } from './Section';
import type { SettingsDesk } from './settings-props';
import { TextField } from './TextField';

export interface AwayTabProps {
  readonly away: Away | null;
  readonly colleagues: readonly Colleague[];
  readonly role: Role;
  readonly now: number;
  readonly desk: SettingsDesk;
}

/** Out of office: who stands in meanwhile, until when, and the way back. */
export function AwayTab(props: AwayTabProps): ReactNode {
  const { away, now, desk } = props;
  const [editing, setEditing] = useState<'open' | 'closed'>('closed');
  const back = useAction<unknown>(() => setEditing('closed'));
  const isOut = isAway(away, now);
  return (
    <Section
      title="Out of office"
      lead="While you are away, whoever stands in is told in your place, and sees and answers what is assigned to you or routed to your teams: under their own name, never in yours."
    >
      {isOut && away !== null ? <OutNote away={away} now={now} /> : null}
      {isOut && editing === 'closed' ? (
        <div className="row wrap">
          <Button look="primary" disabled={back.state.is === 'busy'} onClick={() => back.run(() => desk.setAway(null))}>
            I am back
          </Button>
          <Button onClick={() => setEditing('open')}>Change</Button>
        </div>
      ) : (
        <AwayForm
          {...props}
          is={isOut ? 'changing' : 'leaving'}
          onDone={() => setEditing('closed')}
          onCancel={isOut ? () => setEditing('closed') : null}
        />
      )}
      <Refused state={back.state} />
    </Section>
  );
}

function OutNote({ away, now }: { readonly away: Away; readonly now: number }): ReactNode {
  const until = away.untilAt === null ? 'until you say that you are back' : `until ${dayTime(away.untilAt, now)}`;
  return (
    <Note icon={CalendarOff} tone="person">
      <b className="medium">You are out of office {until}.</b>{' '}
      {away.delegate === null
        ? 'Nobody stands in: what is assigned to you waits, unless someone else of your teams answers it.'
        : `${away.delegate.name} stands in and is told of what would have come to you.`}
    </Note>
  );
}

interface AwayFormProps extends AwayTabProps {
  readonly is: 'leaving' | 'changing';
  readonly onDone: () => void;
  readonly onCancel: (() => void) | null;
}

const dayMs = 86_400_000;
const nobody = 'nobody';

/** Tomorrow at nine, as a start. */
function usualEnd(now: number): string {
  const date = new Date(now + dayMs);
  date.setHours(9, 0, 0, 0);
  return localFieldText(date.getTime());
}

function AwayForm({ away, colleagues, role, now, desk, is, onDone, onCancel }: AwayFormProps): ReactNode {
  const group = useId();
  const [ends, setEnds] = useState<'by-hand' | 'by-time'>(away?.untilAt == null ? 'by-hand' : 'by-time');
  const [until, setUntil] = useState(away?.untilAt == null ? usualEnd(now) : localFieldText(away.untilAt));
  const [delegate, setDelegate] = useState<PersonId | null>(away?.delegate?.id ?? null);
  const [tried, setTried] = useState<'tried' | 'fresh'>('fresh');
  const { state, run } = useAction<unknown>(onDone);
  const untilAt = ends === 'by-hand' ? null : readLocalField(until);
  const wrong = ends === 'by-time' && (untilAt === null || untilAt <= now);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried('tried');
    if (!wrong && state.is !== 'busy') run(() => desk.setAway({ untilAt, delegateId: delegate }));
  };
  return (
    <form className="stack st-form" onSubmit={submit} noValidate>
      <fieldset className="field">
        <legend>Until when</legend>
        <div className="choices">
          <label className="choice">
            <input type="radio" name={group} checked={ends === 'by-hand'} onChange={() => setEnds('by-hand')} />
            <span>Until I am back</span>
            <small>You end it here</small>
          </label>
          <label className="choice">
            <input type="radio" name={group} checked={ends === 'by-time'} onChange={() => setEnds('by-time')} />
            <span>Until a day and time</span>
            <small>It ends by itself</small>
          </label>
        </div>
      </fieldset>
      {ends === 'by-hand' ? null : (
        <TextField
          label="Back on"
          type="datetime-local"
          min={localFieldText(now)}
          value={until}
          hint="In this browser’s time zone."
          problem={tried === 'tried' && wrong ? 'Choose a day and time that lie ahead.' : null}
          onValue={setUntil}
        />
      )}
      <DelegateField colleagues={colleagues} role={role} now={now} delegate={delegate} onDelegate={setDelegate} />
      <Refused state={state} />
      <div className="row wrap">
        <Button look="primary" type="submit" disabled={state.is === 'busy'}>
          {is === 'leaving' ? 'I am out of office' : 'Save'}
        </Button>
        {onCancel === null ? null : <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}

interface DelegateFieldProps extends Pick<AwayTabProps, 'colleagues' | 'role' | 'now'> {
  readonly delegate: PersonId | null;
  readonly onDelegate: (delegate: PersonId | null) => void;
}

function DelegateField({ colleagues, role, now, delegate, onDelegate }: DelegateFieldProps): ReactNode {
  if (!may(role, 'request.answer'))
    return <p className="hint">As an observer you answer nothing, so there is nothing for anyone to stand in for.</p>;
  const chosen = colleagues.find(({ id }) => id === delegate);
  const alsoAway = chosen === undefined ? null : awayWords(chosen.away, now);
  return (
    <>
      <PickField
        label="Who stands in"
        options={delegateOptions(colleagues, now)}
        picked={delegate ?? nobody}
        hint="An approver or an admin. Rules count them as one person: they cannot vote twice, for you and for themselves."
        onPick={(value) => onDelegate(readId('person', value))}
      />
      {chosen === undefined || alsoAway === null ? null : (
        <Note icon={TriangleAlert} tone="person" live="status">
          {chosen.name} is {alsoAway.when} too,{' '}
          {chosen.away?.delegate == null
            ? 'and nobody stands in for them: what is assigned to you would wait.'
            : `and ${chosen.away.delegate.name} stands in for them: what is yours goes there.`}
        </Note>
      )}
    </>
  );
}

export function delegateOptions(colleagues: readonly Colleague[], now: number): readonly PickOption[] {
  const able = colleagues
    .filter(({ role }) => may(role, 'request.answer'))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  return [
    { value: nobody, label: 'Nobody', description: 'What is assigned to you waits' },
    ...able.map(({ id, name, role, away }) => ({
      value: id,
      label: name,
      description: [role, awayWords(away, now)?.when ?? null].filter((part) => part !== null).join(', '),
    })),
  ];
}
