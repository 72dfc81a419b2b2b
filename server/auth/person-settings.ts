import { type SettingKind, settingKinds } from '@/lib/domain/directory';
import { isShallow, type Json } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { refusalUnlessHere } from './person-record';
import type { AuthDb } from './tables';

const largestBytes = 20 * 1_024;

/** What people keep for themselves; the key of a row is whoever asks, so nobody reaches another's. */
export class PersonSettings {
  readonly #db: AuthDb;

  constructor(db: AuthDb) {
    this.#db = db;
  }

  async read(person: Pick<Person, 'id'>, kind: SettingKind): Promise<Json | null> {
    const row = await this.#db
      .selectFrom('auth_setting')
      .select('body')
      .where('person_id', '=', person.id)
      .where('kind', '=', kind)
      .executeTakeFirst();
    return row === undefined ? null : (JSON.parse(row.body) as Json);
  }

  async save(person: Person, kind: SettingKind, body: Json): Promise<Result<true>> {
    if (!settingKinds.includes(kind) || !isShallow(body)) return refuse('bad_input');
    const text = JSON.stringify(body);
    if (Buffer.byteLength(text) > largestBytes) return refuse('too_large', 'Settings take at most 20 KB.');
    const refusal = await refusalUnlessHere(this.#db, person);
    if (refusal !== null) return refusal;
    await this.#db
      .insertInto('auth_setting')
      .values({ person_id: person.id, kind, body: text })
      .onConflict((conflict) => conflict.columns(['person_id', 'kind']).doUpdateSet({ body: text }))
      .execute();
    return done(true);
  }
}
