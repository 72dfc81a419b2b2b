import type { SessionEvent } from '../event';
import type { CallId, ConnectionId } from '../ids';
import { emptyHistogram, type Histogram, withSpan } from './histogram';

/** A call under way, as far as it will say what is usual for its tool. */
interface Hearing {
  readonly server: string;
  readonly tool: string;
  readonly connectionId: ConnectionId;
  /** Its open questions: while there are any, time is people's or a model's and never the server's. */
  readonly open: ReadonlySet<string>;
  readonly lastSignAt: number;
  /** When the server last went to work; null while it waits for an answer. */
  readonly workSinceAt: number | null;
  readonly workedMs: number;
  readonly signs: number;
  readonly gaps: Histogram;
  /** `gap`: until the next sign nothing is known, for its stream broke. */
  readonly missed: 'none' | 'gap' | 'before';
}

/** What a call that ended says of its tool. */
export interface Heard {
  readonly server: string;
  readonly tool: string;
  readonly signs: number;
  readonly gaps: Histogram;
  /** The server's own time; null where it says nothing of how long the tool takes. */
  readonly durationMs: number | null;
}

/**
 * Follows calls by their committed events and says of each that ended what was heard of it. A call it did not see sent
 * says nothing: losing a little is harmless.
 */
export class Hearings {
  private readonly named = new Map<CallId, { readonly server: string; readonly tool: string }>();
  private readonly under = new Map<CallId, Hearing>();
  /** Which calls wait for a question: the one that asks, or all that may be the one. */
  private readonly asking = new Map<string, readonly CallId[]>();

  hear(event: SessionEvent): Heard | null {
    switch (event.type) {
      case 'call.received':
        this.named.set(event.callId, { server: event.server, tool: event.tool });
        return null;
      case 'call.sent':
        this.sent(event.callId, event.connectionId, event.at);
        return null;
      case 'call.progress':
      case 'call.log':
        if (event.callId !== null) this.change(event.callId, (call) => withSign(call, event.at));
        return null;
      case 'request.opened': {
        const { requestId, at } = event;
        const askers = (event.callId === null ? event.candidates : [event.callId]).filter((id) => this.under.has(id));
        if (askers.length === 0) return null;
        this.asking.set(requestId, askers);
        for (const callId of askers) this.change(callId, (call) => withQuestion(call, requestId, at));
        return null;
      }
      case 'request.answered':
      case 'request.expired':
      case 'request.withdrawn': {
        const askers = this.asking.get(event.requestId) ?? [];
        this.asking.delete(event.requestId);
        for (const callId of askers) this.change(callId, (call) => withoutQuestion(call, event.requestId, event.at));
        return null;
      }
      case 'connection.reattaching':
        for (const [callId, call] of this.under)
          if (call.connectionId === event.connectionId) this.under.set(callId, { ...call, missed: 'gap' });
        return null;
      case 'call.interrupted':
      case 'call.turned_back':
        this.leave(event.callId);
        return null;
      case 'call.completed':
        return this.ended(event.callId, event.at, event.isError ? 'without-duration' : 'with-duration');
      case 'call.failed':
      case 'call.cancelled':
      case 'call.indeterminate':
      case 'call.rejected':
      case 'call.expired':
      case 'call.denied':
        return this.ended(event.callId, event.at, 'without-duration');
      default:
        return null;
    }
  }

  private sent(callId: CallId, connectionId: ConnectionId, at: number): void {
    const named = this.named.get(callId);
    if (named === undefined) return;
    const fresh = { open: new Set<string>(), workedMs: 0, signs: 0, gaps: emptyHistogram, missed: 'none' } as const;
    this.under.set(callId, { ...named, connectionId, lastSignAt: at, workSinceAt: at, ...fresh });
  }

  private change(callId: CallId, how: (call: Hearing) => Hearing): void {
    const call = this.under.get(callId);
    if (call !== undefined) this.under.set(callId, how(call));
  }

  private leave(callId: CallId): void {
    this.under.delete(callId);
  }

  private ended(callId: CallId, at: number, what: 'with-duration' | 'without-duration'): Heard | null {
    const call = this.under.get(callId);
    this.leave(callId);
    this.named.delete(callId);
    if (call === undefined) return null;
    const { server, tool, signs, workSinceAt, missed } = call;
    const isHeardOut = what === 'with-duration' && workSinceAt !== null;
    // The last stretch of one that talked is a gap like the others; of one that did not, the whole is its duration.
    const gaps = signs > 0 && isHeardOut && missed !== 'gap' ? withSpan(call.gaps, at - call.lastSignAt) : call.gaps;
    const durationMs = isHeardOut && missed === 'none' ? call.workedMs + (at - workSinceAt) : null;
    return { server, tool, signs, gaps, durationMs };
  }
}

function withSign(call: Hearing, at: number): Hearing {
  const isGap = call.missed !== 'gap' && call.workSinceAt !== null;
  const gaps = isGap ? withSpan(call.gaps, at - call.lastSignAt) : call.gaps;
  return { ...call, gaps, lastSignAt: at, signs: call.signs + 1, missed: call.missed === 'none' ? 'none' : 'before' };
}

function withQuestion(call: Hearing, requestId: string, at: number): Hearing {
  const workedMs = call.workedMs + (call.workSinceAt === null ? 0 : at - call.workSinceAt);
  return { ...call, open: new Set([...call.open, requestId]), workedMs, workSinceAt: null, lastSignAt: at };
}

function withoutQuestion(call: Hearing, requestId: string, at: number): Hearing {
  const open = new Set(call.open);
  open.delete(requestId);
  return open.size > 0 ? { ...call, open } : { ...call, open, workSinceAt: at, lastSignAt: at };
}
