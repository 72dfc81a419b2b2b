import { describe, expect, it } from 'vitest';
import { laneFacts } from '@/components/timeline/lane-words';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import { spentMs } from '@/lib/domain/timeline/spans';
import type { RequestId } from '@/lib/domain/ids';
import { allowed, answered, call1, log, opened, received, req1, sent, started } from './events';

const req2 = 'req_000000000002' as RequestId;

describe('what a call’s time went to', () => {
  it('counts no second twice: pages that wait side by side are one wait with people', () => {
    const page = (id: typeof req1) => ({ ...opened(id, call1), kind: 'url' }) as const;
    const lane = foldTimeline(
      emptyTimeline(),
      log([
        [0, started],
        [0, received(call1)],
        [0, allowed(call1)],
        [0, sent(call1)],
        [10_000, { type: 'call.turned_back', callId: call1, message: 'Sign in', requestIds: [req1, req2] }],
        [10_000, page(req1)],
        [10_000, page(req2)],
        [25_000, answered(req1)],
      ]),
    ).lanes.get(call1);
    if (lane === undefined) throw new Error('no lane');
    expect(lane.segments.filter(({ kind }) => kind === 'people')).toHaveLength(2);
    expect(['people', 'work'].map((kind) => spentMs(lane.segments, kind as 'people' | 'work', 40_000))).toEqual([
      30_000, 10_000,
    ]);
    expect(laneFacts(lane, 40_000).join(', ')).toContain('with people 30 s');
  });
});
