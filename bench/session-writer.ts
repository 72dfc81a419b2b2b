import { randomBytes } from 'node:crypto';
import type { Actor } from '@/lib/domain/actor';
import type { AuditDraft } from '@/lib/domain/audit';
import { auditOf } from '@/lib/domain/audit-of';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import { mintId, type CallId, type RequestId, type SessionId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';
import { summaryOf } from '@/lib/domain/summary';
import type { Commit, Payload } from '@/server/engine/ports/store';

/** Where a message went; a call's id names the stream of that call. */
export type Place = { readonly [D in RawMessage['direction']]?: string };

export interface WrittenOrder {
  readonly startedAt: number;
  /** From one event to the next. */
  readonly stepMs: number;
  readonly server: string;
  /** A new one, unless given. */
  readonly sessionId?: SessionId;
}

/** A session written event by event: its states are folded as the engine folds them, so it is saved as any other. */
export class SessionWriter {
  readonly sessionId: SessionId;
  readonly #book: Book = emptyBook();
  readonly #events: SessionEvent[] = [];
  readonly #payloads: Payload[] = [];
  readonly #raw: RawMessage[] = [];
  readonly #stepMs: number;
  readonly #server: string;
  #at: number;

  constructor({ startedAt, stepMs, server, sessionId }: WrittenOrder) {
    this.sessionId = sessionId ?? mintId('session', randomBytes);
    this.#at = startedAt;
    this.#stepMs = stepMs;
    this.#server = server;
  }

  /** When the last event was. */
  get at(): number {
    return this.#at;
  }

  /** How many it has so far. */
  get events(): number {
    return this.#events.length;
  }

  /** What the audit log would keep of it, in order. */
  acts(): readonly AuditDraft[] {
    const { calls, requests } = this.#book;
    return this.#events.flatMap((event) => {
      const request = 'requestId' in event ? (requests.get(event.requestId) ?? null) : null;
      const call = 'callId' in event && event.callId !== null ? (calls.get(event.callId) ?? null) : null;
      return auditOf(event, { request, call, from: null }) ?? [];
    });
  }

  /** Nothing happens for so long. */
  wait(ms: number): void {
    this.#at += ms;
  }

  note(actor: Actor, body: EventBody): void {
    this.#at += this.#stepMs;
    const { sessionId } = this;
    const event: SessionEvent = { sessionId, seq: this.#events.length + 1, at: this.#at, actor, ...body };
    const folded = foldEvent(this.#book, event);
    if (!folded.ok) throw new Error(`${event.type} of a written session was refused: ${folded.message}`);
    this.#events.push(event);
  }

  keep(owner: CallId | RequestId, bodies: Partial<Record<Payload['kind'], Json>>): void {
    for (const [kind, body] of Object.entries(bodies))
      if (body !== undefined) this.#payloads.push({ owner, kind: kind as Payload['kind'], body });
  }

  said(place: Place, message: Json): void {
    const stream = place.in ?? place.out ?? 'control';
    const connectionId = [...this.#book.connections.keys()][0] ?? null;
    const side =
      stream === 'agent'
        ? ({ side: 'agent', server: null, connectionId: null } as const)
        : ({ side: 'server', server: this.#server, connectionId } as const);
    const direction = place.in === undefined ? 'out' : 'in';
    const seq = this.#raw.length + 1;
    this.#raw.push({ ...side, stream, direction, message, sessionId: this.sessionId, seq, at: this.#at });
  }

  /** All of it, as one transaction. */
  commit(): Commit {
    const book = this.#book;
    if (book.session === null) throw new Error('The written session has not started');
    return {
      sessionId: this.sessionId,
      events: this.#events,
      summary: summaryOf(book, book.session),
      connections: [...book.connections.values()],
      calls: [...book.calls.values()],
      requests: [...book.requests.values()],
      payloads: this.#payloads,
      attachments: [],
      cursors: [],
      agentCalls: [],
      audit: [],
      raw: this.#raw,
    };
  }
}
