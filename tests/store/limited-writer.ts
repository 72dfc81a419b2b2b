import { sql } from 'kysely';
import type { CallId, SessionId } from '@/lib/domain/ids';
import { opened } from './opened';
import { commitOf, logEvent } from './samples';

/** What a process says that wrote until its files could grow no further. */
export interface Report {
  readonly saved: number;
  readonly refused: readonly { readonly code: string; readonly message: string }[];
  readonly readBack: number;
  readonly afterwards: unknown;
}

/** Commits to the database of `argv[2]` until one is refused, makes room, and commits the refused one again. */
const sessionId = process.argv[3] as SessionId;
const { store, db } = await opened(process.argv[2] ?? '');
const owner = 'call_00000000000A' as CallId;
// The payload is one row written over: the log grows, the database hardly.
const commit = (seq: number) =>
  store.commit([
    commitOf(sessionId, {
      events: [logEvent(sessionId, seq)],
      payloads: [{ owner, kind: 'result', body: `${seq} ${'x'.repeat(100_000)}` }],
    }),
  ]);
let saved = 0;
const refused: Report['refused'][number][] = [];
while (refused.length < 2) {
  const outcome = await commit(saved + 1);
  if (outcome.ok) saved += 1;
  else refused.push({ code: outcome.code, message: outcome.message });
}
const readBack = (await store.events(sessionId, { afterSeq: 0, limit: 1_000 })).length;
await sql.raw('pragma wal_checkpoint(truncate)').execute(db);
const afterwards = await commit(saved + 1);
const report: Report = { saved, refused, readBack, afterwards };
await store.close();
process.stdout.write(JSON.stringify(report));
