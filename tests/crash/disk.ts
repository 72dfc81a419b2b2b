import type { EventOf, SessionEvent } from '@/lib/domain/event';
import type { CallId, ConnectionId, OperationId, RequestId } from '@/lib/domain/ids';
import type { Commit } from '@/server/engine/ports/store';

const endings: ReadonlySet<string> = new Set([
  'call.completed',
  'call.failed',
  'call.cancelled',
  'call.rejected',
  'call.expired',
  'call.indeterminate',
]);

/** What reached the disk so far: what may be said and sent from now on, and what a crash would leave unknown. */
export class Disk {
  /** Server sessions by our connections. */
  readonly mcpSessions = new Map<ConnectionId, string | null>();
  /** How often a call was recorded as sent. */
  sendings = 0;
  private readonly events = new Set<string>();
  private readonly ended = new Set<CallId>();
  private readonly answered = new Set<RequestId>();
  private readonly said = new Set<OperationId>();
  private readonly questions: EventOf<'request.opened'>[] = [];
  /** Streams that have a place. */
  private readonly places = new Set<string>();
  /** The streams of calls that are on their way. */
  private readonly underWay = new Map<CallId, string>();

  note(batch: readonly Commit[]): void {
    for (const commit of batch) {
      for (const { connectionId, facts } of commit.attachments) this.mcpSessions.set(connectionId, facts.mcpSessionId);
      for (const { connectionId, stream } of commit.cursors) this.places.add(`${connectionId} ${stream}`);
      for (const event of commit.events) this.noteEvent(event);
    }
  }

  private noteEvent(event: SessionEvent): void {
    this.events.add(nameOf(event));
    if (event.type === 'request.opened') this.questions.push(event);
    if (event.type === 'request.answered') this.answered.add(event.requestId);
    if (event.type === 'request.answered' || event.type === 'request.voted') this.said.add(event.operationId);
    if (event.type === 'call.interrupted' || event.type === 'call.turned_back') this.underWay.delete(event.callId);
    if (event.type === 'call.sent') {
      this.sendings += 1;
      this.underWay.set(event.callId, `${event.connectionId} ${event.rpcId}`);
    }
    if (!('callId' in event) || event.callId === null || !endings.has(event.type)) return;
    this.ended.add(event.callId);
    this.underWay.delete(event.callId);
  }

  /** A call is on its way and could not be resumed if we died now. */
  get isVulnerable(): boolean {
    return [...this.underWay.values()].some((stream) => !this.places.has(stream));
  }

  has(event: SessionEvent): boolean {
    return this.events.has(nameOf(event));
  }

  hasEnded(callId: CallId): boolean {
    return this.ended.has(callId);
  }

  hasAnswer(requestId: RequestId): boolean {
    return this.answered.has(requestId);
  }

  /** An answer or a vote. */
  hasSaid(operationId: OperationId): boolean {
    return this.said.has(operationId);
  }

  /** The request a server asked under this id of its own, in this session of its own. */
  requestOf(mcpSessionId: string | undefined, rpcId: unknown): EventOf<'request.opened'> | null {
    const found = this.questions.findLast(
      ({ upstream }) =>
        upstream !== null &&
        upstream.rpcId === rpcId &&
        (this.mcpSessions.get(upstream.connectionId) ?? undefined) === mcpSessionId,
    );
    return found ?? null;
  }
}

function nameOf(event: SessionEvent): string {
  return `${event.sessionId} ${event.seq} ${event.type}`;
}
