import type { SessionEvent } from '@/lib/domain/event';
import type { SessionSummary } from '@/lib/domain/summary';
import type { SegmentKind } from '@/lib/domain/timeline/lane-model';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { EventRow } from '@/lib/domain/timeline/row';
import { RunningNames } from '@/lib/domain/timeline/running-names';
import { standingWords } from '@/lib/domain/timeline/standing';
import { clockTimeMs, exactTime, spanWords } from '@/lib/domain/timeline/time-words';
import { verdictWords } from '@/lib/domain/timeline/verdict-words';
import { verdictAt } from '@/lib/domain/verdict';
import type { CallLedger, LedgerCall } from './call-ledger';
import { escaped } from './escape';
import type { Span } from '@/lib/domain/timeline/spans';
import { reportStyle } from './style';

export interface ReportOrder {
  readonly summary: SessionSummary;
  /** Of the events below. */
  readonly ledger: CallLedger;
  /** From the first to the last, page by page. */
  readonly events: AsyncIterable<readonly SessionEvent[]>;
  /** Who had it made, and when. */
  readonly by: string;
  readonly now: number;
}

const rowsEach = 500;

/** One page that needs nothing else and runs nothing, piece by piece: what the session's page shows, to print and to keep. */
export async function* htmlReport(order: ReportOrder): AsyncGenerator<string> {
  const { sessionId } = order.summary.session;
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
<table class="events" tabindex="0">
<thead><tr><th class="r">No</th><th>Time</th><th>What happened</th><th>Tool or server</th><th>Person</th></tr></thead>
<tbody>
`;
  const names = new RunningNames();
  for await (const page of order.events) yield page.map((event) => eventLine(names.row(event))).join('');
  yield `</tbody>
</table>
</body>
</html>
`;
}

function head({ summary, ledger, by, now }: ReportOrder): string {
  const { session, servers } = summary;
  const verdict = verdictWords(summary, now);
  const clocks = ledger.clocksAt(now);
  const ending = ledger.life?.ending ?? null;
  const facts: readonly (readonly [string, string])[] = [
    ['Session', session.sessionId],
    ['Agent', session.agent.name],
    ['Client', session.client === null ? 'not told' : `${session.client.name} ${session.client.version}`],
    ['Servers', servers.length === 0 ? 'none' : servers.join(', ')],
    ['Started', exactTime(session.startedAt)],
    ['Ended', session.state === 'ended' ? exactTime(session.endedAt) : 'not yet'],
    ['With people', spanWords(clocks.withPeopleMs)],
    ['At work', spanWords(clocks.atWorkMs)],
    ['Calls', count(ledger.calls)],
    ['Events', count(ledger.events)],
    ...(ending === null
      ? []
      : [['Why it ended', ending.reason === '' ? 'no reason was given' : ending.reason] as const]),
    ['Report', `made ${exactTime(now)} by ${by}; times are of the server, ${zoneWords(now)}`],
  ];
  const rows = facts
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(plainLine(value))}</dd>`)
    .join('\n');
  const about = verdict.about === null ? '' : `<p>${asked(summary, ledger, now)}${escaped(verdict.about)}</p>\n`;
  return `<h1>${escaped(verdict.headline)} <span>${escaped(verdict.since)}</span></h1>
${about}<dl>
${rows}
</dl>
`;
}

/** What a recovery request asks, before the title of its call. */
function asked({ session, waits }: SessionSummary, ledger: CallLedger, now: number): string {
  const verdict = session.state === 'active' ? verdictAt(waits, now) : null;
  return verdict?.on === 'person' && ledger.asksToRunAgain(verdict.requestId) ? 'Run again? ' : '';
}

function* callTable({ ledger, now }: ReportOrder): Generator<string> {
  const span = ledger.spanAt(now);
  const { calls, left } = ledger.table(now);
  const note =
    left === 0
      ? ''
      : `<p>The newest ${count(calls.length)} calls are in this table; the ${count(left)} before them are among the events below.</p>\n`;
  yield `<h2>Calls</h2>
<p class="legend"><svg width="26" height="10"><rect class="work" y="4" width="26" height="3"/></svg> at work
<svg width="26" height="10"><rect class="people" width="26" height="10"/></svg> with people
<svg width="26" height="10"><rect class="model" width="26" height="10"/></svg> model
<svg width="26" height="10"><rect class="held" y="4" width="26" height="3"/></svg> held</p>
${note}<table class="calls" tabindex="0">
<thead><tr><th>Tool</th><th>Server</th><th>State</th><th>Received</th><th class="r">With people</th><th class="r">At work</th><th class="r">In all</th><th>Outcome</th><th>When</th></tr></thead>
<tbody>
`;
  for (let at = 0; at < calls.length; at += rowsEach)
    yield calls
      .slice(at, at + rowsEach)
      .map((call) => callLine(call, span))
      .join('');
  yield '</tbody>\n</table>\n';
}

function callLine(call: LedgerCall, span: Span): string {
  const spent = (kind: SegmentKind): string => {
    const ms = call.spentMs[kind];
    return ms === 0 ? '–' : spanWords(ms);
  };
  const runs = call.runs > 1 ? `${call.runs} runs` : '';
  const outcome = [runs, plainLine(call.cause)].filter((part) => part !== '').join(', ');
  return `<tr><td class="mono">${escaped(plainLine(call.tool))}</td><td>${escaped(call.server)}</td><td>${standingWords[call.standing]}</td><td class="mono at">${clockTimeMs(call.from)}</td><td class="r">${spent('people')}</td><td class="r">${spent('work')}</td><td class="r">${spanWords((call.to ?? span.to) - call.from)}</td><td>${escaped(outcome)}</td><td>${drawing(call, span)}</td></tr>
`;
}

const wide = 240;

/** Thin is machine, thick is waiting, as on the page. */
function drawing({ stretches }: LedgerCall, { from, to }: Span): string {
  const px = (at: number): number => Math.min(wide, Math.max(0, ((at - from) / (to - from)) * wide));
  const parts = stretches.map((part) => {
    const left = px(part.from);
    const width = Math.max(1, px(part.to ?? to) - left);
    const isThick = part.kind === 'people' || part.kind === 'model';
    const [top, height] = isThick ? [0, 10] : [4, 3];
    return `<rect class="${part.kind}" x="${left.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${height}"/>`;
  });
  return `<svg width="${wide}" height="10" aria-hidden="true">${parts.join('')}</svg>`;
}

function eventLine({ seq, at, words, subject, person, tone }: EventRow): string {
  return `<tr id="e${seq}" class="${tone}"><td class="r mono">${seq}</td><td class="mono at">${clockTimeMs(at)}</td><td>${escaped(words)}</td><td class="mono">${escaped(plainLine(subject ?? ''))}</td><td>${escaped(plainLine(person?.name ?? ''))}</td></tr>
`;
}

function count(of: number): string {
  return of.toLocaleString('en-US');
}

function zoneWords(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}
