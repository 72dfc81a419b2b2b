import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { SessionEnd } from '@/lib/domain/event';
import type { AgentId } from '@/lib/domain/ids';
import {
  countedMost,
  noEnds,
  notNarrowed,
  type SessionCounts,
  sessionEnds,
  type SessionPicks,
} from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import type { SessionQuery } from '@/server/engine/ports/store';
import { plainText } from './json-text';
import { likePattern } from './like-pattern';
import { pageSize } from './page-size';
import { readSummary } from './read-rows';
import type { Database, SessionRow } from './schema';

type Condition = RawBuilder<boolean>;
type FoundRow = Pick<SessionRow, 'id' | 'summary' | 'started_at'>;

/** A walk of one index in the order of the list: where it is, and what else must hold of a row. */
interface Walk {
  /** What `s` is read from, found first by `x` when there is one. */
  readonly from: RawBuilder<unknown>;
  readonly where: readonly Condition[];
  readonly order: RawBuilder<unknown>;
}

const most = 200;
/** More than there will be: a limit keeps the order, and with it the index. */
const mostNamed = 10_000_000;

/** Sessions, the latest started first. However long the past is, a page is read from one index in its order. */
export async function listSessions(db: Kysely<Database>, query: SessionQuery): Promise<readonly SessionSummary[]> {
  const limit = pageSize(query.limit);
  const ends = [...new Set(query.narrow?.ends ?? [])];
  if (ends.length > 0 && query.live === true) return [];
  // Each end is an order of its own; the first of all are among the first of each.
  const walks = ends.length < 2 ? [walkOf(query, ends[0] ?? null)] : ends.map((end) => walkOf(query, end));
  const pages = await Promise.all(walks.map((walk) => pageOf(db, walk, limit)));
  const [first = [], ...rest] = pages;
  const rows = rest.length === 0 ? first : pages.flat().sort(latestFirst).slice(0, limit);
  return rows.map(readSummary);
}

/** Counted no further than the number would be read. */
export async function sessionEndCounts(
  db: Kysely<Database>,
  query: Pick<SessionQuery, 'search' | 'narrow'>,
): Promise<SessionCounts['ends']> {
  const counts: { [E in SessionEnd]: number } = { ...noEnds };
  const isNamed = query.search !== null && likePattern(query.search) !== '';
  if (isNamed || (query.narrow ?? notNarrowed).server !== null) return endsOfWalk(db, query);
  for (const end of sessionEnds) {
    const { from, where } = walkOf({ ...query, live: null, before: null }, end);
    const { rows } = await sql<{ count: number }>`select count(*) as count from (
      select 1 from ${from} where ${allOf(where)} limit ${countedMost}) as counted`.execute(db);
    counts[end] = Number(rows[0]?.count ?? 0);
  }
  return counts;
}

/**
 * A text is looked for in all names, and a server's sessions are walked, once for all ends; in the order of their index:
 * without it the rows around them are read too.
 */
async function endsOfWalk(
  db: Kysely<Database>,
  query: Pick<SessionQuery, 'search' | 'narrow'>,
): Promise<SessionCounts['ends']> {
  const { from, where, order } = walkOf({ ...query, live: null, before: null }, null);
  // Those that live are a group of their own, which nobody asks for.
  const { rows } = await sql<{ ended: string | null; count: number }>`select ended, count(*) as count from (
    select s.ended as ended from ${from} where ${allOf(where)} order by ${order} limit ${mostNamed}) as named
    group by ended`.execute(db);
  const countOf = (end: SessionEnd): number => Number(rows.find(({ ended }) => ended === end)?.count ?? 0);
  const [closed, idle, terminated, lost] = [countOf('closed'), countOf('idle'), countOf('terminated'), countOf('lost')];
  return {
    closed: Math.min(closed, countedMost),
    idle: Math.min(idle, countedMost),
    terminated: Math.min(terminated, countedMost),
    lost: Math.min(lost, countedMost),
  };
}

/** From name to name through the index, not over every session. */
export async function sessionPicks(db: Kysely<Database>): Promise<SessionPicks> {
  const agents = await sql<{ id: AgentId; name: string }>`
    with recursive each(id) as (
      select min(agent_id) from hp_session
      union all
      select (select min(agent_id) from hp_session where agent_id > each.id) from each where each.id is not null
    )
    select id, (select agent_name from hp_session where agent_id = each.id
      order by started_at desc, hp_session.id desc limit 1) as name
    from each where id is not null limit ${most}`.execute(db);
  const servers = await sql<{ server: string }>`
    with recursive each(server) as (
      select min(server) from hp_session_server
      union all
      select (select min(server) from hp_session_server where server > each.server) from each
      where each.server is not null
    )
    select server from each where server is not null limit ${most}`.execute(db);
  return {
    agents: agents.rows.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    servers: servers.rows.map(({ server }) => server).sort(),
  };
}

async function pageOf(db: Kysely<Database>, { from, where, order }: Walk, limit: number): Promise<FoundRow[]> {
  const { rows } = await sql<FoundRow>`select s.id, s.started_at, s.summary from (
      select s.id as found from ${from} where ${allOf(where)} order by ${order} limit ${limit}
    ) as f cross join hp_session as s where s.id = f.found`.execute(db);
  return rows.sort(latestFirst);
}

function allOf(where: readonly Condition[]): RawBuilder<unknown> {
  return where.length === 0 ? sql`1 = 1` : sql.join([...where], sql` and `);
}

/**
 * By the narrowest of what is asked: a server's sessions, an agent's that ended so, how they ended, an agent's, or all of
 * them; a text by the names alone. A column set aside is not looked up by its own index, which would not be in order. A
 * server's sessions are met by start and not by key, for the rows around what is asked of them are many times as large.
 */
function walkOf(query: Omit<SessionQuery, 'limit'>, end: SessionEnd | null): Walk {
  const { live, before } = query;
  const { agentId, server, startedFrom, startedBefore } = query.narrow ?? notNarrowed;
  const pattern = query.search === null ? '' : likePattern(query.search);
  const isNamed = pattern !== '';
  const byServer = server !== null && !isNamed;
  const byEnd = end !== null && !byServer && !isNamed;
  const byAgent = agentId !== null && !byServer && !isNamed;
  const byLive = live !== null && !byServer && !byEnd && !byAgent && !isNamed;
  const start = byServer ? sql`x.started_at` : sql`s.started_at`;
  const id = byServer ? sql`x.session_id` : sql`s.id`;
  const where: Condition[] = [
    ...(byServer ? [sql<boolean>`x.server = ${plainText(server ?? '')}`, ...metByStart] : []),
    ...(server !== null && !byServer ? [usesServer(server)] : []),
    ...(end === null ? [] : [sql<boolean>`${byEnd ? sql`s.ended` : aside('s.ended')} = ${end}`]),
    ...(agentId === null ? [] : [sql<boolean>`${byAgent ? sql`s.agent_id` : aside('s.agent_id')} = ${agentId}`]),
    ...(live === null ? [] : [sql<boolean>`${byLive ? sql`s.live` : sql`+s.live`} = ${live ? 1 : 0}`]),
    ...(isNamed ? [sql<boolean>`s.search like ${pattern} escape '\\'`] : []),
    ...(startedFrom === null ? [] : [sql<boolean>`${start} >= ${startedFrom}`]),
    ...(startedBefore === null ? [] : [sql<boolean>`${start} < ${startedBefore}`]),
    ...(before === null ? [] : [sql<boolean>`(${start}, ${id}) < (${before.startedAt}, ${before.sessionId})`]),
  ];
  return {
    from: byServer ? sql`hp_session_server as x cross join hp_session as s` : sql`hp_session as s`,
    where,
    order: sql`${start} desc, ${id} desc`,
  };
}

/** That the key is equal, in words SQLite does not look it up by. */
const metByStart: readonly Condition[] = [
  sql`s.started_at = x.started_at`,
  sql`s.id >= x.session_id`,
  sql`s.id <= x.session_id`,
];

function aside(column: 's.ended' | 's.agent_id'): RawBuilder<unknown> {
  return sql`(${sql.ref(column)} || '')`;
}

function usesServer(server: string): Condition {
  return sql<boolean>`exists (select 1 from hp_session_server as x
    where x.server = ${plainText(server)} and x.started_at = s.started_at and x.session_id = s.id)`;
}

function latestFirst(a: FoundRow, b: FoundRow): number {
  return b.started_at - a.started_at || (a.id < b.id ? 1 : -1);
}
