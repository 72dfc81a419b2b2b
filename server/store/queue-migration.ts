import { type Kysely, sql } from 'kysely';
import { CorruptRowError } from './json-text';
import { type QueueColumns, queueColumns } from './queue-columns';
import { readRequest } from './read-rows';
import type { DatabaseKind } from './schema';

/** Rows of one transaction while what exists is completed. */
const batchRows = 400;

const added: readonly { readonly name: keyof QueueColumns; readonly type: string }[] = [
  { name: 'due_at', type: 'bigint' },
  { name: 'over_at', type: 'bigint' },
  { name: 'for_teams', type: "text not null default ''" },
  { name: 'assigned_to', type: 'text' },
  { name: 'claim_by', type: 'text' },
  { name: 'claim_until', type: 'bigint' },
  { name: 'risk', type: "text not null default ''" },
  { name: 'agent_name', type: "text not null default ''" },
  { name: 'search', type: "text not null default ''" },
];

/** What the queue is read by, of what is there already too; last the indexes, for made at once they cost less. */
export async function queueTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await addColumns(db, kind);
  await completeRows(db);
  await queueIndexes(db, kind);
  await sql`create index if not exists hp_event_by_request on hp_event (request_id, session_id, seq)
    where request_id is not null`.execute(db);
  await sql`create index if not exists hp_call_by_receipt on hp_call (received_at, id)`.execute(db);
}

async function addColumns(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  // Ties are broken by id, and on both databases alike: byte by byte.
  if (kind === 'postgres') await sql`alter table hp_request alter column id type text collate "C"`.execute(db);
  const there =
    kind === 'postgres'
      ? await sql<{ name: string }>`select attname as name from pg_attribute
          where attrelid = 'hp_request'::regclass and attnum > 0 and not attisdropped`.execute(db)
      : await sql<{ name: string }>`select name from pragma_table_info('hp_request')`.execute(db);
  const names = new Set(there.rows.map((row) => row.name));
  for (const { name, type } of added) {
    if (names.has(name)) continue;
    await sql`alter table hp_request add column ${sql.id(name)} ${sql.raw(type)}`.execute(db);
  }
}

interface OldRow {
  readonly id: string;
  readonly body: string;
  readonly agent_name: string | null;
}

/** From the first row each time: what was completed before a crash is completed to the same again. */
async function completeRows(db: Kysely<unknown>): Promise<void> {
  let last = '';
  for (;;) {
    const { rows } = await sql<OldRow>`select r.id, r.body, s.agent_name from hp_request r
      left join hp_session s on s.id = r.session_id
      where r.id > ${last} order by r.id limit ${batchRows}`.execute(db);
    const cells = rows.flatMap(cellsOf);
    if (cells.length > 0) {
      await sql`update hp_request set ${sql.join(added.map(setOf))}
        from (values ${sql.join(cells.map((row) => sql`(${sql.join(row)})`))}) as v
        where hp_request.id = v.column1`.execute(db);
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < batchRows) return;
    last = end.id;
  }
}

function setOf({ name, type }: (typeof added)[number], at: number) {
  const value = sql.ref(`v.column${at + 2}`);
  return sql`${sql.id(name)} = ${type.startsWith('bigint') ? sql`cast(${value} as bigint)` : value}`;
}

/** A damaged row is in no view; who reads it by its id is told. */
function cellsOf({ id, body, agent_name: agentName }: OldRow): readonly (readonly (string | number | null)[])[] {
  try {
    const columns = queueColumns(readRequest({ id, body }), agentName ?? '');
    return [[id, ...added.map(({ name }) => columns[name])]];
  } catch (error) {
    if (error instanceof CorruptRowError || error instanceof TypeError) return [];
    throw error;
  }
}

/**
 * One for each order, of only those rows. On SQLite, which blocks the process, they hold all that narrows a view, so
 * that the rows around it, with bodies of several pages, are read only when found.
 */
async function queueIndexes(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const covers = (columns: string): ReturnType<typeof sql.raw> => sql.raw(kind === 'sqlite' ? `, ${columns}` : '');
  const narrow = 'for_teams, assigned_to, kind, risk, search';
  await sql`create index if not exists hp_request_by_deadline
    on hp_request (due_at, id${covers(`claim_by, claim_until, ${narrow}`)}) where due_at is not null`.execute(db);
  await sql`create index if not exists hp_request_by_opening
    on hp_request (opened_at desc, id${covers(`due_at, claim_by, claim_until, ${narrow}`)})
    where due_at is not null`.execute(db);
  await sql`create index if not exists hp_request_by_end
    on hp_request (over_at desc, id${covers(narrow)}) where over_at is not null`.execute(db);
}
