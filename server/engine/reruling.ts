import { holdpoint } from '@/lib/domain/actor';
import { openRequests } from '@/lib/domain/book';
import type { EventBody } from '@/lib/domain/event';
import type { CallId, RequestId } from '@/lib/domain/ids';
import { isJsonObject } from '@/lib/domain/json';
import { refuse } from '@/lib/domain/refusal';
import type { OpenRequest } from '@/lib/domain/request';
import { withdrawals } from './call-requests';
import { digestAsked } from './holding';
import { insist } from './insist';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Asked } from './questioning';
import { readBack } from './read-back';
import { ruleOn } from './ruling';
import { termsUnder } from './routing';

/** They share their commits. Each has what its call asked in memory meanwhile. */
const atOnce = 64;

/**
 * Rules that are saved while calls wait for approval: what was voted under the old ones is void (I6), so each is asked
 * about again under the new, or refused where they deny it. Also after a start, for rules that changed meanwhile.
 */
export class Reruling {
  private again = false;
  private running: Promise<void> | null = null;

  constructor(private readonly parts: EngineParts) {}

  /** Resolved when every open approval is under the rules in force. */
  async all(): Promise<void> {
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async run(): Promise<void> {
    while (this.again && !this.parts.stopping) {
      this.again = false;
      const stale = [...this.parts.live.values()].flatMap((live) =>
        openRequests(bookOf(live))
          .filter((request) => this.isStale(request))
          .map(({ requestId }) => ({ live, requestId })),
      );
      // One list that all of them take from.
      const left = stale.values();
      await Promise.all(Array.from({ length: atOnce }, () => this.each(left)));
    }
  }

  private async each(left: Iterable<{ readonly live: LiveSession; readonly requestId: RequestId }>): Promise<void> {
    for (const { live, requestId } of left) await this.one(live, requestId);
  }

  private isStale(request: OpenRequest): boolean {
    return request.approval !== null && request.approval.policyVersion !== this.parts.policy.version;
  }

  private async one(live: LiveSession, requestId: RequestId): Promise<void> {
    const asked = await this.askedBy(live, requestId);
    if (asked === null || this.parts.stopping) return;
    await insist(this.parts, live, (book, now) => {
      const request = book.requests.get(requestId);
      if (request?.state !== 'open' || request.callId === null || !this.isStale(request)) return refuse('not_open');
      // Edited meanwhile: that asked the rules itself.
      if (request.edited.length > 0 !== asked.isEdited) return refuse('not_open');
      const { callId, title } = request;
      const verdict = ruleOn(this.parts, live, asked.call);
      if (verdict.decision === 'deny') return { events: this.denied(live, callId, verdict.rule), value: null };
      const body: EventBody = {
        type: 'request.edited',
        requestId,
        digest: digestAsked(this.parts, asked.call),
        changed: request.edited,
        title,
        ...termsUnder(this.parts, live, { request, verdict, now }),
      };
      return { events: [{ actor: holdpoint, body }], value: null };
    });
  }

  private denied(
    live: LiveSession,
    callId: CallId,
    rule: Extract<EventBody, { type: 'call.denied' }>['rule'],
  ): ReturnType<typeof withdrawals> {
    const body: EventBody = { type: 'call.denied', callId, rule };
    return [...withdrawals(live, callId, 'A rule denies the call now.'), { actor: holdpoint, body }];
  }

  /** The call as it would be sent; null when what it asked is no longer kept. */
  private async askedBy(
    live: LiveSession,
    requestId: RequestId,
  ): Promise<{ readonly call: Asked; readonly isEdited: boolean } | null> {
    const request = bookOf(live).requests.get(requestId);
    if (request?.state !== 'open' || request.callId === null || request.tool === null) return null;
    const { callId, server, tool } = request;
    const isEdited = request.edited.length > 0;
    const { store } = this.parts;
    const [given, definition] = await readBack(this.parts, () =>
      Promise.all([store.payload(callId, isEdited ? 'edited' : 'arguments'), store.payload(callId, 'tool')]),
    );
    if (!isJsonObject(given) || !isJsonObject(definition)) return null;
    return { call: { server, tool, definition, arguments: given }, isEdited };
  }
}
