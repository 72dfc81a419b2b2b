import type { TeamId } from '@/lib/domain/ids';
import {
  dayFiguresOf,
  figuresOf,
  type Overview,
  type OverviewEyes,
  teamFiguresOf,
  timeBarsOf,
  toolFiguresOf,
} from '@/lib/domain/overview/overview';
import { daysOf, type Period, periodProblem } from '@/lib/domain/overview/period';
import type { TimeSpan } from '@/lib/domain/overview/tally';
import { type Person, teamsOf } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { notNarrowed } from '@/lib/domain/session-query';
import type { EngineParts } from './parts';
import { databaseAway, type RequestDesk } from './request-desk';
import type { SessionsDesk } from './sessions-desk';

/** The figures of a period, on the calendar of whoever asks. */
export interface OverviewOrder {
  readonly period: Period;
  /** An IANA name, such as Europe/Berlin. */
  readonly timeZone: string;
}

/** What is added up is read, never the sessions it was added up from. */
export class OverviewDesk {
  constructor(
    private readonly parts: Pick<EngineParts, 'store' | 'clock' | 'log' | 'roster'>,
    private readonly by: {
      readonly requests: Pick<RequestDesk, 'queueCounts'>;
      readonly sessions: Pick<SessionsDesk, 'counts'>;
    },
  ) {}

  async read(person: Person, { period, timeZone }: OverviewOrder): Promise<Result<Overview>> {
    const why = whyNot(person.role, 'overview.read');
    if (why !== null) return refuse('forbidden', why);
    const problem = periodProblem(period, timeZone);
    if (problem !== null) return refuse('bad_input', problem);
    const asOf = this.parts.clock.now();
    const open = await this.by.requests.queueCounts(person);
    if (!open.ok) return open;
    const sessions = await this.by.sessions.counts(person, { search: null, narrow: notNarrowed });
    if (!sessions.ok) return sessions;
    const { live, moods } = sessions.value;
    try {
      const past = await this.past(this.eyesOf(person), { period, timeZone });
      return done({
        asOf,
        timeZone,
        now: { open: open.value.open, expiring: open.value.expiring, live, moods },
        ...past,
      });
    } catch (error) {
      return databaseAway(this.parts, error);
    }
  }

  private async past(
    eyes: OverviewEyes,
    { period, timeZone }: OverviewOrder,
  ): Promise<Omit<Overview, 'asOf' | 'timeZone' | 'now'>> {
    const { store, clock } = this.parts;
    const days = daysOf(period, { timeZone, now: clock.now() });
    const [first, last] = [days[0], days.at(-1)];
    const span: TimeSpan = { fromAt: first?.fromAt ?? 0, untilAt: last?.untilAt ?? 0 };
    const [tallies, before, totals] = await Promise.all([
      store.tallies(span),
      store.tallies({ fromAt: span.fromAt - (span.untilAt - span.fromAt), untilAt: span.fromAt }),
      store.tallyTotals(days),
    ]);
    return {
      figures: figuresOf(tallies),
      before: figuresOf(before),
      times: timeBarsOf(tallies),
      days: days.map((day, at) => dayFiguresOf(day, totals[at] ?? [])),
      tools: toolFiguresOf(tallies),
      teams: teamFiguresOf(tallies, eyes),
    };
  }

  private eyesOf(person: Person): OverviewEyes {
    const { roster } = this.parts;
    return {
      teams: person.role === 'admin' ? 'all' : teamsOf(person),
      nameOf: (id: TeamId) => roster.team(id)?.name ?? null,
    };
  }
}
