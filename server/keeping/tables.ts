import type { Kysely } from 'kysely';
import type { AuditDueRow } from '@/server/engine/ports/audit';

/** Our tables, which the store's migrations make, and what of the others is purged. */
export interface KeepingTables {
  /** The store's; an act waits there in the transaction of its change. */
  readonly hp_audit_due: AuditDueRow;
  readonly hp_keeping: {
    readonly kind: 'masking' | 'retention';
    /** Counts from 1; with `kind` the primary key, so that of two who save the same version one is refused. */
    readonly version: number;
    readonly saved_at: number | string;
    readonly saved_by: string | null;
    readonly body: string;
  };
  readonly hp_purged: {
    readonly session_id: string;
    readonly kind: string;
    readonly at: number | string;
    readonly after_ms: number | string;
    /** 0 from the first deletion to the last: what a crash left half done is found by it. */
    readonly done: number;
  };
  readonly hp_session: {
    readonly id: string;
    readonly live: number;
    readonly started_at: number | string;
    readonly last_event_at: number | string;
  };
  readonly hp_event: { readonly session_id: string; readonly seq: number };
  readonly hp_connection: { readonly id: string; readonly session_id: string };
  readonly hp_call: {
    readonly id: string;
    readonly session_id: string;
    readonly open: number;
    readonly received_at: number | string;
    readonly body: string;
  };
  readonly hp_request: {
    readonly id: string;
    readonly session_id: string;
    readonly open: number;
    readonly over_at: number | string | null;
  };
  readonly hp_agent_call: { readonly call_id: string; readonly session_id: string };
  readonly hp_payload: {
    readonly owner: string;
    readonly kind: string;
    readonly session_id: string;
    readonly body: string;
  };
  readonly hp_raw_message: { readonly session_id: string; readonly seq: number; readonly at: number | string };
  /** What was counted as a stall: the key of its alarm, which begins with its call. */
  readonly hp_stall: { readonly stall: string; readonly at: number | string };
  readonly hp_notice: {
    readonly id: string;
    readonly request_id: string;
    readonly state: string;
    readonly created_at: number | string;
  };
}

export type KeepingDb = Kysely<KeepingTables>;
