import Link from 'next/link';
import type { ReactNode } from 'react';
import Clock from 'lucide-react/icons/clock';
import Unplug from 'lucide-react/icons/unplug';
import User from 'lucide-react/icons/user';
import Zap from 'lucide-react/icons/zap';
import { Icon } from '@/components/ui/Icon';
import { actorName } from '@/lib/domain/actor';
import { type CallLimit, urgencyAt } from '@/lib/domain/deadline';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Timeline } from '@/lib/domain/timeline';
import { clocksAt, openQuestions } from '@/lib/domain/timeline/clocks';
import { personAt } from '@/lib/domain/timeline/lane';
import { because } from '@/lib/domain/timeline/phrases';
import { reattachingSince } from '@/lib/domain/timeline/rail';
import { countWords, spanWords, whenWords } from '@/lib/domain/timeline/time-words';
import { verdictWords, type VerdictWords } from '@/lib/domain/timeline/verdict-words';
import { verdictAt } from '@/lib/domain/verdict';
import { moodLooks } from './moods';

export interface SessionHeadProps {
  readonly summary: SessionSummary;
  readonly timeline: Timeline;
  readonly now: number;
}

/** Whom the session waits for, since when, and how its time was spent. */
export function SessionHead({ summary, timeline, now }: SessionHeadProps): ReactNode {
  const words = verdictWords(summary, now);
  const look = moodLooks[words.mood];
  return (
    <section className="s-head">
      <div className={`s-verdict ${words.mood}`}>
        <span className="vi">
          <Icon of={look.icon} />
        </span>
        <div className="s-said">
          <h1>
            {words.headline} <span>{words.since}</span>
          </h1>
          <p className="t2 s-about">
            <About summary={summary} timeline={timeline} now={now} words={words} />
            <span className="t3 dot-sep">agent {summary.session.agent.name}</span>
            {words.mood === 'person' ? null : (
              <span className="t3 dot-sep wide">started {whenWords(summary.session.startedAt, now)}</span>
            )}
          </p>
          <Reattaching timeline={timeline} now={now} />
        </div>
      </div>
      <ClockFigures summary={summary} timeline={timeline} now={now} />
    </section>
  );
}

function About({ summary, timeline, now, words }: SessionHeadProps & { readonly words: VerdictWords }): ReactNode {
  const { session, waits } = summary;
  const { about, usual } = words;
  if (session.state !== 'active') return <EndReason timeline={timeline} about={about} />;
  const verdict = verdictAt(waits, now);
  if (verdict.on !== 'person')
    return (
      <>
        {usual === null ? null : <span className="s-usual">{usual}</span>}
        <span className={usual === null ? '' : 't3 dot-sep'}>{about}</span>
        <Ends limit={summary.limit} now={now} />
      </>
    );
  const open = openQuestions(timeline).find((question) => question.segment.request?.requestId === verdict.requestId);
  const person = open === undefined ? null : personAt(open.segment, now);
  return (
    <>
      <Link href={`/queue/${verdict.requestId}`}>
        {timeline.names.requests.get(verdict.requestId)?.kind === 'recovery' ? `Run again? ${about ?? ''}` : about}
      </Link>
      {verdict.more === 0 ? null : <span className="t3 dot-sep">{verdict.more} more open</span>}
      <span className="t3 dot-sep">{person === null ? 'nobody is on it yet' : `${person.name} is answering`}</span>
      <Ends limit={summary.limit} now={now} />
    </>
  );
}

/** Until when what is open can go on, and who says so (I8). */
function Ends({ limit, now }: { readonly limit: CallLimit | null; readonly now: number }): ReactNode {
  if (limit === null) return null;
  return (
    <span className="t3 dot-sep wide">
      ends {whenWords(limit.at, now)}, {plainLine(limit.reason)}
    </span>
  );
}

/** Each connection that is being taken up again: since when, and why. */
function Reattaching({ timeline, now }: Omit<SessionHeadProps, 'summary'>): ReactNode {
  const open = [...timeline.rails.values()].flatMap((rail) => {
    const since = reattachingSince(rail);
    return since === null ? [] : [{ rail, since }];
  });
  return open.map(({ rail, since }) => (
    <p key={rail.connectionId} className="st danger s-reattach" role="status">
      <Icon of={Unplug} size="xs" />
      <span>
        Reattaching to {rail.server} since {whenWords(since.at, now)}
        {because(since.why)}
      </span>
    </p>
  ));
}

function EndReason({ timeline, about }: { readonly timeline: Timeline; readonly about: string | null }): ReactNode {
  const ending = timeline.life?.ending ?? null;
  const by = ending !== null && ending.by.kind === 'person' ? `${actorName(ending.by)}: ` : '';
  return (
    <span>
      {by}
      {about === null || about === '' ? 'no reason was given' : `“${about}”`}
    </span>
  );
}

function ClockFigures({ summary, timeline, now }: SessionHeadProps): ReactNode {
  const clocks = clocksAt(timeline, summary.limit, now);
  const urgency = clocks.leftMs === null ? 'none' : urgencyAt(now + clocks.leftMs, now);
  return (
    <dl className="clocks">
      <Figure icon={User} name="With people" ms={clocks.withPeopleMs} />
      <Figure icon={Zap} name="At work" ms={clocks.atWorkMs} />
      <Figure icon={Clock} name="Time left" ms={clocks.leftMs} look={`left-clock ${urgency}`} />
    </dl>
  );
}

interface FigureProps {
  readonly icon: typeof Clock;
  readonly name: string;
  readonly ms: number | null;
  readonly look?: string;
}

function Figure({ icon, name, ms, look = '' }: FigureProps): ReactNode {
  return (
    <div className={look}>
      <dt>
        <Icon of={icon} size="xs" />
        {name}
      </dt>
      <dd className="num">
        {ms === null ? (
          <>
            <span aria-hidden="true">–</span>
            <span className="sr">none, nothing ends it</span>
          </>
        ) : (
          <>
            <span aria-hidden="true">{countWords(ms)}</span>
            <span className="sr">{spanWords(ms)}</span>
          </>
        )}
      </dd>
    </div>
  );
}
