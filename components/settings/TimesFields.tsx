'use client';

import { type ReactNode, useId, useMemo } from 'react';
import type { QuietHours } from '@/lib/domain/notice/quiet-hours';
import { minuteText, quietWords, readMinute, weekdayNames, weekdays } from './clock-words';
import { PickField } from './PickField';
import { SwitchField } from './SwitchField';
import { browserZone, digests, digestWords, type Times, usualQuiet, zonesWith } from './times';

export interface TimesFieldsProps {
  readonly times: Times;
  readonly now: number;
  readonly onTimes: (times: Times) => void;
}

/** Time zone, quiet hours and digest. */
export function TimesFields({ times, now, onTimes }: TimesFieldsProps): ReactNode {
  const { quiet } = times;
  return (
    <div className="stack st-times">
      <ZoneField {...{ times, now, onTimes }} />
      <SwitchField
        label="Quiet hours"
        hint="Nothing but escalations comes meanwhile. The rest is gathered into one message at the end."
        is={quiet === null ? 'off' : 'on'}
        onIs={(is) => onTimes({ ...times, quiet: is === 'on' ? usualQuiet : null })}
      />
      {quiet === null ? null : <QuietFields quiet={quiet} onQuiet={(next) => onTimes({ ...times, quiet: next })} />}
      <DigestField {...{ times, now, onTimes }} />
    </div>
  );
}

function ZoneField({ times, now, onTimes }: TimesFieldsProps): ReactNode {
  const { timeZone } = times;
  const own = browserZone();
  const options = useMemo(
    () => zonesWith(timeZone).map((zone) => ({ value: zone, label: zone.replaceAll('_', ' '), description: null })),
    [timeZone],
  );
  const clock = new Date(now).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  return (
    <PickField
      label="Time zone"
      options={options}
      picked={timeZone}
      hint={
        <>
          It is {clock} there. For quiet hours and for the times in messages.
          {own === timeZone ? null : (
            <>
              {' '}
              <button type="button" className="link" onClick={() => onTimes({ ...times, timeZone: own })}>
                Use this browser’s, {own.replaceAll('_', ' ')}
              </button>
            </>
          )}
        </>
      }
      onPick={(zone) => onTimes({ ...times, timeZone: zone })}
    />
  );
}

interface QuietFieldsProps {
  readonly quiet: QuietHours;
  readonly onQuiet: (quiet: QuietHours) => void;
}

function QuietFields({ quiet, onQuiet }: QuietFieldsProps): ReactNode {
  return (
    <div className="st-quiet">
      <div className="st-hours">
        <TimeField
          label="From"
          minute={quiet.fromMinute}
          onMinute={(fromMinute) => onQuiet({ ...quiet, fromMinute })}
        />
        <TimeField label="To" minute={quiet.toMinute} onMinute={(toMinute) => onQuiet({ ...quiet, toMinute })} />
      </div>
      <fieldset className="field">
        <legend>Beginning on</legend>
        <div className="st-days">
          {weekdays.map((day) => (
            <label key={day} className="st-day">
              <input
                type="checkbox"
                checked={quiet.days.includes(day)}
                onChange={(event) => {
                  const rest = quiet.days.filter((each) => each !== day);
                  onQuiet({ ...quiet, days: event.target.checked ? [...rest, day] : rest });
                }}
              />
              <span>{weekdayNames[day]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p className="hint" role="status">
        {quietWords(quiet)}.
      </p>
    </div>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly minute: number;
  readonly onMinute: (minute: number) => void;
}

function TimeField({ label, minute, onMinute }: TimeFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        type="time"
        value={minuteText(minute)}
        required
        onChange={(event) => {
          const read = readMinute(event.target.value);
          if (read !== null) onMinute(read);
        }}
      />
    </div>
  );
}

function DigestField({ times, onTimes }: TimesFieldsProps): ReactNode {
  const id = useId();
  const { digestMinutes } = times;
  const known = digests.some(({ minutes }) => minutes === digestMinutes);
  const all = known ? digests : [...digests, { minutes: digestMinutes, words: digestWords(digestMinutes) }];
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        How often
      </label>
      <select
        id={id}
        className="input rl-select"
        value={digestMinutes ?? ''}
        aria-describedby={`${id}-hint`}
        onChange={(event) =>
          onTimes({ ...times, digestMinutes: event.target.value === '' ? null : Number(event.target.value) })
        }
      >
        {all.map(({ minutes, words }) => (
          <option key={words} value={minutes ?? ''}>
            {words}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="hint">
        Escalations and what has little time left are never gathered.
      </p>
    </div>
  );
}
