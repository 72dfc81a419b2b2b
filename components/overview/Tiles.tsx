import Link from 'next/link';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import Check from 'lucide-react/icons/check';
import CircleHelp from 'lucide-react/icons/circle-question-mark';
import Clock from 'lucide-react/icons/clock';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '@/components/ui/Icon';
import type { Overview } from '@/lib/domain/overview/overview';
import type { Period } from '@/lib/domain/overview/period';
import { countOf, countText, tookText } from './figure-words';
import { beforeWords, dayWords } from './period-words';

interface Remark {
  readonly tone: 'plain' | 'ok' | 'danger' | 'person';
  readonly icon: LucideIcon | null;
  readonly words: string;
}

/** The figures that are read first, each with what there is to know about it. */
export function Tiles({ overview, period }: { readonly overview: Overview; readonly period: Period }): ReactNode {
  const { figures, now } = overview;
  const answered = figures.accepted + figures.declined;
  return (
    <dl className="tiles">
      <Tile name="Open now" remark={openRemark(overview)} href={now.open === 0 ? null : '/queue'}>
        {countText(now.open)}
      </Tile>
      <Tile name="Answered" remark={answeredRemark(overview)}>
        {countText(answered)}
      </Tile>
      <Tile name="Median time to answer" remark={fasterRemark(overview, period)}>
        {tookText(figures.medianMs)}
      </Tile>
      <Tile name="No one answered" remark={expiredRemark(overview)}>
        {countText(figures.expired)}
      </Tile>
      <Tile name="Servers stalled" remark={stalledRemark(overview)}>
        {countText(figures.stalled)}
      </Tile>
      <Tile name="Sessions ended by admins" remark={endedRemark(overview)}>
        {countText(figures.terminated)}
      </Tile>
    </dl>
  );
}

function Tile({
  name,
  remark,
  href = null,
  children,
}: {
  readonly name: string;
  readonly remark: Remark;
  readonly href?: string | null;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="tile">
      <dt>{name}</dt>
      <dd className="num">{href === null ? children : <Link href={href}>{children}</Link>}</dd>
      <dd className={`meta ${remark.tone === 'plain' ? '' : remark.tone}`}>
        {remark.icon === null ? null : <Icon of={remark.icon} size="xs" />}
        <span>{remark.words}</span>
      </dd>
    </div>
  );
}

function plain(words: string): Remark {
  return { tone: 'plain', icon: null, words };
}

function openRemark({ now }: Overview): Remark {
  if (now.open === 0) return { tone: 'ok', icon: Check, words: 'nothing waits for you' };
  if (now.expiring === 0) return plain('none ends within 5 minutes');
  const end = now.expiring === 1 ? 'ends' : 'end';
  return { tone: 'person', icon: Clock, words: `${countText(now.expiring)} ${end} within 5 minutes` };
}

function answeredRemark({ figures }: Overview): Remark {
  const { accepted, declined, undelivered } = figures;
  if (undelivered > 0)
    return { tone: 'danger', icon: TriangleAlert, words: `${countOf(undelivered, 'answer')} did not arrive` };
  if (accepted + declined === 0) return plain('no answer yet');
  return { tone: 'ok', icon: Check, words: `${countText(declined)} declined; every answer arrived` };
}

function fasterRemark({ figures, before, days }: Overview, period: Period): Remark {
  if (figures.medianMs === null || before.medianMs === null) return plain('nothing to compare with');
  const gainedMs = before.medianMs - figures.medianMs;
  const than = beforeWords(period, days.length);
  if (Math.abs(gainedMs) < figures.medianMs * 0.05) return plain(`as ${than}`);
  return gainedMs > 0
    ? { tone: 'ok', icon: ArrowDown, words: `${tookText(gainedMs)} faster than ${than}` }
    : { tone: 'person', icon: ArrowUp, words: `${tookText(-gainedMs)} slower than ${than}` };
}

function expiredRemark({ figures, days }: Overview): Remark {
  if (figures.expired === 0) return { tone: 'ok', icon: Check, words: 'everyone got an answer' };
  const worst = days.reduce((most, day) => (day.expired > most.expired ? day : most));
  return { tone: 'danger', icon: TriangleAlert, words: `${countText(worst.expired)} on ${dayWords(worst.date)}` };
}

function stalledRemark({ now }: Overview): Remark {
  const { stalled, slow } = now.moods;
  if (stalled > 0) return { tone: 'danger', icon: TriangleAlert, words: `${countText(stalled)} right now` };
  return slow > 0
    ? { tone: 'person', icon: Clock, words: `${countText(slow)} slow right now` }
    : { tone: 'ok', icon: Check, words: `none now; ${countOf(now.live, 'session')} live` };
}

function endedRemark({ figures }: Overview): Remark {
  if (figures.unknown > 0)
    return { tone: 'person', icon: CircleHelp, words: `${countOf(figures.unknown, 'outcome')} unknown` };
  return plain(`of ${countOf(figures.sessions, 'session')} that ended`);
}
