import type { EventOf, EventType, SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId, SessionId } from '@/lib/domain/ids';
import type { SpanKey } from './trace-context';

export type Fact = string | number | boolean;
export type Facts = Readonly<Record<string, Fact>>;

/** One span of a call: what happened, when, and under which other span. Times are epoch milliseconds. */
export interface SpanDraft {
  readonly key: SpanKey;
  /** Null for the call's own. */
  readonly parent: SpanKey | null;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly startAt: number;
  readonly endAt: number;
  readonly facts: Facts;
  readonly marks: readonly { readonly at: number; readonly name: string; readonly facts: Facts }[];
  /** Why it failed; null when it did not. A person's no is no failure, nor is one who did not answer. */
  readonly failed: string | null;
}

/** How a call ended, as figures count it. */
export const outcomes = [
  'completed',
  'tool_error',
  'failed',
  'cancelled',
  'denied',
  'rejected',
  'expired',
  'indeterminate',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What is told of a call that ended: its spans, the call's own first, and its outcome. */
export interface EndedStory {
  readonly callId: CallId;
  readonly sessionId: SessionId;
  readonly server: string;
  readonly outcome: Outcome;
  readonly spans: readonly SpanDraft[];
}

const marksMost = 64;
/** A server may ask and take back without end while one call lasts: the first are kept, and all are counted. */
const requestsMost = 200;

type Writing = { -readonly [K in keyof SpanDraft]: SpanDraft[K] } & {
  facts: Record<string, Fact>;
  marks: { at: number; name: string; facts: Facts }[];
};

/**
 * A call's events, told as spans. Words of agents, servers and people are left out: they are kept here, under our own
 * rules of who may see them and for how long, and nowhere else (I14).
 */
export class CallStory {
  private readonly root: Writing;
  private readonly sends: Writing[] = [];
  private readonly waits = new Map<RequestId, Writing>();
  private readonly over: Writing[] = [];
  private readonly received: EventOf<'call.received'>;
  private progress = 0;
  private requests = 0;
  private ended: Outcome | null = null;

  constructor(received: EventOf<'call.received'>) {
    const { callId, sessionId, server, tool, risk, argumentsBytes, at, actor } = received;
    this.received = received;
    this.root = begin({ of: 'call', id: callId }, null, { name: `tools/call ${tool}`, kind: 'server', at });
    Object.assign(this.root.facts, {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'holdpoint.call.id': callId,
      'holdpoint.session.id': sessionId,
      'holdpoint.server': server,
      'holdpoint.risk': risk,
      'holdpoint.arguments.bytes': argumentsBytes,
      ...(actor.kind === 'agent' ? { 'holdpoint.agent.id': actor.id } : {}),
    });
  }

  /** Whether what becomes of a request is told as a part of this. */
  follows(id: RequestId): boolean {
    return this.waits.has(id);
  }

  /** What it tells, once the call is over; null until then. */
  take(event: SessionEvent): EndedStory | null {
    if (this.ended !== null) return null;
    switch (event.type) {
      case 'call.held':
      case 'call.allowed':
      case 'call.denied':
        return this.ruled(event);
      case 'call.sent':
        this.sent(event);
        return null;
      case 'call.interrupted':
        this.closeSend(event.at, 'connection_lost');
        return null;
      case 'call.turned_back':
        this.closeSend(event.at, 'url_elicitation_required');
        return null;
      case 'call.progress':
        this.progressed(event);
        return null;
      case 'call.result_lost':
      case 'call.urls_done':
      case 'call.agent_left':
      case 'call.agent_back':
        mark(this.root, event);
        return null;
      case 'request.opened':
        this.opened(event);
        return null;
      case 'request.to_person':
        this.toPerson(event);
        return null;
      case 'request.voted':
      case 'request.edited':
      case 'request.assigned':
      case 'request.escalated':
      case 'request.drafted':
      case 'answer.sent':
      case 'answer.accepted':
      case 'answer.moved_on':
      case 'answer.undelivered':
        this.noted(event);
        return null;
      case 'request.answered':
      case 'request.expired':
      case 'request.withdrawn':
        this.settled(event);
        return null;
      default:
        return this.closed(event);
    }
  }

  private ruled(event: EventOf<'call.held' | 'call.allowed' | 'call.denied'>): EndedStory | null {
    this.root.facts['holdpoint.rule.id'] = event.rule.id;
    return event.type === 'call.denied' ? this.end(event.at, { outcome: 'denied', failed: null }) : null;
  }

  private sent(event: EventOf<'call.sent'>): void {
    const { tool, server } = this.received;
    const key: SpanKey = { of: 'send', id: event.rpcId };
    const span = begin(key, this.root.key, { name: `tools/call ${tool}`, kind: 'client', at: event.at });
    Object.assign(span.facts, {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'jsonrpc.request.id': event.rpcId,
      'holdpoint.server': server,
      'holdpoint.connection.id': event.connectionId,
      'holdpoint.run': this.sends.length + 1,
    });
    this.sends.push(span);
  }

  private progressed(event: EventOf<'call.progress'>): void {
    this.progress += 1;
    const span = this.sends.at(-1) ?? this.root;
    const { progress, total } = event;
    mark(span, event, { progress, ...(total === null ? {} : { total }) });
  }

  private opened(event: EventOf<'request.opened'>): void {
    const { requestId, kind, writer, at, upstream, team } = event;
    this.requests += 1;
    if (this.requests > requestsMost) return;
    const of = writer === 'model' ? 'model' : 'human wait';
    const parent = upstream === null ? this.root.key : (this.sends.at(-1)?.key ?? this.root.key);
    const span = begin({ of, id: requestId }, parent, waitLook(of, kind, at));
    Object.assign(span.facts, {
      'holdpoint.request.id': requestId,
      'holdpoint.request.kind': kind,
      ...(team === null ? {} : { 'holdpoint.team.id': team.id }),
    });
    this.waits.set(requestId, span);
  }

  /** The model gave up: its time is over, and a person's begins. */
  private toPerson(event: EventOf<'request.to_person'>): void {
    const before = this.waits.get(event.requestId);
    if (before === undefined) return;
    const { facts } = before;
    this.closeWait(event.requestId, { at: event.at, failed: 'model_failed' });
    const look = waitLook('human wait', String(facts['holdpoint.request.kind']), event.at);
    const span = begin({ of: 'human wait', id: event.requestId }, before.parent, look);
    Object.assign(span.facts, facts);
    this.waits.set(event.requestId, span);
  }

  private noted(event: EventOf<NotedType>): void {
    const span = this.waits.get(event.requestId) ?? this.sends.at(-1) ?? this.root;
    if (event.type !== 'request.drafted') return mark(span, event);
    mark(span, event, usageFacts(event.usage));
  }

  private settled(event: EventOf<'request.answered' | 'request.expired' | 'request.withdrawn'>): void {
    const span = this.waits.get(event.requestId);
    if (span === undefined) return;
    if (event.type === 'request.answered') {
      span.facts['holdpoint.answer'] = event.action;
      if (event.usage !== null) Object.assign(span.facts, usageFacts(event.usage));
    } else {
      span.facts['holdpoint.answer'] = event.type === 'request.expired' ? 'nobody' : 'withdrawn';
    }
    this.closeWait(event.requestId, { at: event.at, failed: null });
  }

  private closed(event: SessionEvent): EndedStory | null {
    switch (event.type) {
      case 'call.completed':
        this.root.facts['holdpoint.result.bytes'] = event.resultBytes;
        return event.isError
          ? this.end(event.at, { outcome: 'tool_error', failed: 'tool_error' })
          : this.end(event.at, { outcome: 'completed', failed: null });
      case 'call.failed':
        return this.end(event.at, { outcome: 'failed', failed: String(event.error.code) });
      case 'call.cancelled':
        this.root.facts['holdpoint.cancelled_by'] = event.by;
        return this.end(event.at, { outcome: 'cancelled', failed: null });
      case 'call.rejected':
        return this.end(event.at, { outcome: 'rejected', failed: null });
      case 'call.expired':
        return this.end(event.at, { outcome: 'expired', failed: null });
      case 'call.indeterminate':
        return this.end(event.at, { outcome: 'indeterminate', failed: 'indeterminate' });
      default:
        return null;
    }
  }

  private end(at: number, how: { readonly outcome: Outcome; readonly failed: string | null }): EndedStory {
    const { outcome, failed } = how;
    this.ended = outcome;
    for (const requestId of [...this.waits.keys()]) this.closeWait(requestId, { at, failed: null });
    this.closeSend(at, failed);
    const { root } = this;
    root.endAt = at;
    root.failed = failed;
    root.facts['holdpoint.outcome'] = outcome;
    root.facts['holdpoint.progress.count'] = this.progress;
    if (this.requests > requestsMost) root.facts['holdpoint.requests.count'] = this.requests;
    const { callId, sessionId, server } = this.received;
    return { callId, sessionId, server, outcome, spans: [root, ...this.sends, ...this.over] };
  }

  private closeSend(at: number, failed: string | null): void {
    const span = this.sends.at(-1);
    if (span === undefined || span.endAt !== openEnd) return;
    span.endAt = at;
    span.failed = failed;
  }

  private closeWait(requestId: RequestId, end: { readonly at: number; readonly failed: string | null }): void {
    const span = this.waits.get(requestId);
    if (span === undefined) return;
    this.waits.delete(requestId);
    span.endAt = end.at;
    span.failed = end.failed;
    this.over.push(span);
  }
}

type NotedType = Extract<
  EventType,
  'request.voted' | 'request.edited' | 'request.assigned' | 'request.escalated' | 'request.drafted' | `answer.${string}`
>;

/** Until a span has its end. */
const openEnd = -1;

function begin(
  key: SpanKey,
  parent: SpanKey | null,
  look: { readonly name: string; readonly kind: SpanDraft['kind']; readonly at: number },
): Writing {
  const { name, kind, at } = look;
  return { key, parent, name, kind, startAt: at, endAt: openEnd, facts: {}, marks: [], failed: null };
}

function waitLook(
  of: 'human wait' | 'model',
  kind: string,
  at: number,
): { readonly name: string; readonly kind: SpanDraft['kind']; readonly at: number } {
  return of === 'model' ? { name: 'chat', kind: 'client', at } : { name: `human wait ${kind}`, kind: 'internal', at };
}

function usageFacts(usage: EventOf<'request.drafted'>['usage']): Record<string, Fact> {
  return {
    'gen_ai.request.model': usage.model,
    ...(usage.inputTokens === null ? {} : { 'gen_ai.usage.input_tokens': usage.inputTokens }),
    ...(usage.outputTokens === null ? {} : { 'gen_ai.usage.output_tokens': usage.outputTokens }),
  };
}

/** A server may report thousands of steps: the first are kept, and all are counted. */
function mark(span: Writing, { at, type }: Pick<SessionEvent, 'at' | 'type'>, facts: Facts = {}): void {
  if (span.marks.length < marksMost) span.marks.push({ at, name: type, facts });
}

/** What of a session's events is a call's; null for the rest. */
export function callOfEvent(event: SessionEvent, callOfRequest: (id: RequestId) => CallId | null): CallId | null {
  if ('callId' in event) return event.callId;
  return 'requestId' in event ? callOfRequest(event.requestId) : null;
}
