import { setImmediate as turn } from 'node:timers/promises';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { SessionSummary } from '@/lib/domain/summary';
import type { PeopleDesk } from '@/server/engine/ports/people';
import { CallLedger } from './call-ledger';
import { htmlReport } from './html-report';

export type ReportFormat = 'html' | 'jsonl';

export interface ReportAsked {
  readonly person: Person;
  readonly sessionId: SessionId;
  readonly format: ReportFormat;
  readonly now: number;
  /** Whoever asked waits no longer: nothing more is read. */
  readonly gone: AbortSignal;
}

const eventsPage = 500;

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
  const ledger = await ledgerOf(people, asked);
  if (!ledger.ok) return ledger;
  const events = eventsUpTo(people, asked, ledger.value.events);
  const order = { summary: summary.value, ledger: ledger.value, events, by: person.name, now: asked.now };
  return done(new Response(streamed(htmlReport(order)), { headers }));
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

/** The first of two readings: no event is kept, and what the second shows is told ahead of it. */
async function ledgerOf(people: PeopleDesk, asked: ReportAsked): Promise<Result<CallLedger>> {
  const ledger = new CallLedger();
  for await (const page of pagesOf(people, asked)) {
    if (!page.ok) return page;
    for (const event of page.value) ledger.take(event);
  }
  return done(ledger);
}

/** Those that were there when it was begun: a session may go on meanwhile. */
async function* eventsUpTo(
  people: PeopleDesk,
  asked: ReportAsked,
  many: number,
): AsyncGenerator<readonly SessionEvent[]> {
  let left = many;
  for await (const page of pagesOf(people, asked)) {
    if (!page.ok) throw new Error(page.message);
    yield page.value.slice(0, left);
    left -= page.value.length;
    if (left <= 0) return;
  }
}

const nobodyWaits: Refusal = refuse('stopping', 'Nobody waits for this report any more.');

/** Others have their turn between the pages. */
async function* pagesOf(
  people: PeopleDesk,
  { person, sessionId, gone }: ReportAsked,
): AsyncGenerator<Result<readonly SessionEvent[]>> {
  for (let afterSeq = 0; ; ) {
    const page = gone.aborted ? nobodyWaits : await people.events(person, sessionId, { afterSeq, limit: eventsPage });
    yield page;
    if (!page.ok || page.value.length < eventsPage) return;
    afterSeq = page.value.at(-1)?.seq ?? afterSeq;
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
