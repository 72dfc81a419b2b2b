import { type RawBuilder, sql } from 'kysely';
import { expiringMs, type QueueLook } from '@/lib/domain/queue-query';
import type { QueueQuery, Visible } from '@/server/engine/ports/store';
import { plainText } from './json-text';
import { likePattern } from './like-pattern';

type Condition = RawBuilder<boolean>;
type Viewer = Pick<QueueQuery, 'visible' | 'me' | 'now'>;

const mostWords = 10;
/** SQLite takes expressions so deep and no deeper; what is beyond is not found, so nobody sees too much. */
const mostNames = 400;

const never: Condition = sql`1 = 0`;

/** All that must hold of a row of the page, but its place. */
export function pageConditions(query: QueueQuery): readonly Condition[] {
  const { look } = query;
  return [viewCondition(look.view, query), ...visibleConditions(query.visible), ...narrowing(look)];
}

/** What a view holds. The partial indexes are found by these very words. */
export function viewCondition(view: QueueLook['view'], { me, now }: Viewer): Condition {
  const waiting: Condition = sql`due_at is not null`;
  switch (view) {
    case 'open':
      return waiting;
    case 'expiring':
      return sql`(${waiting} and due_at <= ${now + expiringMs})`;
    case 'mine':
      return sql`(${waiting} and ((claim_by = ${plainText(me.claims)} and claim_until > ${now})
        or ${oneOf('assigned_to', me.assigned)}))`;
    case 'teams':
      return sql`(${waiting} and ${ofTeams(me.teams)})`;
    case 'answered':
      return sql`over_at is not null`;
  }
}

/** I11: for everyone, for one of these teams, or assigned to one of these people. */
export function visibleConditions(visible: Visible): readonly Condition[] {
  if (visible === 'all') return [];
  const { teams, people } = visible;
  return [sql`(for_teams = '' or ${ofTeams(teams)} or ${oneOf('assigned_to', people)})`];
}

function narrowing({ text, kinds, risks, teams }: QueueLook): readonly Condition[] {
  const words = text.split(/\s+/).map(likePattern);
  return [
    ...words
      .filter((pattern) => pattern !== '')
      .slice(0, mostWords)
      .map((pattern): Condition => sql`search like ${pattern} escape '\\'`),
    ...(kinds.length > 0 ? [oneOf('kind', kinds)] : []),
    ...(risks.length > 0 ? [oneOf('risk', risks)] : []),
    ...(teams.length > 0 ? [ofTeams(teams)] : []),
  ];
}

function oneOf(column: 'assigned_to' | 'kind' | 'risk', values: readonly string[]): Condition {
  const wanted = [...new Set(values)].slice(0, mostNames).map(plainText);
  return wanted.length === 0 ? never : sql`${sql.ref(column)} in (${sql.join(wanted)})`;
}

function ofTeams(teams: readonly string[]): Condition {
  const wanted = [...new Set(teams)].slice(0, mostNames).map((id) => likePattern(`,${id},`));
  if (wanted.length === 0) return never;
  const each = wanted.map((pattern) => sql`for_teams like ${pattern} escape '\\'`);
  return sql`(${sql.join(each, sql` or `)})`;
}
