import type { SessionSummary } from '@/lib/domain/summary';
import type { Timeline } from '@/lib/domain/timeline';
import { clocksAt, endOfTime } from '@/lib/domain/timeline/clocks';
import type { Lane, SegmentKind } from '@/lib/domain/timeline/lane';
import { plainLine } from '@/lib/domain/form/plain-text';
import { type EventRow, rowOf } from '@/lib/domain/timeline/row';
import { clockTimeMs, dayTime, spanWords } from '@/lib/domain/timeline/time-words';
import { verdictWords } from '@/lib/domain/timeline/verdict-words';
import { escaped } from './escape';
import { reportStyle } from './style';

export interface ReportOrder {
  readonly summary: SessionSummary;
  readonly timeline: Timeline;
  /** Who had it made, and when. */
  readonly by: string;
  readonly now: number;
}

const rowsEach = 500;

/** One page that needs nothing else and runs nothing, piece by piece: what the session's page shows, to print and to keep. */
export function* htmlReport(order: ReportOrder): Generator<string> {
  const { summary, timeline } = order;
  const { sessionId } = summary.session;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Session ${escaped(sessionId)} · Holdpoint report</title>
<style>${reportStyle}</style>
</head>
<body>
`;
  yield head(order);
  yield* callTable(order);
  yield `<h2>Events</h2>
<table class="events">
<thead><tr><th class="r">No</th><th>Time</th><th>What happened</th><th>Tool or server</th><th>Person</th></tr></thead>
<tbody>
`;
  let lines: string[] = [];
  for (const event of timeline.events) {
    lines.push(eventLine(rowOf(timeline, event)));
    if (lines.length < rowsEach) continue;
    yield lines.join('');
    lines = [];
  }
  yield `${lines.join('')}</tbody>
</table>
</body>
</html>
`;
}

function head({ summary, timeline, by, now }: ReportOrder): string {
  const { session, servers } = summary;
  const verdict = verdictWords(summary, now);
  const clocks = clocksAt(timeline, null, now);
  const ending = timeline.life?.ending ?? null;
  const facts: readonly (readonly [string, string])[] = [
    ['Session', session.sessionId],
    ['Agent', session.agent.name],
    ['Client', session.client === null ? 'not told' : `${session.client.name} ${session.client.version}`],
    ['Servers', servers.length === 0 ? 'none' : servers.join(', ')],
    ['Started', dateTime(session.startedAt)],
    ['Ended', session.state === 'ended' ? dateTime(session.endedAt) : 'not yet'],
    ['With people', spanWords(clocks.withPeopleMs)],
    ['At work', spanWords(clocks.atWorkMs)],
    ['Calls', timeline.lanes.size.toLocaleString('en-US')],
    ['Events', timeline.events.size.toLocaleString('en-US')],
    ...(ending === null
      ? []
      : [['Why it ended', ending.reason === '' ? 'no reason was given' : ending.reason] as const]),
    ['Report', `made ${dateTime(now)} by ${by}; times are of the server, ${zoneWords(now)}`],
  ];
  const rows = facts
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(plainLine(value))}</dd>`)
    .join('\n');
  const about = verdict.about === null ? '' : `<p>${escaped(verdict.about)}</p>\n`;
  return `<h1>${escaped(verdict.headline)} <span>${escaped(verdict.since)}</span></h1>
${about}<dl>
${rows}
</dl>
`;
}

function* callTable({ timeline, now }: ReportOrder): Generator<string> {
  const from = timeline.life?.startedAt ?? timeline.events.first?.at ?? now;
  const to = Math.max(from + 1, endOfTime(timeline, now));
  yield `<h2>Calls</h2>
<p class="legend"><svg width="26" height="10"><rect class="work" y="4" width="26" height="3"/></svg> at work
<svg width="26" height="10"><rect class="people" width="26" height="10"/></svg> with people
<svg width="26" height="10"><rect class="model" width="26" height="10"/></svg> model
<svg width="26" height="10"><rect class="held" y="4" width="26" height="3"/></svg> held</p>
<table class="calls">
<thead><tr><th>Tool</th><th>Server</th><th>State</th><th>Received</th><th class="r">With people</th><th class="r">At work</th><th class="r">In all</th><th>Outcome</th><th>When</th></tr></thead>
<tbody>
`;
  const lanes = [...timeline.lanes.values()].sort((a, b) => a.seq - b.seq);
  for (let at = 0; at < lanes.length; at += rowsEach)
    yield lanes
      .slice(at, at + rowsEach)
      .map((lane) => callLine(lane, { from, to }))
      .join('');
  yield '</tbody>\n</table>\n';
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function callLine(lane: Lane, span: Span): string {
  const spent = (kind: SegmentKind): string => {
    const ms = lane.segments.reduce(
      (sum, part) => sum + (part.kind === kind ? Math.max(0, (part.to ?? span.to) - part.from) : 0),
      0,
    );
    return ms === 0 ? '–' : spanWords(ms);
  };
  const cause = lane.outcome?.cause ?? '';
  const runs = lane.runs > 1 ? `${lane.runs} runs` : '';
  const outcome = [runs, plainLine(cause)].filter((part) => part !== '').join(', ');
  return `<tr><td class="mono">${escaped(plainLine(lane.tool))}</td><td>${escaped(lane.server)}</td><td>${stateWords(lane)}</td><td class="mono">${clockTimeMs(lane.from)}</td><td class="r">${spent('people')}</td><td class="r">${spent('work')}</td><td class="r">${spanWords((lane.to ?? span.to) - lane.from)}</td><td>${escaped(outcome)}</td><td>${drawing(lane, span)}</td></tr>
`;
}

function stateWords({ state, outcome }: Lane): string {
  return outcome?.isError === true ? 'tool error' : state.replaceAll('_', ' ');
}

const wide = 240;

/** Thin is machine, thick is waiting, as on the page. */
function drawing({ segments }: Lane, { from, to }: Span): string {
  const px = (at: number): number => Math.min(wide, Math.max(0, ((at - from) / (to - from)) * wide));
  const parts = segments.map((segment) => {
    const left = px(segment.from);
    const width = Math.max(1, px(segment.to ?? to) - left);
    const isThick = segment.kind === 'people' || segment.kind === 'model';
    const [top, height] = isThick ? [0, 10] : [4, 3];
    return `<rect class="${segment.kind}" x="${left.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${height}"/>`;
  });
  return `<svg width="${wide}" height="10" aria-hidden="true">${parts.join('')}</svg>`;
}

function eventLine({ seq, at, words, subject, person, tone }: EventRow): string {
  return `<tr id="e${seq}" class="${tone}"><td class="r mono">${seq}</td><td class="mono">${clockTimeMs(at)}</td><td>${escaped(words)}</td><td class="mono">${escaped(plainLine(subject ?? ''))}</td><td>${escaped(plainLine(person?.name ?? ''))}</td></tr>
`;
}

function dateTime(at: number): string {
  return `${dayTime(at, 0)}, ${clockTimeMs(at)}`;
}

function zoneWords(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}
