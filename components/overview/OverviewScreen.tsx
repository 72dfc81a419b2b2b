'use client';

import type { ReactNode } from 'react';
import CalendarX from 'lucide-react/icons/calendar-x';
import ChartColumn from 'lucide-react/icons/chart-column';
import type { AdminData } from '@/components/admin/AdminPage';
import type { Line } from '@/components/session/SessionScreen';
import { OfflineLine } from '@/components/ui/OfflineLine';
import { Button } from '@/components/ui/Button';
import { CouldNotRead, MayNotRead } from '@/components/ui/Unread';
import { EmptyState } from '@/components/ui/EmptyState';
import type { Overview } from '@/lib/domain/overview/overview';
import { type Period, periodProblem, usualPeriod } from '@/lib/domain/overview/period';
import { clockTime } from '@/lib/domain/timeline/time-words';
import { DaysCard } from './DaysCard';
import { OverviewSkeleton } from './OverviewSkeleton';
import { periodWords } from './period-words';
import { PeriodPicker } from './PeriodPicker';
import { PlacesCard } from './PlacesCard';
import { Tiles } from './Tiles';
import { TimesCard } from './TimesCard';
import { WorkCard } from './WorkCard';

export interface OverviewScreenProps {
  readonly data: AdminData<Overview>;
  readonly period: Period;
  /** `changing` while the figures on screen are of the period before. */
  readonly state: 'settled' | 'changing';
  readonly line: Line;
  readonly onPeriod: (period: Period) => void;
  readonly onRetry: () => void;
  /** The state of the audit log, for who may see it. */
  readonly audit?: ReactNode;
}

/** How people and servers did: figures, plots that are tables too, and where it is slow. */
export function OverviewScreen(props: OverviewScreenProps): ReactNode {
  const { data, period, line, onPeriod } = props;
  return (
    <div className="main">
      <header className="bar ov-bar">
        <h1 className="page-title">Overview</h1>
        <span className="grow" />
        <PeriodPicker period={period} onPeriod={onPeriod} />
      </header>
      {line.is === 'offline' ? (
        <OfflineLine>
          These are the figures of {clockTime(data.is === 'ready' ? data.value.asOf : line.sinceAt)}. They catch up by
          themselves.
        </OfflineLine>
      ) : null}
      <Body {...props} />
    </div>
  );
}

function Body({ data, period, state, onPeriod, onRetry, audit }: OverviewScreenProps): ReactNode {
  switch (data.is) {
    case 'loading':
      return <OverviewSkeleton />;
    case 'forbidden':
      return <MayNotRead title="The overview is not yours to see" message={data.message} />;
    case 'failed':
      return <Failed period={period} message={data.message} onPeriod={onPeriod} onRetry={onRetry} />;
    case 'ready':
      return (
        <section className="scroll ov" aria-label="Figures" aria-busy={state === 'changing'} data-state={state}>
          <Figures overview={data.value} period={period} audit={audit} />
        </section>
      );
  }
}

/** Dates that cannot be shown stay so however often they are tried. */
function Failed({
  period,
  message,
  onPeriod,
  onRetry,
}: Pick<OverviewScreenProps, 'period' | 'onPeriod' | 'onRetry'> & { readonly message: string }): ReactNode {
  const usual = <Button onClick={() => onPeriod(usualPeriod)}>Show 7 days</Button>;
  if (periodProblem(period, 'UTC') === null)
    return <CouldNotRead title="The overview could not be loaded" message={message} onRetry={onRetry} also={usual} />;
  return (
    <EmptyState icon={CalendarX} title="These dates cannot be shown" actions={usual}>
      {message}
    </EmptyState>
  );
}

function Figures({
  overview,
  period,
  audit,
}: {
  readonly overview: Overview;
  readonly period: Period;
  readonly audit: ReactNode;
}): ReactNode {
  return (
    <>
      <Tiles overview={overview} period={period} />
      {isEmpty(overview) ? (
        <EmptyState icon={ChartColumn} title={`Nothing has ended ${periodWords(period)}`}>
          When a request is answered or an agent’s call ends, it is counted here by itself.
        </EmptyState>
      ) : (
        <>
          <div className="ov-2">
            <TimesCard overview={overview} />
            <DaysCard overview={overview} />
          </div>
          <div className="ov-2">
            <PlacesCard overview={overview} />
            <WorkCard overview={overview} />
          </div>
        </>
      )}
      {audit}
    </>
  );
}

function isEmpty({ figures }: Overview): boolean {
  const { accepted, declined, expired, withdrawn, calls, stalled, sessions } = figures;
  return accepted + declined + expired + withdrawn + calls + stalled + sessions === 0;
}
