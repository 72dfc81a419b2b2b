import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';

/** New events of a watched session, in order. A gap before the first means some were missed: watch again from the last known. */
export interface SessionEventsPush {
  readonly type: 'session.events';
  readonly sessionId: SessionId;
  readonly events: readonly SessionEvent[];
}
