import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId, SessionId } from '@/lib/domain/ids';
import { CallFollower } from '@/server/telemetry/call-follower';
import type { EndedStory, SpanDraft } from '@/server/telemetry/call-story';
import type { Log } from '@/server/engine/ports/log';
import * as say from '@/tests/timeline/events';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const req2 = 'req_000000000002' as RequestId;
const { call1, req1, con1 } = say;

async function told(events: readonly SessionEvent[], heard: readonly SessionEvent[] = events) {
  const stories: EndedStory[] = [];
  const read = async (_id: SessionId, { afterSeq, limit }: { readonly afterSeq: number; readonly limit: number }) =>
    events.filter(({ seq }) => seq > afterSeq).slice(0, limit);
  await new Promise<void>((resolve) => {
    const follower = new CallFollower({
      events: read,
      log: quiet,
      ended: (story) => {
        stories.push(story);
        resolve();
      },
    });
    follower.hear(heard);
  });
  return stories;
}

function drawn(story: EndedStory | undefined): readonly string[] {
  const above = ({ parent }: SpanDraft): string => (parent === null ? '' : ` in ${parent.of} ${parent.id}`);
  return (story?.spans ?? []).map(
    (span) => `${span.key.of} ${span.key.id} ${span.startAt}-${span.endAt}${above(span)}${span.failed ? '!' : ''}`,
  );
}

const approval = { ...say.opened(req1, call1), kind: 'approval' } as const;
const asked = { ...say.opened(req2, call1), upstream: { connectionId: con1, rpcId: 3 } } as const;
const whole = say.log([
  [0, say.started],
  [1, say.received(call1)],
  [1, { type: 'call.held', callId: call1, rule: say.rule, requestId: req1 }],
  [1, approval],
  [50, say.answered(req1), say.ana],
  [50, say.allowed(call1)],
  [60, say.sent(call1)],
  [65, say.progress(call1, 2)],
  [70, asked],
  [170, say.answered(req2), say.ana],
  [200, say.completed(call1)],
]);

describe('a call, told as spans', () => {
  it('that was turned back has a span for each sending, and its pages beside them', async () => {
    const page = { ...say.opened(req1, call1), kind: 'url' } as const;
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, say.allowed(call1)],
        [2, say.sent(call1)],
        [10, { type: 'call.turned_back', callId: call1, message: 'Sign in', requestIds: [req1] }],
        [10, page],
        [50, say.answered(req1), say.ana],
        [50, { type: 'call.urls_done', callId: call1 }],
        [60, { ...say.sent(call1), rpcId: 'again' }],
        [90, say.completed(call1)],
      ]),
    );
    expect(story?.outcome).toBe('completed');
    expect(drawn(story).slice(1)).toEqual([
      `send rpc ${call1} 2-10 in call ${call1}!`,
      `send again 60-90 in call ${call1}`,
      `human wait ${req1} 10-50 in call ${call1}`,
    ]);
  });

  it('holds the waits for people where they were: before sending, and inside the server’s work', async () => {
    const [story, more] = await told(whole);
    expect(more).toBeUndefined();
    expect(story?.outcome).toBe('completed');
    expect(drawn(story)).toEqual([
      `call ${call1} 1-200`,
      `send rpc ${call1} 60-200 in call ${call1}`,
      `human wait ${req1} 1-50 in call ${call1}`,
      `human wait ${req2} 70-170 in send rpc ${call1}`,
    ]);
    expect(story?.spans[1]?.marks).toMatchObject([{ at: 65, name: 'call.progress', facts: { progress: 2, total: 9 } }]);
  });

  it('I5 is the same when another life of ours heard only its end', async () => {
    const [first] = await told(whole);
    const [second] = await told(whole, whole.slice(-1));
    expect(second).toEqual(first);
  });

  it('I5 the log of a session is read once for all its calls, up to where we came in, and each is told once', async () => {
    const ids = [1, 2, 3, 4].map((index) => `call_00000000000${index}` as CallId);
    const before = ids.flatMap((id): say.Step[] => [
      [1, say.received(id)],
      [1, say.allowed(id)],
      [2, say.sent(id)],
    ]);
    const steps = Array.from({ length: 2_500 }, (_, index): say.Step => [3, say.progress(call1, index)]);
    const fresh = 'call_000000000009' as CallId;
    const events = say.log([
      [0, say.started],
      ...before,
      ...steps,
      [5, say.completed(ids[3] ?? call1)],
      // From here on we are there.
      [6, say.received(fresh)],
      [6, say.progress(call1, 9_999)],
      ...ids.slice(0, 3).map((id): say.Step => [9, say.completed(id)]),
      [9, say.completed(fresh)],
      [10, { type: 'session.ending', end: 'closed', reason: '' }],
      [10, { type: 'session.ended', end: 'closed', reason: '' }],
      [11, { type: 'call.delivered', callId: fresh }],
    ]);
    const reads: number[] = [];
    const heardFrom = events.findIndex(({ type, at }) => type === 'call.received' && at === 6);
    const stories: EndedStory[] = [];
    await new Promise<void>((resolve) => {
      const follower = new CallFollower({
        events: async (_id, { afterSeq, limit }) => {
          reads.push(afterSeq);
          return events.filter(({ seq }) => seq > afterSeq).slice(0, limit);
        },
        log: quiet,
        ended: (story) => stories.push(story) === 4 && resolve(),
      });
      for (const event of events.slice(heardFrom)) follower.hear([event]);
    });
    expect(reads).toEqual([0, 1_000, 2_000]);
    expect(stories.map(({ callId }) => callId)).toEqual([...ids.slice(0, 3), fresh]);
    expect(stories[0]).toEqual((await told(events.filter((event) => 'callId' in event && event.callId === call1)))[0]);
  });

  it('a log that could not be read loses only what ended meanwhile', async () => {
    const other = 'call_000000000002' as CallId;
    const events = say.log([
      [1, say.received(call1)],
      [1, say.received(other)],
      [2, say.completed(call1)],
      [3, say.completed(other)],
    ]);
    const warned: unknown[] = [];
    let readings = 0;
    const story = await new Promise<EndedStory>((resolve) => {
      const follower: CallFollower = new CallFollower({
        events: async () => {
          readings += 1;
          if (readings === 1) throw new Error('The database is away');
          return events;
        },
        log: {
          ...quiet,
          warn: (fields) => {
            warned.push(fields);
            // What waited is told first.
            setImmediate(() => follower.hear(events.slice(3)));
          },
        },
        ended: resolve,
      });
      follower.hear(events.slice(2, 3));
    });
    expect(story.callId).toBe(other);
    expect(warned).toHaveLength(1);
  });

  it('I14 holds no words of agents, servers and people', async () => {
    const [story] = await told(whole);
    const text = JSON.stringify(story);
    for (const words of ['attaching', 'account details', 'Ana', 'Request account', 'Read-only', 'done'])
      expect(text).not.toContain(words);
  });

  it('that was denied was never sent, and is no failure', async () => {
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, { type: 'call.denied', callId: call1, rule: say.rule }],
      ]),
    );
    expect(story?.outcome).toBe('denied');
    expect(drawn(story)).toEqual([`call ${call1} 1-1`]);
  });

  it('I3 that went again shows both sendings, the first as broken', async () => {
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, say.allowed(call1)],
        [2, say.sent(call1)],
        [9, say.interrupted(call1, 'repeat')],
        [12, { ...say.sent(call1), rpcId: 'again' }],
        [20, say.completed(call1)],
      ]),
    );
    expect(drawn(story)).toEqual([
      `call ${call1} 1-20`,
      `send rpc ${call1} 2-9 in call ${call1}!`,
      `send again 12-20 in call ${call1}`,
    ]);
  });

  it.each([
    [
      'call.failed',
      { type: 'call.failed', callId: call1, error: { code: -32050, message: 'away' } },
      'failed',
      '-32050',
    ],
    [
      'call.indeterminate',
      { type: 'call.indeterminate', callId: call1, why: 'lost' },
      'indeterminate',
      'indeterminate',
    ],
    ['an error of the tool', { ...say.completed(call1), isError: true }, 'tool_error', 'tool_error'],
    ['call.cancelled', { type: 'call.cancelled', callId: call1, by: 'agent', reason: 'no' }, 'cancelled', null],
  ] as const)('ended by %s', async (...[, body, outcome, failed]) => {
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, say.allowed(call1)],
        [2, say.sent(call1)],
        [9, body],
      ]),
    );
    expect(story?.outcome).toBe(outcome);
    expect(story?.spans[0]?.failed ?? null).toBe(failed);
  });

  it.each([
    ['expired', { type: 'request.expired', requestId: req1 }, { type: 'call.expired', callId: call1, requestId: req1 }],
    ['rejected', say.answered(req1), { type: 'call.rejected', callId: call1, reason: 'no' }],
  ] as const)('I7 %s is no failure of anything', async (outcome, request, end) => {
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, approval],
        [30, request],
        [30, end],
      ]),
    );
    expect(story?.outcome).toBe(outcome);
    expect(story?.spans.every(({ failed }) => failed === null)).toBe(true);
  });

  it('model time is the model’s, and a person’s from where it gave up', async () => {
    const sampling = { ...asked, kind: 'sampling', writer: 'model' } as const;
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, say.allowed(call1)],
        [2, say.sent(call1)],
        [3, sampling],
        [13, { type: 'request.to_person', requestId: req2, why: 'it refused' }],
        [40, say.answered(req2), say.ana],
        [50, say.completed(call1)],
      ]),
    );
    expect(drawn(story).slice(2)).toEqual([
      `model ${req2} 3-13 in send rpc ${call1}!`,
      `human wait ${req2} 13-40 in send rpc ${call1}`,
    ]);
  });

  it('of a server that reports without end keeps some steps and counts all', async () => {
    const steps = Array.from({ length: 500 }, (_, index) => [3, say.progress(call1, index)] as const);
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, say.allowed(call1)],
        [2, say.sent(call1)],
        ...steps,
        [9, say.completed(call1)],
      ]),
    );
    expect(story?.spans[1]?.marks.length).toBeLessThan(100);
    expect(story?.spans[0]?.facts['holdpoint.progress.count']).toBe(500);
  });

  it('of a server that asks and takes back without end keeps some questions and counts all', async () => {
    const questions = Array.from({ length: 1_000 }, (_, index) => {
      const requestId = `req_${String(index).padStart(12, '0')}` as RequestId;
      return [
        [3, { ...asked, requestId }],
        [3, { type: 'request.withdrawn', requestId, why: 'taken back' }],
      ] as const;
    });
    const [story] = await told(
      say.log([
        [1, say.received(call1)],
        [1, say.allowed(call1)],
        [2, say.sent(call1)],
        ...questions.flat(),
        [9, say.completed(call1)],
      ]),
    );
    expect(story?.spans.length).toBeLessThan(300);
    expect(story?.spans[0]?.facts['holdpoint.requests.count']).toBe(1_000);
  });
});
