import { type Book, foldEvent } from '@/lib/domain/book';
import type { SessionEvent } from '@/lib/domain/event';
import type { PersonId } from '@/lib/domain/ids';
import type { HoldRequest, OpenRequest } from '@/lib/domain/request';
import type { Fold } from './drive';

/** The fold with one guard taken out each; the comparison with the model must notice. */
export const sabotages: Readonly<Record<string, Fold>> = {
  'I1 a second answer wins over the first': (book, event, touched) => {
    if (event.type === 'request.answered')
      change(book, event, (request) => ('answer' in request ? reopened(request) : request));
    return foldEvent(book, event, touched);
  },
  'I1 a claim of another is taken': (book, event, touched) => {
    if (event.type === 'request.claimed') change(book, event, withOpen({ claim: null }));
    return foldEvent(book, event, touched);
  },
  'I6 one approval is always enough': (book, event, touched) => {
    if (event.type === 'request.answered')
      change(book, event, (request) =>
        request.approval === null || request.state !== 'open'
          ? request
          : {
              ...request,
              approval: { ...request.approval, approvals: [{ count: 1, role: null, team: null, teamName: null }] },
            },
      );
    return foldEvent(book, event, touched);
  },
  'I6 a person counts as often as they say so': (book, event, touched) =>
    foldEvent(book, event.type === 'request.voted' ? asStranger(event) : event, touched),
  'I6 who answers for the agent approves': (book, event, touched) => {
    if (event.type === 'request.voted' || event.type === 'request.answered')
      change(book, event, (request) =>
        request.approval === null ? request : { ...request, approval: { ...request.approval, notBy: null } },
      );
    return foldEvent(book, event, touched);
  },
  'I6 votes outlive an edit': (book, event, touched) => {
    const votes = event.type === 'request.edited' ? (book.requests.get(event.requestId)?.votes ?? []) : null;
    const folded = foldEvent(book, event, touched);
    if (votes !== null && folded.ok) change(book, event, (request) => ({ ...request, votes }));
    return folded;
  },
  'I6 an edit keeps the digest': (book, event, touched) => {
    const digest = event.type === 'request.edited' ? (book.requests.get(event.requestId)?.digest ?? null) : null;
    const folded = foldEvent(book, event, touched);
    if (digest !== null && folded.ok) change(book, event, (request) => ({ ...request, digest }));
    return folded;
  },
  'I6 an edit keeps the revision': (book, event, touched) => {
    const revision = event.type === 'request.edited' ? book.requests.get(event.requestId)?.revision : undefined;
    const folded = foldEvent(book, event, touched);
    if (revision !== undefined && folded.ok) change(book, event, (request) => ({ ...request, revision }));
    return folded;
  },
  'I6 denials are not counted': (book, event, touched) => {
    if (event.type === 'request.answered')
      change(book, event, (request) => ({ ...request, votes: request.votes.filter(({ vote }) => vote === 'approve') }));
    return foldEvent(book, event, touched);
  },
  'I3 a call leaves without being let go': (book, event, touched) => {
    const call = event.type === 'call.sent' ? book.calls.get(event.callId) : undefined;
    if (call?.state === 'held') book.calls.set(call.callId, { ...call, reasons: ['sending'] });
    return foldEvent(book, event, touched);
  },
  'I7 a deadline reads as a refusal': (book, event, touched) =>
    foldEvent(
      book,
      event.type === 'call.expired' ? { ...event, type: 'call.rejected', reason: 'a person declined it' } : event,
      touched,
    ),
  'I15 an event is recorded as another': (book, event, touched) =>
    foldEvent(book, event.type === 'request.noted' ? { ...event, type: 'request.released' } : event, touched),
};

function change(book: Book, event: SessionEvent, how: (request: HoldRequest) => HoldRequest): void {
  if (!('requestId' in event)) return;
  const request = book.requests.get(event.requestId);
  if (request !== undefined) book.requests.set(request.requestId, how(request));
}

function withOpen(more: Partial<OpenRequest>): (request: HoldRequest) => HoldRequest {
  return (request) => (request.state === 'open' ? { ...request, ...more } : request);
}

function reopened(request: Extract<HoldRequest, { readonly answer: unknown }>): OpenRequest {
  const { answer: _answer, receipt: _receipt, ...facts } = request;
  return { ...facts, votes: [], state: 'open', claim: null };
}

let strangers = 0;

function asStranger<E extends SessionEvent>(event: E): E {
  if (event.actor.kind !== 'person') return event;
  strangers += 1;
  return { ...event, actor: { ...event.actor, id: `${event.actor.id}-${strangers}` as PersonId } };
}
