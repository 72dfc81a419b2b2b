import type { CallLimit } from './deadline';
import type { CallId, ConnectionId, SessionId } from './ids';

/** Something about a call under way that people want to hear of before they look. Told once for what is in it. */
export type Alarm =
  | {
      readonly kind: 'stalled';
      readonly sessionId: SessionId;
      readonly callId: CallId;
      /** The sign of life after which none came: another stall has another. */
      readonly quietSinceAt: number;
    }
  | {
      readonly kind: 'session_expiring';
      readonly sessionId: SessionId;
      readonly callId: CallId;
      readonly connectionId: ConnectionId;
      readonly limit: CallLimit;
    };

/** The same for the same alarm, also in another life of ours. A session's limit is one, whatever calls it holds. */
export function alarmKey(alarm: Alarm): string {
  if (alarm.kind === 'stalled') return `${alarm.callId} quiet ${alarm.quietSinceAt}`;
  const { limit, callId, connectionId } = alarm;
  return limit.cause === 'server_lifetime' ? `${connectionId} ends ${limit.at}` : `${callId} ends ${limit.at}`;
}
