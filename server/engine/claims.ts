import type { Actor } from '@/lib/domain/actor';
import type { PersonRef } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { claimAt } from '@/lib/domain/claim';
import { claimLeaseMs, type HoldRequest } from '@/lib/domain/request';
import { bookOf, type LiveSession } from './parts';

/** Who is on a request: claims, which are leases, and assignments, which stay. */
export class Claims {
  async claim(live: LiveSession, person: Person, requestId: RequestId): Promise<Result<HoldRequest>> {
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const claimed = await live.log.change((book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined) return refuse('not_found');
      const own = claimAt(request, now);
      // Renewing more often than half the lease would only fill the log.
      if (own !== null && own.by.id === person.id && own.untilAt - now > claimLeaseMs / 2)
        return { events: [], value: null };
      return {
        events: [{ actor, body: { type: 'request.claimed', requestId, untilAt: now + claimLeaseMs } }],
        value: null,
      };
    });
    return claimed.ok ? current(live, requestId) : claimed;
  }

  async release(live: LiveSession, person: Person, requestId: RequestId): Promise<Result<HoldRequest>> {
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const released = await live.log.change((book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined) return refuse('not_found');
      if (claimAt(request, now)?.by.id !== person.id) return { events: [], value: null };
      return { events: [{ actor, body: { type: 'request.released', requestId } }], value: null };
    });
    return released.ok ? current(live, requestId) : released;
  }

  /** A claim of who hands it over goes with it. */
  async assign(
    live: LiveSession,
    person: Person,
    order: { readonly requestId: RequestId; readonly to: PersonRef | null },
  ): Promise<Result<HoldRequest>> {
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const { requestId, to } = order;
    const assigned = await live.log.change((book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined) return refuse('not_found');
      if (request.state !== 'open') return refuse('not_open', undefined, { state: request.state });
      if (request.assignedTo?.id === to?.id) return { events: [], value: null };
      const released = claimAt(request, now)?.by.id === person.id && to?.id !== person.id;
      return {
        events: [
          { actor, body: { type: 'request.assigned', requestId, to } },
          ...(released ? [{ actor, body: { type: 'request.released', requestId } as const }] : []),
        ],
        from: person.from ?? null,
        value: null,
      };
    });
    return assigned.ok ? current(live, requestId) : assigned;
  }
}

/** The request as it stands after a change of it. */
export function current(live: LiveSession, requestId: RequestId): Result<HoldRequest> {
  const request = bookOf(live).requests.get(requestId);
  return request === undefined ? refuse('not_found') : done(request);
}
