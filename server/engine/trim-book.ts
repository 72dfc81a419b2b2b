import type { Book } from '@/lib/domain/book';
import { type Call, isOpenCall } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { HoldRequest } from '@/lib/domain/request';

/** How many calls and requests that are over stay at hand: late words about them still find them. */
const keptOver = 100;
/** Outcomes no agent has taken: one that never takes any must not fill the memory. */
const keptUntaken = 1_000;
/** Trimming walks the maps, so it waits until there is something to gain. */
const trimmedAbove = 200;

/**
 * Keeps a long session's book small: every decision walks its calls and requests, and what is over stands
 * in the store. To be called between decisions, for what it takes out cannot be taken back.
 */
export function trimBook(book: Book): void {
  if (book.calls.size > trimmedAbove) trimCalls(book);
  if (book.requests.size > trimmedAbove) trimRequests(book);
  if (book.connections.size > trimmedAbove) trimConnections(book);
}

/** A server that cannot be reached leaves one behind with every try. */
function trimConnections(book: Book): void {
  const over = [...book.connections.values()].filter((connection) => !isLiveConnection(connection));
  const gone = oldest(over, keptOver);
  for (const { connectionId } of gone) book.connections.delete(connectionId);
  carry(book, { servers: gone.map((connection) => connection.server) });
}

function carry(book: Book, gone: Partial<Book['carried']>): void {
  const { calls, servers, teams } = book.carried;
  book.carried = {
    calls: calls + (gone.calls ?? 0),
    servers: [...new Set([...servers, ...(gone.servers ?? [])])],
    teams: [...new Set([...teams, ...(gone.teams ?? [])])],
  };
}

function trimCalls(book: Book): void {
  const calls = [...book.calls.values()];
  const gone = [...oldest(calls.filter(isSettled), keptOver), ...oldest(calls.filter(isUntaken), keptUntaken)];
  for (const { callId } of gone) book.calls.delete(callId);
  carry(book, { calls: gone.length, servers: gone.map((call) => call.server) });
}

function trimRequests(book: Book): void {
  const over = [...book.requests.values()].filter(
    (request) => isOver(request) && (request.callId === null || !isOpen(book, request.callId)),
  );
  const gone = oldest(over, keptOver);
  for (const { requestId } of gone) book.requests.delete(requestId);
  carry(book, { teams: gone.flatMap(({ team }) => (team === null ? [] : [team.id])) });
}

/** Nothing more is to come of it: it ended, and the agent has its outcome. */
function isSettled(call: Call): boolean {
  return !isOpenCall(call) && call.deliveredAt !== null;
}

function isUntaken(call: Call): boolean {
  return !isOpenCall(call) && call.deliveredAt === null;
}

function oldest<T>(items: readonly T[], kept: number): readonly T[] {
  return items.slice(0, Math.max(0, items.length - kept));
}

function isOver(request: HoldRequest): boolean {
  return request.state !== 'open' && request.state !== 'answered';
}

function isOpen(book: Book, callId: Call['callId']): boolean {
  const call = book.calls.get(callId);
  return call !== undefined && isOpenCall(call);
}
