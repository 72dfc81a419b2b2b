import type { AwayOrder } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import { may, type Person } from '@/lib/domain/permission';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { Away } from '@/lib/domain/team';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { aboutPerson, actOf } from './acts';
import { changePeopleKnown } from './people-lock';
import { findPerson, refusalFor, refusalUnlessHere } from './person-record';
import type { MemoryRoster } from './roster';
import type { AuthDatabase, AuthTransaction } from './tables';

interface Parts {
  readonly database: AuthDatabase;
  readonly roster: MemoryRoster;
  readonly clock: Clock;
  readonly log: Log;
}

interface Change {
  readonly id: PersonId;
  readonly order: AwayOrder | null;
}

/** Who is out of office and who stands in. What is given on is one's own, so only oneself or an admin gives it. */
export class AwayRegister {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async own(person: Person): Promise<Result<Away | null>> {
    const refusal = await refusalUnlessHere(this.#parts.database.db, person);
    return refusal ?? done(this.#parts.roster.awayOf(person.id));
  }

  async setOwn(person: Person, order: AwayOrder | null): Promise<Result<Away | null>> {
    return this.#change(person, { id: person.id, order }, (trx) => refusalUnlessHere(trx, person));
  }

  async setOf(person: Person, id: PersonId, order: AwayOrder | null): Promise<Result<Away | null>> {
    return this.#change(person, { id, order }, (trx) => refusalFor(trx, person, 'person.manage'));
  }

  async #change(
    person: Person,
    change: Change,
    refusalOf: (trx: AuthTransaction) => Promise<Refusal | null>,
  ): Promise<Result<Away | null>> {
    const { database, clock, log, roster } = this.#parts;
    const run = async (trx: AuthTransaction): Promise<Refusal | null> => {
      const now = clock.now();
      const refusal = (await refusalOf(trx)) ?? (await refusalOfOrder(trx, change, now));
      if (refusal !== null) return refusal;
      await trx.deleteFrom('auth_away').where('person_id', '=', change.id).execute();
      if (change.order === null) return null;
      const { untilAt, delegateId } = change.order;
      await trx
        .insertInto('auth_away')
        .values({ person_id: change.id, from_at: now, until_at: untilAt, delegate_id: delegateId, set_at: now })
        .execute();
      return null;
    };
    const about = aboutPerson({ id: change.id, name: roster.person(change.id)?.name ?? null });
    const facts = { untilAt: change.order?.untilAt ?? null, delegate: change.order?.delegateId ?? null };
    const refused = await changePeopleKnown(database, run, (refusal) =>
      refusal === null
        ? actOf(
            { by: person, act: 'person.away_set', about, facts: { ...facts, away: change.order !== null } },
            clock.now(),
          )
        : null,
    );
    if (refused !== null) return refused;
    const fields = { person: change.id, by: person.id, delegate: change.order?.delegateId ?? null };
    log.info(fields, change.order === null ? 'an absence was ended' : 'an absence was set');
    return done(roster.awayOf(change.id));
  }
}

async function refusalOfOrder(trx: AuthTransaction, { id, order }: Change, now: number): Promise<Refusal | null> {
  const absent = await findPerson(trx, id);
  if (absent === null || absent.disabledAt !== null) return refuse('not_found');
  if (order === null) return null;
  const { untilAt, delegateId } = order;
  if (untilAt !== null && (!Number.isSafeInteger(untilAt) || untilAt <= now))
    return refuse('bad_input', 'The end of an absence must lie ahead.');
  if (delegateId === null) return null;
  if (delegateId === id) return refuse('bad_input', 'Nobody can stand in for themselves.');
  if (!may(absent.role, 'request.answer'))
    return refuse('not_allowed_now', 'An observer answers nothing, so nobody can stand in for one.');
  const delegate = await findPerson(trx, delegateId);
  if (delegate === null || delegate.disabledAt !== null)
    return refuse('not_found', 'Whoever is to stand in is not here.');
  return may(delegate.role, 'request.answer')
    ? null
    : refuse('not_allowed_now', `${delegate.name} is an observer. Only approvers and admins can stand in.`);
}
