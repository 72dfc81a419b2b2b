import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KyselyPlugin, RootOperationNode } from 'kysely';
import type { AuditTrail } from '@/server/engine/ports/audit';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { migratePolicy, type PolicyDb } from '@/server/policy/tables';
import { openStore } from '@/server/store/open-store';
import { type TestPostgres, startPostgres } from '@/tests/support/postgres';

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** A clock that stands still until a test moves it. */
export class StillClock implements Clock {
  at = 1_764_000_000_000;

  now(): number {
    return this.at;
  }

  after(): () => void {
    return () => undefined;
  }
}

/** A database of its own with our tables, and ways to be away. */
export interface PolicyPlace {
  readonly db: PolicyDb;
  readonly trouble: Trouble;
  readonly audit: AuditTrail;
  /** What names a table fails until `mend`, whatever else is in its transaction. */
  breakTable(name: string): void;
  mend(): void;
  close(): Promise<void>;
}

/** `before`: nothing is done. `after`: it is done, and that is not heard. */
export class Trouble implements KyselyPlugin {
  when: 'never' | 'before' | 'after' = 'never';
  broken: string | null = null;

  transformQuery({ node }: { node: RootOperationNode }): RootOperationNode {
    if (this.when === 'before') throw new Error('the database is away');
    if (this.broken !== null && JSON.stringify(node).includes(`"${this.broken}"`))
      throw new Error(`${this.broken} cannot be written`);
    return node;
  }

  async transformResult<T>({ result }: { result: T }): Promise<T> {
    if (this.when === 'after') {
      this.when = 'never';
      throw new Error('the connection was lost');
    }
    return result;
  }
}

/** The next transaction is committed, and that is not heard. */
export function loseNextCommit(db: PolicyDb): void {
  const transaction = db.transaction.bind(db);
  const execute = async (work: Parameters<ReturnType<PolicyDb['transaction']>['execute']>[0]): Promise<never> => {
    Object.assign(db, { transaction });
    await transaction().execute(work);
    throw new Error('the connection was lost');
  };
  Object.assign(db, { transaction: () => ({ execute }) });
}

export type Kind = 'SQLite' | 'PostgreSQL';

/** Both databases, for the tests of a file. */
export class PolicyPlaces {
  #postgres: Promise<TestPostgres> | null = null;
  #folder = '';
  #made = 0;

  async start(): Promise<void> {
    this.#folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-policy-'));
  }

  async stop(): Promise<void> {
    await (await this.#postgres)?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async open(kind: Kind): Promise<PolicyPlace> {
    const databaseUrl = kind === 'SQLite' ? this.#file() : await this.#database();
    const opened = await openStore({ databaseUrl, log: silent });
    if (!opened.ok) throw new Error(opened.message);
    const trouble = new Trouble();
    const plain = opened.db as unknown as PolicyDb;
    await migratePolicy(plain);
    return {
      db: plain.withPlugin(trouble as never),
      trouble,
      audit: opened.audit,
      breakTable: (name) => {
        trouble.broken = name;
      },
      mend: () => {
        trouble.broken = null;
      },
      close: () => opened.store.close(),
    };
  }

  #file(): string {
    this.#made += 1;
    return `sqlite:${path.join(this.#folder, `${this.#made}.db`)}`;
  }

  /** The server is started for the first one. */
  async #database(): Promise<string> {
    this.#postgres ??= startPostgres();
    const postgres = await this.#postgres;
    return postgres.url(await postgres.createDatabase());
  }
}
