import { holdpoint } from '@/lib/domain/actor';
import type { EventBody } from '@/lib/domain/event';
import { type ConnectionId, mintId, type RequestId } from '@/lib/domain/ids';
import { refuse } from '@/lib/domain/refusal';
import type { OpenRequest } from '@/lib/domain/request';
import { whyInterrupted } from './consequence';
import { insist } from './insist';
import type { EngineParts, LiveSession } from './parts';
import type { Draft } from './session-log';

/** What becomes of requests without anyone answering them. */
export class Expiring {
  constructor(private readonly parts: EngineParts) {}

  /** The deadline came (I7): the server hears cancel; a held call ends as expired, or goes where its rule says so. */
  async expire(live: LiveSession, requestId: RequestId): Promise<void> {
    await insist(this.parts, live, (book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined || request.state !== 'open' || request.deadline.at > now) return refuse('not_open');
      const events: Draft[] = [{ actor: holdpoint, body: { type: 'request.expired', requestId } }];
      const body = afterwards(live, request);
      if (body !== null) events.push({ actor: holdpoint, body });
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

  /** The server says that what the URL was for is done: its question is answered, by itself. */
  async completeUrl(
    live: LiveSession,
    link: { readonly connectionId: ConnectionId; readonly elicitationId: string },
  ): Promise<void> {
    await insist(this.parts, live, (book) => {
      for (const request of book.requests.values()) {
        if (request.state !== 'open' || request.elicitationId !== link.elicitationId) continue;
        // Each server speaks for its own links only.
        if (request.upstream?.connectionId !== link.connectionId) continue;
        const operationId = mintId('operation', this.parts.random);
        const body: EventBody = {
          type: 'request.answered',
          requestId: request.requestId,
          action: 'accept',
          reason: null,
          operationId,
          as: null,
          tookMs: null,
          remember: null,
          usage: null,
        };
        return { events: [{ actor: { kind: 'server', name: request.server }, body }], value: null };
      }
      return refuse('not_open');
    });
  }
}

function isAsked(request: Pick<OpenRequest, 'team' | 'alsoTeams'>, id: string): boolean {
  return request.team?.id === id || request.alsoTeams.some((team) => team.id === id);
}

/** What its deadline means for the call; null where its server is told. */
function afterwards(live: LiveSession, request: OpenRequest): EventBody | null {
  const { callId, requestId, kind } = request;
  if (callId === null) return null;
  if (kind === 'recovery') {
    const why = `${whyInterrupted(live, callId)} No one decided in time whether to run it again.`;
    return { type: 'call.indeterminate', callId, why };
  }
  if (kind !== 'approval') return null;
  const isAllowed = request.deadline.onExpiry === 'allow' && request.votes.every(({ vote }) => vote === 'approve');
  if (!isAllowed) return { type: 'call.expired', callId, requestId };
  const words = 'No one answered in time, and the rule lets it go then.';
  return { type: 'call.allowed', callId, rule: { id: 'deadline', words } };
}
