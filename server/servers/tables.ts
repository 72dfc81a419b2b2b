import type { Kysely } from 'kysely';

/** Our tables, alike on SQLite and PostgreSQL; made by `server/store`. */
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
}

export type ServersDb = Kysely<ServerTables>;
