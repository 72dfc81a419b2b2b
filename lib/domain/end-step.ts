import type { CallId, ConnectionId, RequestId } from './ids';

/** The steps of ending a session, each an event with its time (I10). */
export type EndStep =
  /** `runs`: how often it had been sent, where it had been. */
  | { readonly step: 'call_rejected'; readonly callId: CallId; readonly tool: string; readonly runs?: number }
  | { readonly step: 'cancel_sent'; readonly callId: CallId; readonly tool: string; readonly status: number | null }
  | { readonly step: 'cancel_failed'; readonly callId: CallId; readonly tool: string; readonly why: string }
  | { readonly step: 'request_withdrawn'; readonly requestId: RequestId; readonly title: string }
  | { readonly step: 'agent_told'; readonly calls: number; readonly message: string }
  /** Until when servers and processes may leave by themselves; then they are forced. */
  | { readonly step: 'grace'; readonly untilAt: number; readonly graceMs: number }
  /** Somebody did not wait for the rest of the grace. */
  | { readonly step: 'forced' }
  /** It was not over long after its time, and is not waited for any more. */
  | {
      readonly step: 'close_failed';
      readonly connectionId: ConnectionId;
      readonly server: string;
      readonly why: string;
    }
  | {
      readonly step: 'delete_sent';
      readonly connectionId: ConnectionId;
      readonly server: string;
      readonly status: number | null;
      readonly why: string | null;
    }
  | {
      readonly step: 'process_ended';
      readonly connectionId: ConnectionId;
      readonly server: string;
      readonly pid: number;
      readonly how: 'closed' | 'terminated' | 'killed';
    };
