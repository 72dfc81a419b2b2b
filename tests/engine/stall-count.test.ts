import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { TallyTotal } from '@/lib/domain/overview/tally';
import type { LiveSession } from '@/server/engine/parts';
import { StallCount } from '@/server/engine/stall-count';
import { bodies, callId, eventOf } from '@/tests/domain/support/happenings';
import { opened } from '@/tests/store/opened';
import { MovableClock, silent } from './workplace';

const sessionId = 'ses_000000000001' as SessionId;

it('I12 a stall is counted once, whichever life of ours says it, and only of a call that is known', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-stalls-'));
  const { store } = await opened(`sqlite:${path.join(folder, 'holdpoint.db')}`);
  const book: Book = emptyBook();
  for (const [at, body] of [bodies['session.started'], bodies['call.received']].entries()) {
    const folded = foldEvent(book, eventOf(body, { seq: at + 1, at }));
    if (!folded.ok) throw new Error(folded.message);
  }
  const live = new Map([[sessionId, { log: { book } } as unknown as LiveSession]]);
  const clock = new MovableClock();
  const lives = [1, 2].map(() => new StallCount({ store, live, clock, log: silent }));
  const counted = async (): Promise<readonly TallyTotal[]> =>
    (await store.tallyTotals([{ fromAt: 0, untilAt: clock.now() * 2 }]))[0] ?? [];
  for (const of of [callId, 'call_000000000009' as CallId]) {
    for (const life of lives) {
      life.hear({ change: 'alarm', alarm: { kind: 'stalled', sessionId, callId: of, quietSinceAt: 5 } });
      // The store takes turns: once it answered, what was asked before is done.
      expect((await counted()).map(({ what, count }) => [what, count])).toEqual([['stalled', 1]]);
    }
  }
  const [first] = await store.tallies({ fromAt: 0, untilAt: clock.now() * 2 });
  const call = book.calls.get(callId);
  expect([first?.server, first?.tool]).toEqual([call?.server, call?.tool]);
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
