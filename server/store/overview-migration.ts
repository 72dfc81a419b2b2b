import { type Kysely, sql } from 'kysely';
import { CorruptRowError, plainText } from './json-text';
import { readSummary } from './read-rows';
import type { DatabaseKind } from './schema';
import { stallTable } from './stalls';
import { tallyTables } from './tally-migration';

/** Rows of one statement while what exists is completed. */
const batchRows = 400;

/** `0008_overview`: what sessions are filtered by, and what the overview adds up; of those that are there already too. */
export async function overviewTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await sessionColumns(db, kind);
  await completeSessions(db);
  await sessionIndexes(db, kind);
  await stallTable(db, kind);
  await tallyTables(db, kind);
}

async function sessionColumns(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const there =
    kind === 'postgres'
      ? await sql<{ name: string }>`select attname as name from pg_attribute
          where attrelid = 'hp_session'::regclass and attnum > 0 and not attisdropped`.execute(db)
      : await sql<{ name: string }>`select name from pragma_table_info('hp_session')`.execute(db);
  if (!there.rows.some(({ name }) => name === 'ended'))
    await sql`alter table hp_session add column ended text`.execute(db);
  const key = sql.raw('primary key (server, started_at, session_id)');
  await sql`create table if not exists hp_session_server (
    server text not null, started_at bigint not null, session_id text not null, ${key}
  ) ${sql.raw(kind === 'sqlite' ? 'without rowid' : '')}`.execute(db);
}

interface OldSession {
  readonly id: string;
  readonly started_at: number;
  readonly summary: string;
}

/** From the first row each time: what was completed before a crash is completed to the same again. */
async function completeSessions(db: Kysely<unknown>): Promise<void> {
  let last = '';
  for (;;) {
    const { rows } = await sql<OldSession>`select id, started_at, summary from hp_session
      where id > ${last} order by id limit ${batchRows}`.execute(db);
    const known = rows.flatMap(completed);
    const ended = known.flatMap(({ id, end }) => (end === null ? [] : [sql`(${id}, ${end})`]));
    if (ended.length > 0) {
      await sql`update hp_session set ended = v.column2 from (values ${sql.join(ended)}) as v
        where hp_session.id = v.column1`.execute(db);
    }
    const uses = known.flatMap(({ id, startedAt, servers }) =>
      servers.map((server) => sql`(${plainText(server)}, cast(${startedAt} as bigint), ${id})`),
    );
    if (uses.length > 0) {
      await sql`insert into hp_session_server (server, started_at, session_id) values ${sql.join(uses)}
        on conflict do nothing`.execute(db);
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < batchRows) return;
    last = end.id;
  }
}

interface Completed {
  readonly id: string;
  readonly startedAt: number;
  readonly end: string | null;
  readonly servers: readonly string[];
}

/** A damaged row is in no filter; who reads it by its id is told. */
function completed({ id, started_at: startedAt, summary }: OldSession): readonly Completed[] {
  try {
    const { session, servers } = readSummary({ id, summary });
    return [{ id, startedAt, end: session.state === 'ended' ? session.end : null, servers: [...new Set(servers)] }];
  } catch (error) {
    if (error instanceof CorruptRowError || error instanceof TypeError) return [];
    throw error;
  }
}

/** An order for each filter. On SQLite, which blocks the process, a search reads names alone and not the rows around them. */
async function sessionIndexes(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await sql`create index if not exists hp_session_by_agent on hp_session (agent_id, started_at, id)`.execute(db);
  await sql`create index if not exists hp_session_by_end on hp_session (ended, started_at, id)
    where ended is not null`.execute(db);
  if (kind !== 'sqlite') return;
  await sql`create index if not exists hp_session_names
    on hp_session (started_at, id, live, ended, agent_id, search)`.execute(db);
  await sql`drop index if exists hp_session_search`.execute(db);
}
