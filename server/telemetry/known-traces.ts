import type { CallId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { callTraceOf, spanIdOf } from './trace-context';

const mostKnown = 20_000;

/** Which trace a call is of, for joining log lines to it; the oldest are forgotten first. */
export class KnownTraces {
  private readonly known = new Map<CallId, string>();

  note(callId: CallId, meta: JsonObject): void {
    this.known.delete(callId);
    this.known.set(callId, callTraceOf(callId, meta).traceId);
    const [oldest] = this.known.keys();
    if (this.known.size > mostKnown && oldest !== undefined) this.known.delete(oldest);
  }

  forget(callId: CallId): void {
    this.known.delete(callId);
  }

  /** What a line about a call carries; nothing for lines about anything else. */
  fieldsOf(line: object): { readonly trace_id?: string; readonly span_id?: string } {
    if (!('callId' in line) || typeof line.callId !== 'string') return {};
    const callId = line.callId as CallId;
    const traceId = this.known.get(callId);
    return traceId === undefined ? {} : { trace_id: traceId, span_id: spanIdOf({ of: 'call', id: callId }) };
  }
}
