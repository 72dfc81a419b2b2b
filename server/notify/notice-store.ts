import { type SelectQueryBuilder, sql } from 'kysely';
import type { PersonId, RandomBytes, RequestId } from '@/lib/domain/ids';
import {
  type Channel,
  type DeliveryState,
  type NoticeAbout,
  type NoticeKind,
  readNoticeAbout,
} from '@/lib/domain/notice';
import { readContent } from './content/content';
import { type Delivery, mintLocalId, type NewDelivery } from './delivery';
import { type NoticeTable, type NotifyDb, type NotifyTables, readInstant } from './tables';

/** A list of parameters this long is fine with both databases. */
const chunk = 500;
/** One message does not say more than this. */
const mostGathered = 50;
const longestError = 500;
/** Events of one instant may be committed in another order than they are numbered: so far before the mark is read again. */
export const markSlackMs = 60_000;
/** Not a parameter: SQLite uses the indexes of what is pending only for what says so itself. */
const pending = sql.lit<DeliveryState>('pending');

export type Ending =
  | { readonly state: 'sent'; readonly at: number; readonly status: number | null }
  | { readonly state: 'failed' | 'dropped'; readonly words: string; readonly status: number | null }
  | { readonly state: 'pending'; readonly words: string; readonly status: number | null; readonly nextAt: number };

export interface LogQuery {
  /** Null: everyone's. */
  readonly recipient: PersonId | null;
  readonly before: { readonly createdAt: number; readonly id: string } | null;
  readonly limit: number;
}

/** The deliveries, durable: what is pending is tried, also after our own death. */
export class NoticeStore {
  private endings: WaitingEnding[] = [];
  private writing = false;

  constructor(
    private readonly db: NotifyDb,
    private readonly random: RandomBytes,
  ) {}

  /** Writes what is new, and that events up to `markAt` are done, at once; how many were new. */
  async add(news: readonly NewDelivery[], at: number, markAt: number | null): Promise<number> {
    return this.db.transaction().execute(async (trx) => {
      let added = 0;
      for (let from = 0; from < news.length; from += chunk / 10) {
        const rows = news.slice(from, from + chunk / 10).map((each) => this.rowOf(each, at));
        const written = await trx
          .insertInto('hp_notice')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['request_id', 'kind', 'occurrence', 'channel', 'recipient']).doNothing(),
          )
          .executeTakeFirst();
        added += Number(written.numInsertedOrUpdatedRows ?? 0);
      }
      if (markAt !== null)
        await trx
          .insertInto('hp_notice_mark')
          .values({ id: 1, at: markAt })
          // Never back: what is replayed is older.
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet({ at: markAt }).where('hp_notice_mark.at', '<', markAt),
          )
          .execute();
      return added;
    });
  }

  private rowOf({ about, gather, nextAt, content, ...rest }: NewDelivery, at: number): NoticeTable {
    return {
      ...rest,
      id: mintLocalId('dlv', this.random),
      request_id: about,
      state: 'pending',
      gather: gather ? 1 : 0,
      batch: null,
      attempts: 0,
      next_at: nextAt,
      body: JSON.stringify(content),
      last_error: null,
      last_status: null,
      created_at: at,
      sent_at: null,
    };
  }

  /** Events up to then have their deliveries; null before the first. */
  async mark(): Promise<number | null> {
    const row = await this.db.selectFrom('hp_notice_mark').select('at').where('id', '=', 1).executeTakeFirst();
    return readInstant(row?.at ?? null);
  }

  /** Whether anyone was to be told of this already. */
  async has(about: NoticeAbout, kind: NoticeKind, occurrence: string): Promise<boolean> {
    const row = await this.alike(about, kind).where('occurrence', '=', occurrence).executeTakeFirst();
    return row !== undefined;
  }

  /** Whether anyone was to be told anything of this kind. */
  async hasAny(about: NoticeAbout, kind: NoticeKind): Promise<boolean> {
    return (await this.alike(about, kind).executeTakeFirst()) !== undefined;
  }

  private alike(about: NoticeAbout, kind: NoticeKind): SelectQueryBuilder<NotifyTables, 'hp_notice', { id: string }> {
    const rows = this.db.selectFrom('hp_notice').select('id').limit(1);
    return rows.where('request_id', '=', about).where('kind', '=', kind);
  }

  /** Those of the requests of which nobody was told that they wait. */
  async untold(ids: readonly RequestId[]): Promise<readonly RequestId[]> {
    const told = new Set<string>();
    for (let from = 0; from < ids.length; from += chunk) {
      const rows = await this.db
        .selectFrom('hp_notice')
        .select('request_id')
        .distinct()
        .where('kind', '=', 'opened')
        .where('request_id', 'in', ids.slice(from, from + chunk))
        .execute();
      for (const row of rows) told.add(row.request_id);
    }
    return ids.filter((id) => !told.has(id));
  }

  /** The next that are due, soonest first, apart from what is on its way and from recipients that are busy. */
  async upcoming(
    channel: Channel,
    busy: { readonly ids: readonly string[]; readonly recipients: readonly string[] },
    limit: number,
  ): Promise<readonly UpcomingDelivery[]> {
    let query = this.db.selectFrom('hp_notice').selectAll().where('state', '=', pending).where('channel', '=', channel);
    if (busy.ids.length > 0) query = query.where('id', 'not in', busy.ids);
    if (busy.recipients.length > 0) query = query.where('recipient', 'not in', busy.recipients);
    const rows = await query.orderBy('next_at').orderBy('id').limit(limit).execute();
    return rows.map((row) => ({ ...deliveryOf(row), nextAt: Number(row.next_at) }));
  }

  /** What is sent in one message with this one, itself first; the same again at a retry. */
  async batchOf(leader: Delivery, now: number): Promise<readonly Delivery[]> {
    if (!leader.gather) return [leader];
    const waiting = this.db.selectFrom('hp_notice').selectAll().where('state', '=', pending);
    if (leader.batch !== null) {
      const rows = await waiting.where('batch', '=', leader.batch).orderBy('created_at').orderBy('id').execute();
      return rows.map(deliveryOf);
    }
    const rows = await waiting
      .where('channel', '=', leader.channel)
      .where('recipient', '=', leader.recipient)
      .where('gather', '=', 1)
      .where('batch', 'is', null)
      .where('next_at', '<=', now)
      .orderBy('created_at')
      .orderBy('id')
      .limit(mostGathered)
      .execute();
    const ids = [...new Set([leader.id, ...rows.map(({ id }) => id)])].slice(0, mostGathered);
    await this.db.updateTable('hp_notice').set({ batch: leader.id }).where('id', 'in', ids).execute();
    const others = rows.filter(({ id }) => id !== leader.id && ids.includes(id)).map(deliveryOf);
    return [leader, ...others].map((each) => ({ ...each, batch: leader.id }));
  }

  /** Those that end while another is written share the next commit: each commit waits for the disk. */
  async end(ids: readonly string[], ending: Ending, attempts: number): Promise<void> {
    if (ids.length === 0) return;
    const mine = new Promise<void>((done, fail) => void this.endings.push({ ids, ending, attempts, done, fail }));
    if (!this.writing) void this.writeEndings();
    return mine;
  }

  private async writeEndings(): Promise<void> {
    this.writing = true;
    while (this.endings.length > 0) {
      const together = this.endings;
      this.endings = [];
      try {
        await this.db.transaction().execute(async (trx) => {
          for (const each of together) await putEnding(trx, each);
        });
        for (const { done } of together) done();
      } catch (error) {
        for (const { fail } of together) fail(error);
      }
    }
    this.writing = false;
  }

  /** What waits for a recipient that is no more. */
  async dropFor(recipient: string, words: string): Promise<void> {
    await this.db
      .updateTable('hp_notice')
      .set({ state: 'dropped', last_error: words.slice(0, longestError) })
      .where('recipient', '=', recipient)
      .where('state', '=', pending)
      .execute();
  }

  async log({ recipient, before, limit }: LogQuery): Promise<readonly LoggedDelivery[]> {
    let query = this.db.selectFrom('hp_notice').selectAll();
    if (recipient !== null) query = query.where('recipient', '=', recipient);
    if (before !== null)
      query = query.where((where) =>
        where.or([
          where('created_at', '<', before.createdAt),
          where.and([where('created_at', '=', before.createdAt), where('id', '<', before.id)]),
        ]),
      );
    const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map((row) => ({
      ...deliveryOf(row),
      state: row.state,
      nextAt: row.state === 'pending' ? readInstant(row.next_at) : null,
      lastError: row.last_error,
      lastStatus: row.last_status,
      sentAt: readInstant(row.sent_at),
    }));
  }

  /** Forgets what ended long ago. */
  async purge(beforeAt: number): Promise<void> {
    await this.db.deleteFrom('hp_notice').where('state', '<>', 'pending').where('created_at', '<', beforeAt).execute();
  }
}

interface WaitingEnding {
  readonly ids: readonly string[];
  readonly ending: Ending;
  readonly attempts: number;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

async function putEnding(db: NotifyDb, { ids, ending, attempts }: WaitingEnding): Promise<void> {
  await db
    .updateTable('hp_notice')
    .set({
      state: ending.state,
      attempts,
      last_status: ending.status,
      last_error: ending.state === 'sent' ? null : ending.words.slice(0, longestError),
      ...(ending.state === 'pending' ? { next_at: ending.nextAt } : {}),
      ...(ending.state === 'sent' ? { sent_at: ending.at } : {}),
    })
    .where('id', 'in', ids)
    .execute();
}

export interface UpcomingDelivery extends Delivery {
  readonly nextAt: number;
}

export interface LoggedDelivery extends Delivery {
  readonly state: DeliveryState;
  readonly nextAt: number | null;
  readonly lastError: string | null;
  readonly lastStatus: number | null;
  readonly sentAt: number | null;
}

function deliveryOf(row: NoticeTable): Delivery {
  const about = readNoticeAbout(row.request_id);
  if (about === null) throw new Error('a delivery says not what it is about');
  return {
    id: row.id,
    about,
    kind: row.kind,
    channel: row.channel,
    recipient: row.recipient,
    gather: row.gather === 1,
    batch: row.batch,
    attempts: row.attempts,
    createdAt: Number(row.created_at),
    content: readContent(row.body),
  };
}
