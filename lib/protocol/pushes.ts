import type { AuditChangedPush } from './push/audit-changed';
import type { PersonChangedPush } from './push/person-changed';
import type { PresenceChangedPush } from './push/presence-changed';
import type { NoticePush } from './push/notice';
import type { EndingChangedPush } from './push/ending-changed';
import type { PausesChangedPush } from './push/pauses-changed';
import type { RequestChangedPush } from './push/request-changed';
import type { RequestGonePush } from './push/request-gone';
import type { RulesChangedPush } from './push/rules-changed';
import type { ServerTriedPush } from './push/server-tried';
import type { ServersChangedPush } from './push/servers-changed';
import type { SessionChangedPush } from './push/session-changed';
import type { SessionEventsPush } from './push/session-events';
import type { SessionRawPush } from './push/session-raw';
import type { StorageChangedPush } from './push/storage-changed';

/** Everything the server says unasked. Sent as the socket event `push`. */
export type Push =
  | RequestChangedPush
  | RequestGonePush
  | RulesChangedPush
  | ServersChangedPush
  | ServerTriedPush
  | NoticePush
  | SessionChangedPush
  | SessionEventsPush
  | SessionRawPush
  | PresenceChangedPush
  | StorageChangedPush
  | PersonChangedPush
  | PausesChangedPush
  | AuditChangedPush
  | EndingChangedPush;

const pushTypes: ReadonlySet<string> = new Set<Push['type']>([
  'request.changed',
  'request.gone',
  'rules.changed',
  'servers.changed',
  'server.tried',
  'notice',
  'session.changed',
  'session.events',
  'session.raw',
  'presence.changed',
  'storage.changed',
  'person.changed',
  'pauses.changed',
  'audit.changed',
  'ending.changed',
]);

/** A push this page knows; null for one it does not, which it leaves aside. */
export function readPush(value: unknown): Push | null {
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  return typeof value.type === 'string' && pushTypes.has(value.type) ? (value as Push) : null;
}
