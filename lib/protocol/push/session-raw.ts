import type { SessionId } from '@/lib/domain/ids';
import type { RawMessage } from '@/lib/domain/raw';

/** New raw messages of a session whose raw view is open. */
export interface SessionRawPush {
  readonly type: 'session.raw';
  readonly sessionId: SessionId;
  readonly messages: readonly RawMessage[];
}
