import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { type LastDays, lastDays, type Period, periodProblem } from '@/lib/domain/overview/period';

const names: { readonly [D in LastDays]: string } = { 1: 'Today', 7: '7 days', 30: '30 days' };

export interface PeriodPickerProps {
  readonly period: Period;
  readonly onPeriod: (period: Period) => void;
}

/** Today, the last days, or any two dates; each is an address of its own. */
export function PeriodPicker({ period, onPeriod }: PeriodPickerProps): ReactNode {
  const [dates, setDates] = useState<'open' | 'closed'>('closed');
  const isOpen = dates === 'open' || period.is === 'dates';
  return (
    <div className="ov-period">
      {isOpen ? <Dates key={JSON.stringify(period)} period={period} onPeriod={onPeriod} /> : null}
      <div className="seg" role="group" aria-label="Period">
        {lastDays.map((days) => (
          <button
            key={days}
            type="button"
            aria-pressed={dates === 'closed' && period.is === 'last' && period.days === days}
            onClick={() => {
              setDates('closed');
              onPeriod({ is: 'last', days });
            }}
          >
            {names[days]}
          </button>
        ))}
        <button type="button" aria-pressed={isOpen} aria-expanded={isOpen} onClick={() => setDates('open')}>
          Dates
        </button>
      </div>
    </div>
  );
}

function Dates({ period, onPeriod }: PeriodPickerProps): ReactNode {
  const [from, setFrom] = useState(period.is === 'dates' ? period.from : '');
  const [until, setUntil] = useState(period.is === 'dates' ? period.until : '');
  const [problem, setProblem] = useState<string | null>(null);
  const show = (event: FormEvent): void => {
    event.preventDefault();
    const next: Period = { is: 'dates', from, until };
    const wrong = from === '' || until === '' ? 'Choose both days.' : periodProblem(next, 'UTC');
    setProblem(wrong);
    if (wrong === null) onPeriod(next);
  };
  return (
    <form className="ov-dates" aria-label="Dates" onSubmit={show} noValidate>
      <input
        className="input"
        type="date"
        aria-label="First day"
        aria-invalid={problem !== null}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <span className="meta">to</span>
      <input
        className="input"
        type="date"
        aria-label="Last day"
        aria-invalid={problem !== null}
        value={until}
        onChange={(event) => setUntil(event.target.value)}
      />
      <Button type="submit">Show</Button>
      {problem === null ? null : (
        <span className="ov-problem" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}
