import type { Kysely } from 'kysely';
import type { AuditDueRow } from '@/server/engine/ports/audit';

/** Our tables, alike on SQLite and PostgreSQL, and where acts wait for the audit log; made by `server/store`. */
export interface ServerTables {
  readonly hp_server: {
    readonly name: string;
    readonly revision: number;
    /** What may be shown, as JSON. */
    readonly body: string;
    /** The address and the headers, sealed for this row. */
    readonly sealed: string;
    readonly changed_at: number | string;
    readonly changed_by: string;
  };
  readonly hp_tool_definition: {
    readonly server: string;
    readonly tool: string;
    readonly digest: string;
    readonly first_seen_at: number | string;
    readonly last_seen_at: number | string;
    readonly bytes: number;
    readonly changed: string;
    readonly accepted_at: number | string | null;
    /** Who, as JSON; null for the first of a tool. */
    readonly accepted_by: string | null;
    /** Null for one larger than is kept. */
    readonly definition: string | null;
  };
  readonly hp_audit_due: AuditDueRow;
}

export type ServersDb = Kysely<ServerTables>;
