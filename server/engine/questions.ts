import type { Book } from '@/lib/domain/book';
import type { PersonRef } from '@/lib/domain/event';
import type { CallId, ConnectionId, TeamId } from '@/lib/domain/ids';
import { isPageFirst } from '@/lib/domain/permit';
import type { HoldRequest } from '@/lib/domain/request';
import { nobodyAnswered } from './answer-body';
import type { Ask } from './ask';
import type { EngineParts, LiveSession } from './parts';
import type { OutgoingAnswer } from './ports/upstream';
import { tooManyQuestionsCode } from './rpc-codes';

/** Each call may ask more than one thing at once, and none may fill the queue. */
export function questionsMost({ settings }: Pick<EngineParts, 'settings'>): number {
  return settings.limits.openCallsPerSession * 2;
}

/** Where a server asks. */
export interface AskedAt {
  readonly connectionId: ConnectionId;
  readonly server: string;
}

/**
 * Whether it was asked there. What a server asks while a call runs is of its connection; a page that is visited before a
 * call runs is of its server, and may be done on a later one.
 */
export function isAskedAt(
  request: Pick<HoldRequest, 'kind' | 'upstream' | 'server'>,
  { connectionId, server }: AskedAt,
): boolean {
  return isPageFirst(request) ? request.server === server : request.upstream?.connectionId === connectionId;
}

/** How many of the questions that were asked there wait for people. */
export function openQuestions(book: Book, at: AskedAt): number {
  let open = 0;
  for (const request of book.requests.values()) if (request.state === 'open' && isAskedAt(request, at)) open += 1;
  return open;
}

/**
 * By the call that asks; of several that may have asked, the team of those that have any. Where those are of different
 * teams it is none of them: rather admins alone see it than somebody whose it may not be (I11).
 */
export function questionsTeamOf(
  book: Book,
  asking: { readonly callId: CallId | null; readonly candidates: readonly CallId[] },
): TeamId | null {
  const ids = asking.callId === null ? asking.candidates : [asking.callId];
  const teams = [...new Set(ids.flatMap((id) => book.calls.get(id)?.questionsTeam ?? []))].sort();
  const [only] = teams;
  return teams.length > 1 ? (teams.join(' or ') as TeamId) : (only ?? null);
}

/** Whom the session's agent acts for. */
export function ownerRef(parts: Pick<EngineParts, 'roster'>, live: LiveSession): PersonRef | null {
  const owner = parts.roster.ownerOf(live.agent.id);
  return owner === null ? null : { id: owner.id, name: owner.name };
}

/** Why nobody is asked: the call is over, or too many questions wait already. */
export type Unasked = 'over' | 'many';

/** A server whose question nobody will be asked must not be left waiting. */
export function unaskedAnswer(
  parts: Pick<EngineParts, 'settings'>,
  { rpcId, ask }: { readonly rpcId: string | number; readonly ask: Ask },
  why: Unasked,
): OutgoingAnswer {
  if (why === 'over') return nobodyAnswered(rpcId, ask.kind, 'The call it belongs to is over.');
  const message = `${questionsMost(parts)} questions of this connection wait for people already. Ask again when one is answered.`;
  return { rpcId, error: { code: tooManyQuestionsCode, message } };
}
