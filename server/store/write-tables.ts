import type { HoldpointTables, TableName } from './schema';

/** A row that exists is replaced, refused as a conflict, left as it is, or added to. */
export type OnExisting = 'replace' | 'refuse' | 'keep' | 'add';

export interface WriteTable<T extends TableName = TableName> {
  readonly table: T;
  readonly columns: readonly (keyof HoldpointTables[T] & string)[];
  readonly key: readonly (keyof HoldpointTables[T] & string)[];
  readonly onExisting: OnExisting;
  /** Columns that stay as first written. Replacing them too would rewrite every index they are in. */
  readonly fixed: readonly (keyof HoldpointTables[T] & string)[];
}

/** The insertion of rows from `source`, as both databases take it. */
export function putSql(table: TableName, source: string): string {
  const { columns, key, onExisting, fixed } = writeTables[table];
  const insert = `insert into ${table} (${columns.join(', ')}) ${source}`;
  if (onExisting === 'refuse') return insert;
  if (onExisting === 'keep') return `${insert} on conflict (${key.join(', ')}) do nothing`;
  const kept: ReadonlySet<string> = new Set([...key, ...fixed]);
  const changed = columns
    .filter((column) => !kept.has(column))
    .map((column) => `${column} = ${onExisting === 'add' ? `${table}.${column} + ` : ''}excluded.${column}`);
  return `${insert} on conflict (${key.join(', ')}) do update set ${changed.join(', ')}`;
}

/** How a commit writes each table; both databases' statements are made from this. */
export const writeTables: { readonly [T in TableName]: WriteTable<T> } = {
  hp_event: {
    table: 'hp_event',
    columns: ['session_id', 'seq', 'at', 'type', 'call_id', 'request_id', 'body'],
    key: ['session_id', 'seq'],
    onExisting: 'refuse',
    fixed: [],
  },
  hp_raw_message: {
    table: 'hp_raw_message',
    columns: ['session_id', 'seq', 'at', 'body'],
    key: ['session_id', 'seq'],
    onExisting: 'refuse',
    fixed: [],
  },
  hp_session: {
    table: 'hp_session',
    columns: [
      'id',
      'agent_id',
      'agent_name',
      'state',
      'live',
      'started_at',
      'last_event_at',
      'seq',
      'search',
      'summary',
      'ended',
    ],
    key: ['id'],
    onExisting: 'replace',
    fixed: ['agent_id', 'started_at'],
  },
  hp_session_server: {
    table: 'hp_session_server',
    columns: ['server', 'started_at', 'session_id'],
    key: ['server', 'started_at', 'session_id'],
    onExisting: 'keep',
    fixed: [],
  },
  hp_connection: {
    table: 'hp_connection',
    columns: ['id', 'session_id', 'server', 'state', 'open', 'body'],
    key: ['id'],
    onExisting: 'replace',
    fixed: ['session_id'],
  },
  hp_call: {
    table: 'hp_call',
    columns: ['id', 'session_id', 'server', 'tool', 'state', 'open', 'received_at', 'body'],
    key: ['id'],
    onExisting: 'replace',
    fixed: ['session_id', 'received_at'],
  },
  hp_request: {
    table: 'hp_request',
    columns: [
      'id',
      'session_id',
      'call_id',
      'kind',
      'state',
      'open',
      'opened_at',
      'body',
      'due_at',
      'over_at',
      'for_teams',
      'assigned_to',
      'claim_by',
      'claim_until',
      'risk',
      'agent_name',
      'search',
    ],
    key: ['id'],
    onExisting: 'replace',
    fixed: ['session_id', 'call_id', 'kind', 'opened_at', 'risk', 'agent_name'],
  },
  hp_payload: {
    table: 'hp_payload',
    columns: ['owner', 'kind', 'session_id', 'body'],
    key: ['owner', 'kind'],
    onExisting: 'replace',
    fixed: ['session_id'],
  },
  hp_attachment: {
    table: 'hp_attachment',
    columns: ['connection_id', 'session_id', 'body'],
    key: ['connection_id'],
    onExisting: 'replace',
    fixed: ['session_id'],
  },
  hp_agent_call: {
    table: 'hp_agent_call',
    columns: ['call_id', 'session_id', 'agent_id', 'key_digest', 'task', 'created_at', 'body'],
    key: ['call_id'],
    onExisting: 'refuse',
    fixed: [],
  },
  hp_audit: {
    table: 'hp_audit',
    columns: ['seq', 'at', 'act', 'actor_id', 'about_id', 'session_id', 'search', 'body', 'hash'],
    key: ['seq'],
    onExisting: 'refuse',
    fixed: [],
  },
  hp_audit_head: {
    table: 'hp_audit_head',
    columns: ['id', 'base_seq', 'base_hash', 'seq', 'hash', 'at', 'seal'],
    key: ['id'],
    onExisting: 'replace',
    fixed: [],
  },
  hp_probe: {
    table: 'hp_probe',
    columns: ['id', 'at'],
    key: ['id'],
    onExisting: 'replace',
    fixed: [],
  },
  hp_tally: {
    table: 'hp_tally',
    columns: ['size', 'at', 'what', 'team', 'server', 'tool', 'bin', 'how_many', 'total_ms'],
    key: ['size', 'at', 'what', 'team', 'server', 'tool', 'bin'],
    onExisting: 'add',
    fixed: [],
  },
  hp_tally_quarter: {
    table: 'hp_tally_quarter',
    columns: ['at', 'what', 'how_many', 'total_ms'],
    key: ['at', 'what'],
    onExisting: 'add',
    fixed: [],
  },
  hp_cursor: {
    table: 'hp_cursor',
    columns: ['connection_id', 'stream', 'session_id', 'event_id'],
    key: ['connection_id', 'stream'],
    onExisting: 'replace',
    fixed: ['session_id'],
  },
};

/** In this order, so that a conflict shows before anything else is written. */
export const writeOrder: readonly TableName[] = [
  'hp_event',
  'hp_raw_message',
  'hp_agent_call',
  'hp_audit',
  'hp_audit_head',
  'hp_session',
  'hp_session_server',
  'hp_connection',
  'hp_call',
  'hp_request',
  'hp_payload',
  'hp_attachment',
  'hp_cursor',
  'hp_tally',
  'hp_tally_quarter',
  'hp_probe',
];
