import { describe, expect, it } from 'vitest';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { SessionEvent } from '@/lib/domain/event';
import type { JsonObject } from '@/lib/domain/json';
import { plainTerms } from '@/lib/domain/policy/approval';
import { summaryOf } from '@/lib/domain/summary';
import { completeCall, completeEvent, completeRequest, completeSummary } from '@/server/store/older-rows';
import released from './released.json' with { type: 'json' };

/** A session as a release before teams, votes and models wrote it: events, and the rows that release made of them. */
const events = released.events as readonly JsonObject[];
const calls = released.calls as readonly JsonObject[];
const requests = released.requests as readonly JsonObject[];

function fold(all: readonly JsonObject[]): Book {
  const book = emptyBook();
  for (const event of all) {
    const folded = foldEvent(book, event as unknown as SessionEvent);
    if (!folded.ok) throw new Error(`${JSON.stringify(event)}: ${folded.message}`);
  }
  return book;
}

describe('rows of an earlier release', () => {
  it('are, completed, what their completed events fold to', () => {
    const book = fold(events.map(completeEvent));
    expect([...book.calls.values()]).toEqual(calls.map(completeCall));
    expect([...book.requests.values()]).toEqual(requests.map(completeRequest));
    if (book.session === null) throw new Error('there is no session');
    // Until when it can go on was not written then.
    const known = { ...summaryOf(book, book.session), limit: null };
    expect(known).toEqual(completeSummary(released.summary as JsonObject));
  });

  it('hold every state and kind there was', () => {
    const states = requests.map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['open', 'answered', 'delivered', 'undelivered', 'expired', 'withdrawn']));
    expect(new Set(requests.map(({ kind }) => kind))).toEqual(new Set(['approval', 'form', 'url', 'sampling']));
  });

  it('are given the terms of one person to approvals alone', () => {
    for (const request of requests.map(completeRequest)) {
      expect(request['approval']).toEqual(request['kind'] === 'approval' ? plainTerms : null);
    }
  });

  it('pass unchanged once completed', () => {
    for (const event of events.map(completeEvent)) expect(completeEvent(event)).toBe(event);
    for (const call of calls.map(completeCall)) expect(completeCall(call)).toBe(call);
    for (const request of requests.map(completeRequest)) expect(completeRequest(request)).toBe(request);
  });
});
