import type { Kysely } from 'kysely';
import type { AuditDueRow } from '@/server/engine/ports/audit';
import type { Channel, DeliveryState, NoticeKind, TeamChannel } from '@/lib/domain/notice';

export type DatabaseKind = 'sqlite' | 'postgres';
/** A driver may return a bigint as text. */
type Instant = number | string;

/** One delivery, written before it is tried. Unique by what it is about, where it goes and which occurrence. */
export interface NoticeTable {
  readonly id: string;
  /** What it is about: a request, a call or a connection. */
  readonly request_id: string;
  readonly kind: NoticeKind;
  readonly channel: Channel;
  /** A person's id or an endpoint's. */
  readonly recipient: string;
  readonly occurrence: string;
  readonly state: DeliveryState;
  /** May be sent together with others of its recipient. */
  readonly gather: 0 | 1;
  /** The first of those it is sent with; kept over retries, so that a retry says the same again. */
  readonly batch: string | null;
  readonly attempts: number;
  readonly next_at: Instant;
  /** JSON of what may be said. */
  readonly body: string;
  readonly last_error: string | null;
  readonly last_status: number | null;
  readonly created_at: Instant;
  readonly sent_at: Instant | null;
}

export interface EndpointTable {
  readonly id: string;
  readonly kind: TeamChannel;
  readonly team: string | null;
  readonly url_sealed: string;
  readonly url_shown: string;
  readonly secret_sealed: string | null;
  /** JSON list. */
  readonly kinds: string;
  readonly created_by: string;
  readonly created_at: Instant;
  readonly disabled_at: Instant | null;
  readonly disabled_why: string | null;
  /** Failed tries since the last that got through. */
  readonly failures: number;
  readonly failing_since: Instant | null;
}

export interface PreferenceTable {
  /** `per_…`, or `team:` and its id. */
  readonly owner: string;
  readonly body: string;
  readonly saved_at: Instant;
}

/** One row: events up to this instant have their deliveries written. */
export interface MarkTable {
  readonly id: number;
  readonly at: Instant;
}

export interface NotifyTables {
  /** The store's; an act waits there in the transaction of its change. */
  readonly hp_audit_due: AuditDueRow;
  readonly hp_notice: NoticeTable;
  readonly hp_endpoint: EndpointTable;
  readonly hp_notice_preference: PreferenceTable;
  readonly hp_notice_mark: MarkTable;
}

export type NotifyDb = Kysely<NotifyTables>;

export function readInstant(value: Instant | null): number | null {
  return value === null ? null : Number(value);
}
