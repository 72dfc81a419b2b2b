import type { PayloadKind } from '@/server/engine/ports/store';
import type { ControlTables } from './control-tables';

/**
 * Our tables, alike on SQLite and PostgreSQL. Prefixed, because people's sign-ins live in the same
 * database and have a `session` of their own. JSON is kept as text: `jsonb` refuses U+0000, which any
 * server may send.
 */
export type Flag = 0 | 1;

export type SessionRow = {
  readonly id: string;
  readonly agent_id: string;
  readonly agent_name: string;
  readonly state: string;
  readonly live: Flag;
  readonly started_at: number;
  readonly last_event_at: number;
  readonly seq: number;
  /** What people search by, in lower case. */
  readonly search: string;
  readonly summary: string;
  /** How it ended; null while it lives. */
  readonly ended: string | null;
};

/** That a session used a server; with its start, so that a server's sessions are found in their order. */
export type SessionServerRow = {
  readonly server: string;
  readonly started_at: number;
  readonly session_id: string;
};

/** Facts of a quarter of an hour (`size` 0) or of a day of UTC (1), by where they happened. */
export type TallyRow = {
  readonly size: Flag;
  /** When it begins. */
  readonly at: number;
  readonly what: string;
  readonly team: string;
  readonly server: string;
  readonly tool: string;
  readonly bin: number;
  readonly how_many: number;
  readonly total_ms: number;
};

/** Facts of a quarter of an hour, wherever they happened. */
export type TallyQuarterRow = Pick<TallyRow, 'at' | 'what' | 'how_many' | 'total_ms'>;

export type EventRow = {
  readonly session_id: string;
  /** With `session_id` the primary key: the compare-and-set of every decision (I15). */
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly call_id: string | null;
  readonly request_id: string | null;
  readonly body: string;
};

export type ConnectionRow = {
  readonly id: string;
  readonly session_id: string;
  readonly server: string;
  readonly state: string;
  readonly open: Flag;
  readonly body: string;
};

export type CallRow = {
  readonly id: string;
  readonly session_id: string;
  readonly server: string;
  readonly tool: string;
  readonly state: string;
  readonly open: Flag;
  readonly received_at: number;
  readonly body: string;
};

export type RequestRow = {
  readonly id: string;
  readonly session_id: string;
  readonly call_id: string | null;
  readonly kind: string;
  readonly state: string;
  /** Open to a person, or answered and still to be delivered. */
  readonly open: Flag;
  readonly opened_at: number;
  readonly body: string;
  /** Its deadline while it waits for people, who alone see it then; null otherwise. What is open is found by it. */
  readonly due_at: number | null;
  /** When it stopped being open. */
  readonly over_at: number | null;
  /** The teams that may see it, such as `,payments,security,`; empty when everyone may. */
  readonly for_teams: string;
  readonly assigned_to: string | null;
  readonly claim_by: string | null;
  readonly claim_until: number | null;
  readonly risk: string;
  readonly agent_name: string;
  /** What people search by, in lower case. */
  readonly search: string;
};

export type PayloadRow = {
  readonly owner: string;
  readonly kind: PayloadKind;
  readonly session_id: string;
  readonly body: string;
};

export type AttachmentRow = {
  readonly connection_id: string;
  readonly session_id: string;
  readonly body: string;
};

export type CursorRow = {
  readonly connection_id: string;
  readonly stream: string;
  readonly session_id: string;
  /** JSON text of the id: a server chooses its characters. */
  readonly event_id: string;
};

export type RawMessageRow = {
  readonly session_id: string;
  readonly seq: number;
  readonly at: number;
  readonly body: string;
};

export type AgentCallRow = {
  readonly call_id: string;
  readonly session_id: string;
  readonly agent_id: string;
  /** SHA-256 of the agent's key, which is of any length and any characters; unique among the agent's calls. */
  readonly key_digest: string | null;
  readonly task: Flag;
  readonly created_at: number;
  readonly body: string;
};

/** One entry of the audit log. All but `body` and `hash` is taken from the body, to find it by. */
export type AuditRow = {
  readonly seq: number;
  readonly at: number;
  readonly act: string;
  readonly actor_id: string | null;
  readonly about_id: string;
  /** The session it belongs to, or is about. */
  readonly session_id: string | null;
  /** What people search by, in lower case. */
  readonly search: string;
  /** The entry without its hash, exactly as it is hashed. */
  readonly body: string;
  readonly hash: string;
};

/** An act that waits, in the transaction of the change it belongs to, until the chain takes it. */
export type AuditDueRow = {
  /** Sorts in the order they were made. */
  readonly id: string;
  readonly body: string;
};

/** One row: from where to where the chain goes, sealed. */
export type AuditHeadRow = {
  readonly id: number;
  readonly base_seq: number;
  readonly base_hash: string;
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
  readonly seal: string;
};

/** One row, written to find out whether the database takes anything at all. */
export type ProbeRow = {
  readonly id: number;
  readonly at: number;
};

/** What was learned of one tool. */
export type PaceRow = {
  readonly server: string;
  readonly tool: string;
  readonly heard_at: number;
  readonly body: string;
};

export interface HoldpointTables {
  readonly hp_session: SessionRow;
  readonly hp_session_server: SessionServerRow;
  readonly hp_event: EventRow;
  readonly hp_connection: ConnectionRow;
  readonly hp_call: CallRow;
  readonly hp_request: RequestRow;
  readonly hp_payload: PayloadRow;
  readonly hp_attachment: AttachmentRow;
  readonly hp_cursor: CursorRow;
  readonly hp_raw_message: RawMessageRow;
  readonly hp_agent_call: AgentCallRow;
  readonly hp_audit: AuditRow;
  readonly hp_audit_head: AuditHeadRow;
  readonly hp_probe: ProbeRow;
  readonly hp_tally: TallyRow;
  readonly hp_tally_quarter: TallyQuarterRow;
}

export type TableName = keyof HoldpointTables;

/** What Kysely sees; others may add their tables by declaration merging. */
export interface Database extends HoldpointTables, ControlTables {
  readonly hp_pace: PaceRow;
  readonly hp_audit_due: AuditDueRow;
}

export type DatabaseKind = 'sqlite' | 'postgres';
