import { type Actor, holdpoint } from '@/lib/domain/actor';
import { openRequests } from '@/lib/domain/book';
import type { EventBody } from '@/lib/domain/event';
import { mintId, type RequestId } from '@/lib/domain/ids';
import { isPageFirst } from '@/lib/domain/permit';
import { refuse } from '@/lib/domain/refusal';
import type { OpenRequest } from '@/lib/domain/request';
import { whyInterrupted } from './consequence';
import { insist } from './insist';
import type { EngineParts, LiveSession } from './parts';
import { type AskedAt, isAskedAt } from './questions';
import type { Draft } from './session-log';
import { pageDone, pageExpired } from './turning-back';

/** What becomes of requests without anyone answering them. */
export class Expiring {
  constructor(private readonly parts: EngineParts) {}

  /** The deadline came (I7): the server hears cancel; a held call ends as expired, or goes where its rule says so. */
  async expire(live: LiveSession, requestId: RequestId): Promise<void> {
    await insist(this.parts, live, (book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined || request.state !== 'open' || request.deadline.at > now) return refuse('not_open');
      const events: Draft[] = [{ actor: holdpoint, body: { type: 'request.expired', requestId } }];
      events.push(...afterwards(live, request));
      return { events, value: null };
    });
  }

  /** The first team has not answered: a second one is asked too. */
  async escalate(live: LiveSession, requestId: RequestId): Promise<void> {
    await insist(this.parts, live, (book, now) => {
      const request = book.requests.get(requestId);
      const due = request?.state === 'open' ? (request.approval?.escalation ?? null) : null;
      if (request === undefined || due === null || due.at > now || isAsked(request, due.team.id))
        return refuse('not_open');
      const why = request.team === null ? 'It had not been answered.' : `${request.team.name} had not answered it.`;
      return {
        events: [{ actor: holdpoint, body: { type: 'request.escalated', requestId, team: due.team, why } }],
        value: null,
      };
    });
  }

  /** The server says that what a URL was for is done: whatever asks for it is answered, by itself. */
  async completeUrl(live: LiveSession, link: AskedAt & { readonly elicitationId: string }): Promise<void> {
    const { server, elicitationId } = link;
    const actor: Actor = { kind: 'server', name: server };
    await insist(this.parts, live, (book) => {
      // Each server speaks for its own links only, in the session that has them.
      const events = openRequests(book)
        .filter((request) => request.elicitationId === elicitationId && isAskedAt(request, link))
        .flatMap((request): readonly Draft[] => [
          { actor, body: this.visited(request.requestId) },
          ...(isPageFirst(request) ? pageDone(live, request, actor) : []),
        ]);
      return events.length === 0 ? refuse('not_open') : { events, value: null };
    });
  }

  private visited(requestId: RequestId): EventBody {
    const operationId = mintId('operation', this.parts.random);
    const nothingMore = { reason: null, as: null, tookMs: null, remember: null, usage: null };
    return { type: 'request.answered', requestId, action: 'accept', operationId, ...nothingMore };
  }
}

function isAsked(request: Pick<OpenRequest, 'team' | 'alsoTeams'>, id: string): boolean {
  return request.team?.id === id || request.alsoTeams.some((team) => team.id === id);
}

/** What its deadline means for the call; nothing where its server is told. */
function afterwards(live: LiveSession, request: OpenRequest): readonly Draft[] {
  const { callId, requestId, kind } = request;
  if (callId === null) return [];
  if (isPageFirst(request)) return pageExpired(live, request);
  if (kind === 'recovery') {
    const why = `${whyInterrupted(live, callId)} No one decided in time whether to run it again.`;
    return [{ actor: holdpoint, body: { type: 'call.indeterminate', callId, why } }];
  }
  if (kind !== 'approval') return [];
  const isAllowed = request.deadline.onExpiry === 'allow' && request.votes.every(({ vote }) => vote === 'approve');
  if (!isAllowed) return [{ actor: holdpoint, body: { type: 'call.expired', callId, requestId } }];
  const words = 'No one answered in time, and the rule lets it go then.';
  return [{ actor: holdpoint, body: { type: 'call.allowed', callId, rule: { id: 'deadline', words } } }];
}
