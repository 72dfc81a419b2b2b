import type { Kysely } from 'kysely';
import type { PersonRef } from '@/lib/domain/event';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { AuditDueRow } from '@/server/engine/ports/audit';
import { foundAfter } from '@/server/engine/ports/lost-word';
import type { SeenDefinition, ToolRecord } from '@/lib/domain/tool-record';
import type { ServersDb, ServerTables } from './tables';

type Row = ServerTables['hp_tool_definition'];

/** JSON text of a tool's name: a server chooses its characters. */
const kept = (tool: string): string => JSON.stringify(tool);

/** Rows of one statement: both databases bound the parameters of one. */
const batchRows = 50;

export interface Sighting {
  readonly tool: string;
  readonly seen: SeenDefinition | undefined;
  /** Null for one that is too large, or written already. */
  readonly text: string | null;
  readonly isNew: boolean;
  readonly dropped: readonly string[];
}

export interface Accepted {
  readonly tool: string;
  readonly seen: SeenDefinition;
  readonly act: AuditDueRow;
}

/** Definitions on disk, each once. */
export class ToolTable {
  constructor(private readonly db: ServersDb) {}

  /** Without the texts, which are read when somebody looks. */
  async load(): Promise<readonly { readonly server: string; readonly record: ToolRecord }[]> {
    const rows = await this.db
      .selectFrom('hp_tool_definition')
      .select(['server', 'tool', 'digest', 'first_seen_at', 'last_seen_at', 'bytes', 'changed'])
      .select(['accepted_at', 'accepted_by'])
      .select((select) => select('definition', 'is not', null).as('kept'))
      .orderBy('server')
      .orderBy('tool')
      .orderBy('first_seen_at')
      .orderBy('digest')
      .execute();
    const found = new Map<
      string,
      { readonly server: string; readonly tool: string; readonly seen: SeenDefinition[] }
    >();
    for (const row of rows) {
      const key = JSON.stringify([row.server, row.tool]);
      const record = found.get(key) ?? { server: row.server, tool: JSON.parse(row.tool) as string, seen: [] };
      record.seen.push({ ...seenFrom(row), kept: Boolean(row.kept) });
      found.set(key, record);
    }
    return [...found.values()].map(({ server, tool, seen }) => ({ server, record: { tool, seen } }));
  }

  /** All of it with what the audit log keeps of it, or nothing. */
  async write(server: string, sightings: readonly Sighting[], act: AuditDueRow | null): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const fresh = sightings.flatMap((sighting) => (sighting.isNew ? rowOf(server, sighting) : []));
      let written = 0;
      for (let at = 0; at < fresh.length; at += batchRows) {
        const done = await trx
          .insertInto('hp_tool_definition')
          .values(fresh.slice(at, at + batchRows))
          .onConflict((conflict) => conflict.columns(['server', 'tool', 'digest']).doNothing())
          .executeTakeFirst();
        written += Number(done.numInsertedOrUpdatedRows ?? 0);
      }
      // What is there already was written with its act, and only the word of it was lost.
      if (act !== null && written > 0) await putAct(trx, act);
      for (const { tool, seen, isNew, dropped } of sightings) {
        if (!isNew && seen !== undefined) await this.#note(trx, { server, tool, seen });
        if (dropped.length > 0)
          await trx
            .deleteFrom('hp_tool_definition')
            .where('server', '=', server)
            .where('tool', '=', kept(tool))
            .where('digest', 'in', [...dropped])
            .execute();
      }
    });
  }

  /** All of them with what the audit log keeps of it, or none. */
  async accept(server: string, accepted: readonly Accepted[]): Promise<void> {
    await foundAfter(
      () => this.#accept(server, accepted),
      async () => {
        // The first tells of all.
        const [first] = accepted;
        return first !== undefined && (await this.#isAccepted(server, first)) ? undefined : null;
      },
    );
  }

  async #isAccepted(server: string, { tool, seen }: Accepted): Promise<boolean> {
    const row = await this.db
      .selectFrom('hp_tool_definition')
      .select(['accepted_at', 'accepted_by'])
      .where('server', '=', server)
      .where('tool', '=', kept(tool))
      .where('digest', '=', seen.digest)
      .executeTakeFirst();
    const at = row?.accepted_at ?? null;
    return at !== null && Number(at) === seen.acceptedAt && row?.accepted_by === JSON.stringify(seen.acceptedBy);
  }

  async #accept(server: string, accepted: readonly Accepted[]): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      for (const { tool, seen, act } of accepted) {
        await trx
          .updateTable('hp_tool_definition')
          .set({ accepted_at: seen.acceptedAt, accepted_by: JSON.stringify(seen.acceptedBy) })
          .where('server', '=', server)
          .where('tool', '=', kept(tool))
          .where('digest', '=', seen.digest)
          .execute();
        await trx.insertInto('hp_audit_due').values(act).execute();
      }
    });
  }

  async definition(server: string, tool: string, digest: string): Promise<JsonObject | null> {
    const row = await this.db
      .selectFrom('hp_tool_definition')
      .select('definition')
      .where('server', '=', server)
      .where('tool', '=', kept(tool))
      .where('digest', '=', digest)
      .executeTakeFirst();
    return readText(row?.definition ?? null);
  }

  /** Every one that is kept of a tool, by digest. */
  async definitions(server: string, tool: string): Promise<ReadonlyMap<string, JsonObject>> {
    const rows = await this.db
      .selectFrom('hp_tool_definition')
      .select(['digest', 'definition'])
      .where('server', '=', server)
      .where('tool', '=', kept(tool))
      .execute();
    return byDigest(rows);
  }

  async byDigest(server: string, digests: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    const found = new Map<string, JsonObject>();
    for (let at = 0; at < digests.length; at += batchRows) {
      const rows = await this.db
        .selectFrom('hp_tool_definition')
        .select(['digest', 'definition'])
        .where('server', '=', server)
        .where('digest', 'in', digests.slice(at, at + batchRows))
        .execute();
      for (const [digest, definition] of byDigest(rows)) found.set(digest, definition);
    }
    return found;
  }

  async #note(
    db: Kysely<ServerTables>,
    { server, tool, seen }: { readonly server: string; readonly tool: string; readonly seen: SeenDefinition },
  ): Promise<void> {
    await db
      .updateTable('hp_tool_definition')
      .set({ last_seen_at: seen.lastSeenAt })
      .where('server', '=', server)
      .where('tool', '=', kept(tool))
      .where('digest', '=', seen.digest)
      .execute();
  }
}

/** One that grows takes its own place. */
async function putAct(db: ServersDb, act: AuditDueRow): Promise<void> {
  await db
    .insertInto('hp_audit_due')
    .values(act)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ body: act.body }))
    .execute();
}

function rowOf(server: string, { tool, seen, text }: Sighting): readonly Row[] {
  if (seen === undefined) return [];
  const { digest, firstSeenAt, lastSeenAt, bytes, changed, acceptedAt, acceptedBy } = seen;
  return [
    {
      server,
      tool: kept(tool),
      digest,
      first_seen_at: firstSeenAt,
      last_seen_at: lastSeenAt,
      bytes,
      changed,
      accepted_at: acceptedAt,
      accepted_by: acceptedBy === null ? null : JSON.stringify(acceptedBy),
      definition: text,
    },
  ];
}

function seenFrom(row: Omit<Row, 'definition' | 'server' | 'tool'>): Omit<SeenDefinition, 'kept'> {
  return {
    digest: row.digest,
    firstSeenAt: Number(row.first_seen_at),
    lastSeenAt: Number(row.last_seen_at),
    bytes: row.bytes,
    changed: row.changed,
    acceptedAt: row.accepted_at === null ? null : Number(row.accepted_at),
    // What is in this column was written by `rowOf` and `accept`.
    acceptedBy: row.accepted_by === null ? null : (JSON.parse(row.accepted_by) as PersonRef | null),
  };
}

function byDigest(
  rows: readonly { readonly digest: string; readonly definition: string | null }[],
): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  for (const { digest, definition } of rows) {
    const read = readText(definition);
    if (read !== null) found.set(digest, read);
  }
  return found;
}

function readText(text: string | null): JsonObject | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : null;
}
