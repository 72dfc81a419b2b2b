import { alarmKey } from '@/lib/domain/alarm';
import type { TallyFact } from '@/lib/domain/overview/tally';
import type { EngineParts } from './parts';
import type { Change } from './ports/publisher';

/** Has each stall counted for the overview: once, also when another life of ours says it again. */
export class StallCount {
  constructor(private readonly parts: Pick<EngineParts, 'store' | 'live' | 'clock' | 'log'>) {}

  hear(change: Change): void {
    if (change.change !== 'alarm' || change.alarm.kind !== 'stalled') return;
    const { alarm } = change;
    const { store, live, clock, log } = this.parts;
    const call = live.get(alarm.sessionId)?.log.book.calls.get(alarm.callId);
    if (call === undefined) return;
    const { server, tool } = call;
    const fact: TallyFact = { at: clock.now(), what: 'stalled', team: '', server, tool, ms: 0 };
    store
      .countStall({ key: alarmKey(alarm), fact })
      .catch((error: unknown) => log.warn({ err: error, callId: alarm.callId }, 'a stall could not be counted'));
  }
}
