import type { CallId, ConnectionId, RequestId } from './ids';

/** The steps of ending a session, each an event with its time (I10). */
export type EndStep =
  | { readonly step: 'call_rejected'; readonly callId: CallId; readonly tool: string }
  | { readonly step: 'cancel_sent'; readonly callId: CallId; readonly tool: string; readonly status: number | null }
  | { readonly step: 'cancel_failed'; readonly callId: CallId; readonly tool: string; readonly why: string }
  | { readonly step: 'request_withdrawn'; readonly requestId: RequestId; readonly title: string }
  | { readonly step: 'agent_told'; readonly calls: number; readonly message: string }
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
