import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { ServerOrder, ServerSettings, ServerWriting } from '@/lib/domain/server';
import type { AuditDueRow } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { ServerRegister } from '@/server/engine/ports/server-register';
import type { ServerEntry } from '@/server/engine/ports/servers';
import { foundAfter } from '@/server/engine/ports/lost-word';
import { type Kept, keptFrom, problem, rowOf, type Sealing, writingOf } from './server-row';
import type { ServersDb } from './tables';

const serversMost = 500;

type Row = ReturnType<typeof rowOf>;

interface Parts {
  readonly db: ServersDb;
  readonly clock: Clock;
  readonly log: Log;
  readonly seal: Sealing;
  /** Reads what an admin wrote as an entry of the file is read. */
  readonly read: (writing: ServerWriting) => Result<ServerEntry>;
}

/** Who changes servers, and what the audit log keeps of it, in the transaction of the change. */
export interface Changer {
  readonly person: Person;
  /** Null for a server that goes. */
  readonly act: (settings: ServerSettings | null) => AuditDueRow;
}

/** The servers in force: those of the file, and those added in the browser, which are kept here. */
export class ServerBook implements ServerRegister {
  readonly #parts: Parts;
  readonly #file: ReadonlyMap<string, ServerEntry>;
  readonly #kept = new Map<string, Kept>();
  #inForce: ReadonlyMap<string, ServerEntry> = new Map();
  /** Removed since the start: what is open on them goes on. */
  readonly #removed = new Map<string, ServerEntry>();
  #work: Promise<unknown> = Promise.resolve();

  private constructor(parts: Parts, file: readonly ServerEntry[]) {
    this.#parts = parts;
    this.#file = new Map(file.map((server): [string, ServerEntry] => [server.name, server]));
  }

  static async open(parts: Parts, file: readonly ServerEntry[]): Promise<ServerBook> {
    const book = new ServerBook(parts, file);
    const rows = await parts.db.selectFrom('hp_server').selectAll().orderBy('name').execute();
    for (const row of rows) book.#kept.set(row.name, keptFrom(row, parts.seal));
    book.#apply();
    for (const { name, settings } of book.browserServers())
      if (settings.unusable !== null)
        parts.log.warn({ server: name, why: settings.unusable }, 'a server is not in force');
    return book;
  }

  get(name: string): ServerEntry | undefined {
    return this.#inForce.get(name);
  }

  has(name: string): boolean {
    return this.#inForce.has(name);
  }

  keys(): Iterable<string> {
    return this.#inForce.keys();
  }

  values(): Iterable<ServerEntry> {
    return this.#inForce.values();
  }

  known(name: string): ServerEntry | undefined {
    return this.#inForce.get(name) ?? this.#removed.get(name);
  }

  isOfFile(name: string): boolean {
    return this.#file.has(name);
  }

  /** Those added in the browser, in force or not. */
  browserServers(): readonly { readonly name: string; readonly settings: ServerSettings }[] {
    return [...this.#kept].map(([name, { settings }]) => ({ name, settings }));
  }

  settings(name: string): ServerSettings | null {
    return this.#kept.get(name)?.settings ?? null;
  }

  /** What an order comes to, without keeping it. */
  resolve(order: ServerOrder): Result<ServerEntry> {
    const resolved = this.#resolve(order, this.#kept.get(order.name) ?? null);
    return resolved.ok ? done(resolved.value.entry) : resolved;
  }

  add(by: Changer, order: ServerOrder): Promise<Result<ServerSettings>> {
    return this.#inTurn(async () => {
      const clash = this.#clashOf(order.name);
      if (clash !== null) return problem('name', clash);
      if (this.#kept.size >= serversMost) return refuse('too_many', `There are ${serversMost} servers already.`);
      const resolved = this.#resolve(order, null);
      if (!resolved.ok) return resolved;
      const row = this.#rowOf(by.person, resolved.value.writing, 1);
      const isWritten = await this.#known(by, { name: order.name, row }, async (db) => {
        const written = await db
          .insertInto('hp_server')
          .values(row)
          .onConflict((conflict) => conflict.column('name').doNothing())
          .executeTakeFirst();
        return Number(written.numInsertedOrUpdatedRows ?? 0) > 0;
      });
      if (!isWritten) return problem('name', `There is already a server named ${order.name}.`);
      return done(this.#put(row));
    });
  }

  change(by: Changer, order: ServerOrder, revision: number): Promise<Result<ServerSettings>> {
    return this.#inTurn(async () => {
      const before = this.#mayChange(order.name, revision);
      if (!before.ok) return before;
      const resolved = this.#resolve(order, before.value);
      if (!resolved.ok) return resolved;
      const row = this.#rowOf(by.person, resolved.value.writing, revision + 1);
      const isWritten = await this.#known(by, { name: order.name, row }, async (db) => {
        const written = await db
          .updateTable('hp_server')
          .set(row)
          .where('name', '=', order.name)
          .where('revision', '=', revision)
          .executeTakeFirst();
        return Number(written.numUpdatedRows) > 0;
      });
      if (!isWritten) return refuse('stale_revision');
      return done(this.#put(row));
    });
  }

  /** With what is kept of its tools: one of the same name begins anew. */
  remove(by: Changer, name: string, revision: number): Promise<Result<true>> {
    return this.#inTurn(async () => {
      const before = this.#mayChange(name, revision);
      if (!before.ok) return before;
      const isGone = await this.#known(by, { name, row: null }, async (db) => {
        const gone = await db
          .deleteFrom('hp_server')
          .where('name', '=', name)
          .where('revision', '=', revision)
          .executeTakeFirst();
        if (Number(gone.numDeletedRows) === 0) return false;
        if (!this.isOfFile(name)) await db.deleteFrom('hp_tool_definition').where('server', '=', name).execute();
        return true;
      });
      if (!isGone) return refuse('stale_revision');
      const entry = this.#inForce.get(name);
      if (entry !== undefined && !this.isOfFile(name)) this.#removed.set(name, entry);
      this.#kept.delete(name);
      this.#apply();
      return done(true);
    });
  }

  /** The change and its act, both or neither; false when the row is not as it was known here. */
  async #known(
    by: Changer,
    { name, row }: { readonly name: string; readonly row: Row | null },
    change: (db: ServersDb) => Promise<boolean>,
  ): Promise<boolean> {
    const { db, seal } = this.#parts;
    const act = by.act(row === null ? null : keptFrom(row, seal).settings);
    const write = async (trx: ServersDb): Promise<boolean> => {
      if (!(await change(trx))) return false;
      await trx.insertInto('hp_audit_due').values(act).execute();
      return true;
    };
    const isWritten = await foundAfter(
      () => db.transaction().execute(write),
      // No two rows are sealed alike.
      async () => ((await this.#rowNow(name))?.sealed === row?.sealed ? true : null),
    );
    if (!isWritten) await this.#readAnew(name);
    return isWritten;
  }

  /** What was written while its saying so was lost, and could not be looked for then, is found here. */
  async #readAnew(name: string): Promise<void> {
    const row = await this.#rowNow(name);
    if (row === undefined) this.#kept.delete(name);
    else this.#kept.set(name, keptFrom(row, this.#parts.seal));
    this.#apply();
  }

  #rowNow(name: string): Promise<Row | undefined> {
    return this.#parts.db.selectFrom('hp_server').selectAll().where('name', '=', name).executeTakeFirst();
  }

  #clashOf(name: string): string | null {
    const same = [...this.#file.keys(), ...this.#kept.keys()].find(
      (other) => other.toLowerCase() === name.toLowerCase(),
    );
    if (same === undefined) return null;
    const where = this.isOfFile(same) ? ' in the configuration file' : '';
    return `There is already a server named ${same}${where}. Choose another name.`;
  }

  #mayChange(name: string, revision: number): Result<Kept> {
    const before = this.#kept.get(name);
    if (before === undefined)
      return this.isOfFile(name)
        ? refuse('not_allowed_now', `${name} is of the configuration file. Change it there and start Holdpoint again.`)
        : refuse('not_found', `There is no server named ${name}.`);
    const { settings } = before;
    return settings.revision === revision
      ? done(before)
      : refuse('stale_revision', `${settings.changedBy} changed ${name} meanwhile. Look at it again.`);
  }

  #resolve(
    order: ServerOrder,
    before: Kept | null,
  ): Result<{ readonly writing: ServerWriting; readonly entry: ServerEntry }> {
    const writing = writingOf(order, before);
    if (!writing.ok) return writing;
    const entry = this.#parts.read(writing.value);
    if (!entry.ok) return entry;
    const keepsValue = order.headers.some(({ value }) => value === null);
    // Who may change an address must not learn by it what only ever was written.
    if (keepsValue && this.#originBefore(before) !== originOf(entry.value))
      return problem(
        'headers',
        'The address is of another host now. Type the values of the headers anew, so that nobody else is sent the old ones.',
      );
    return done({ writing: writing.value, entry: entry.value });
  }

  #originBefore(before: Kept | null): string | null {
    if (before === null) return null;
    const entry = this.#entryOf(before, '');
    return entry === null ? null : originOf(entry);
  }

  #rowOf(person: Person, writing: ServerWriting, revision: number): Row {
    const { seal, clock } = this.#parts;
    return rowOf(writing, { revision, at: clock.now(), by: person.name, seal });
  }

  #put(row: Row): ServerSettings {
    const kept = keptFrom(row, this.#parts.seal);
    this.#kept.set(row.name, kept);
    this.#removed.delete(row.name);
    this.#apply();
    return kept.settings;
  }

  /** The file's win: a name that came to stand there later is the operator's word. */
  #apply(): void {
    const inForce = new Map(this.#file);
    for (const [name, kept] of this.#kept) {
      const entry = this.#entryOf(kept, name);
      const unusable = this.isOfFile(name)
        ? 'The configuration file has a server of this name, which is used. Remove this one.'
        : (kept.settings.unusable ??
          (entry === null ? 'Its settings are not accepted any more. Save them anew.' : null));
      this.#kept.set(name, { ...kept, settings: { ...kept.settings, unusable } });
      if (entry !== null && unusable === null) inForce.set(name, this.#same(entry));
    }
    this.#inForce = inForce;
  }

  /** One that did not change stays the same object, so that what is known by it is kept. */
  #same(entry: ServerEntry): ServerEntry {
    const before = this.#inForce.get(entry.name);
    return before !== undefined && JSON.stringify(before) === JSON.stringify(entry) ? before : entry;
  }

  #entryOf({ settings, secrets }: Kept, name: string): ServerEntry | null {
    if (secrets === null) return null;
    const { trusted, repeatable, limits } = settings;
    const target = settings.target.kind === 'url' ? { ...settings.target, url: secrets.url ?? '' } : settings.target;
    const headers = secrets.headers.map(([header, value]) => ({ name: header, value }));
    const read = this.#parts.read({
      name: name === '' ? 'server' : name,
      target,
      headers,
      trusted,
      repeatable,
      limits,
    });
    return read.ok ? read.value : null;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(run, run);
    this.#work = turn.catch(() => undefined);
    return turn;
  }
}

function originOf({ transport }: ServerEntry): string | null {
  return transport.kind === 'http' ? new URL(transport.url).origin : null;
}
