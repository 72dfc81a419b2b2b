import type { CommitOutcome } from '@/server/engine/ports/store';

type CommitFailure = Extract<CommitOutcome, { ok: false }>;

/** SQLite's extended codes for a primary key or unique index that holds the row already. */
const sqliteTaken: ReadonlySet<string> = new Set(['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE']);
const postgresUniqueViolation = '23505';
/** Deadlock and serialization failure: only another writer of the same rows can cause them. */
const postgresRaced: ReadonlySet<string> = new Set(['40P01', '40001']);
const firstWins = /\b(?:hp_event|hp_raw_message|hp_agent_call)\b/;

/** Translates what a database threw while committing. */
export function commitFailure(error: unknown): CommitFailure {
  const { code, message, table } = factsOf(error);
  const taken =
    (sqliteTaken.has(code) && firstWins.test(message)) ||
    (code === postgresUniqueViolation && firstWins.test(table)) ||
    postgresRaced.has(code);
  if (taken)
    return {
      ok: false,
      code: 'conflict',
      message: 'Another writer was first: these events, or this key, are recorded already.',
    };
  return {
    ok: false,
    code: 'unavailable',
    message: `The database did not take it${code === '' ? '' : ` (${code})`}: ${message}`,
  };
}

function factsOf(error: unknown): { readonly code: string; readonly message: string; readonly table: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error), table: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const table = 'table' in error && typeof error.table === 'string' ? error.table : '';
  // Node gathers refused addresses in an AggregateError whose own message is empty.
  const message =
    error.message !== ''
      ? error.message
      : error instanceof AggregateError
        ? error.errors.map(String).join('; ')
        : error.name;
  return { code, message, table };
}
