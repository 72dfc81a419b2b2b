import type { AuditBreak } from '@/lib/domain/audit-look';
import type { Alarm } from '@/lib/domain/alarm';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { EndOperation } from '@/lib/domain/end-operation';
import type { PauseList } from '@/lib/domain/pause';
import type { Routed } from '@/lib/domain/permission';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionSummary } from '@/lib/domain/summary';

/** What changed, told after its commit and never before (I2). The gateway decides who may hear it (I11). */
export type Change =
  | {
      readonly change: 'request';
      readonly seq: number;
      readonly item: QueueItem;
      /** Whose it was before; null when it is new. */
      readonly before: Routed | null;
    }
  | { readonly change: 'session'; readonly summary: SessionSummary }
  | { readonly change: 'events'; readonly sessionId: SessionId; readonly events: readonly SessionEvent[] }
  | { readonly change: 'raw'; readonly sessionId: SessionId; readonly messages: readonly RawMessage[] }
  /** How far an order to end many is; for admins. */
  | { readonly change: 'ending'; readonly operation: EndOperation }
  | { readonly change: 'pauses'; readonly list: PauseList }
  /** The audit log was found broken, or whole again. */
  | { readonly change: 'audit'; readonly broken: AuditBreak | null }
  /** Not committed: it follows from what is, and from time. */
  | { readonly change: 'alarm'; readonly alarm: Alarm }
  | { readonly change: 'rules'; readonly version: number }
  /** Something about the servers, or their tools: whoever looks at them reads anew. */
  | { readonly change: 'servers' }
  | { readonly change: 'storage'; readonly ok: boolean };

export interface Publisher {
  publish(change: Change): void;
}
