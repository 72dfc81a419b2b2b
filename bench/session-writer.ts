import { randomBytes } from 'node:crypto';
import type { Actor } from '@/lib/domain/actor';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import { mintId, type CallId, type RequestId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';
import { summaryOf } from '@/lib/domain/summary';
import type { Commit, Payload } from '@/server/engine/ports/store';

/** Where a message went; a call's id names the stream of that call. */
export type Place = { readonly [D in RawMessage['direction']]?: string };

/** A session written event by event: its states are folded as the engine folds them, so it is saved as any other. */
export class SessionWriter {
  readonly sessionId: SessionEvent['sessionId'] = mintId('session', randomBytes);
  readonly #book: Book = emptyBook();
  readonly #events: SessionEvent[] = [];
  readonly #payloads: Payload[] = [];
  readonly #raw: RawMessage[] = [];
  readonly #stepMs: number;
  readonly #server: string;
  #at: number;

  constructor({
    startedAt,
    stepMs,
    server,
  }: { readonly startedAt: number; readonly stepMs: number; readonly server: string }) {
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
