import type { TestPostgres } from '@/tests/support/postgres';
import { type OpenDatabase, openDatabase, openSqlite } from './bench';

/** Opens an empty database of each kind we keep people in. */
export function emptyDatabases(
  postgres: () => TestPostgres | null,
): readonly (readonly [string, () => Promise<OpenDatabase>])[] {
  const openPostgres = async (): Promise<OpenDatabase> => {
    const server = postgres();
    if (server === null) throw new Error('PostgreSQL did not start');
    return openDatabase(server.url(await server.createDatabase()));
  };
  return [
    ['SQLite', openSqlite],
    ['PostgreSQL', openPostgres],
  ];
}
