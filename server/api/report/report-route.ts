import { setImmediate as turn } from 'node:timers/promises';
import type { SessionId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { SessionSummary } from '@/lib/domain/summary';
import { emptyTimeline, foldTimeline, type Timeline } from '@/lib/domain/timeline';
import type { PeopleDesk } from '@/server/engine/ports/people';
import { htmlReport } from './html-report';

export type ReportFormat = 'html' | 'jsonl';

export interface ReportAsked {
  readonly person: Person;
  readonly sessionId: SessionId;
  readonly format: ReportFormat;
  readonly now: number;
}

const eventsPage = 1_000;

/** What is missing or not one of the two reads as a report to print. */
export function readFormat(text: string | undefined): ReportFormat | null {
  if (text === undefined || text === 'html') return 'html';
  return text === 'jsonl' ? 'jsonl' : null;
}

/** A session as its page shows it: what the page may not show is in neither kind (I11, I14). */
export async function sessionReport(people: PeopleDesk, asked: ReportAsked): Promise<Result<Response>> {
  const { person, sessionId, format } = asked;
  const summary = await people.report(person, sessionId, format);
  if (!summary.ok) return summary;
  const name = `holdpoint-${sessionId}.${format}`;
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Shown or saved, it runs nothing and loads nothing.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    'content-type': format === 'html' ? 'text/html; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    'content-disposition': `${format === 'html' ? 'inline' : 'attachment'}; filename="${name}"`,
  };
  if (format === 'jsonl') return done(new Response(streamed(jsonLines(people, asked, summary.value)), { headers }));
  const timeline = await wholeOf(people, asked);
  if (!timeline.ok) return timeline;
  const order = { summary: summary.value, timeline: timeline.value, by: person.name, now: asked.now };
  return done(new Response(streamed(spaced(htmlReport(order))), { headers }));
}

/** The first line says what it is of; each other line is an event. */
async function* jsonLines(people: PeopleDesk, asked: ReportAsked, summary: SessionSummary): AsyncGenerator<string> {
  const { person, now } = asked;
  yield `${JSON.stringify({ report: 'session', version: 1, madeAt: now, madeBy: person.name, session: summary.session })}\n`;
  for await (const page of pagesOf(people, asked)) {
    if (!page.ok) throw new Error(page.message);
    yield page.value.map((event) => `${JSON.stringify(event)}\n`).join('');
  }
}

async function wholeOf(people: PeopleDesk, asked: ReportAsked): Promise<Result<Timeline>> {
  let timeline = emptyTimeline();
  for await (const page of pagesOf(people, asked)) {
    if (!page.ok) return page;
    timeline = foldTimeline(timeline, page.value);
    await turn();
  }
  return done(timeline);
}

async function* pagesOf(
  people: PeopleDesk,
  { person, sessionId }: ReportAsked,
): AsyncGenerator<Awaited<ReturnType<PeopleDesk['events']>>> {
  for (let afterSeq = 0; ; ) {
    const page = await people.events(person, sessionId, { afterSeq, limit: eventsPage });
    yield page;
    if (!page.ok || page.value.length < eventsPage) return;
    afterSeq = page.value.at(-1)?.seq ?? afterSeq;
  }
}

/** Others have their turn between the pieces. */
async function* spaced(pieces: Iterable<string>): AsyncGenerator<string> {
  for (const piece of pieces) {
    yield piece;
    await turn();
  }
}

/** Piece by piece, as fast as it is taken. */
function streamed(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

/** Why a report's address was not understood. */
export const unknownFormat: Refusal = refuse('bad_input', 'format: write html or jsonl, or leave it out for html.');
