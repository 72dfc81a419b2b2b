import type { HoldpointTables, TableName } from './schema';

export interface WriteTable<T extends TableName = TableName> {
  readonly table: T;
  readonly columns: readonly (keyof HoldpointTables[T] & string)[];
  readonly key: readonly (keyof HoldpointTables[T] & string)[];
  /** A row that exists is replaced, or refused as a conflict. */
  readonly onExisting: 'replace' | 'refuse';
}

/** How a commit writes each table; both databases' statements are made from this. */
export const writeTables: { readonly [T in TableName]: WriteTable<T> } = {
  hp_event: {
    table: 'hp_event',
    columns: ['session_id', 'seq', 'at', 'type', 'call_id', 'request_id', 'body'],
    key: ['session_id', 'seq'],
    onExisting: 'refuse',
  },
  hp_raw_message: {
    table: 'hp_raw_message',
    columns: ['session_id', 'seq', 'at', 'body'],
    key: ['session_id', 'seq'],
    onExisting: 'refuse',
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
    ],
    key: ['id'],
    onExisting: 'replace',
  },
  hp_connection: {
    table: 'hp_connection',
    columns: ['id', 'session_id', 'server', 'state', 'open', 'body'],
    key: ['id'],
    onExisting: 'replace',
  },
  hp_call: {
    table: 'hp_call',
    columns: ['id', 'session_id', 'server', 'tool', 'state', 'open', 'received_at', 'body'],
    key: ['id'],
    onExisting: 'replace',
  },
  hp_request: {
    table: 'hp_request',
    columns: ['id', 'session_id', 'call_id', 'kind', 'state', 'open', 'opened_at', 'body'],
    key: ['id'],
    onExisting: 'replace',
  },
  hp_payload: {
    table: 'hp_payload',
    columns: ['owner', 'kind', 'session_id', 'body'],
    key: ['owner', 'kind'],
    onExisting: 'replace',
  },
  hp_attachment: {
    table: 'hp_attachment',
    columns: ['connection_id', 'session_id', 'body'],
    key: ['connection_id'],
    onExisting: 'replace',
  },
  hp_cursor: {
    table: 'hp_cursor',
    columns: ['connection_id', 'stream', 'session_id', 'event_id'],
    key: ['connection_id', 'stream'],
    onExisting: 'replace',
  },
};

/** In this order, so that a conflict shows before anything else is written. */
export const writeOrder: readonly TableName[] = [
  'hp_event',
  'hp_raw_message',
  'hp_session',
  'hp_connection',
  'hp_call',
  'hp_request',
  'hp_payload',
  'hp_attachment',
  'hp_cursor',
];
