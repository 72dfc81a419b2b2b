import type { Kysely } from 'kysely';
import type { AuditTrail } from '@/server/engine/ports/audit';
import type { Store } from '@/server/engine/ports/store';
import { openStore } from '@/server/store/open-store';
import type { Database } from '@/server/store/schema';
import { recordingLog } from './silent-log';

export interface Opened {
  readonly store: Store;
  readonly audit: AuditTrail;
  readonly db: Kysely<Database>;
  readonly kind: 'sqlite' | 'postgres';
}

/** Opens a store that must open. */
export async function opened(databaseUrl: string): Promise<Opened> {
  const opening = await openStore({ databaseUrl, secret: 's'.repeat(43), log: recordingLog().log });
  if (!opening.ok) throw new Error(opening.message);
  return opening;
}
