import { describe, expect, it } from 'vitest';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { CallLimit } from '@/lib/domain/deadline';
import type { EventBody } from '@/lib/domain/event';
import type { CallId } from '@/lib/domain/ids';
import { type Pace, paceAt, unknownPace } from '@/lib/domain/pace';
import { bindingLimit, type Verdict, verdictAt, waitsOf } from '@/lib/domain/verdict';
import { bodies, callId, eventOf, otherRequestId, requestId } from './support/happenings';

const otherCallId = 'call_000000000002' as CallId;

/** A book in which each happened when it says, or ten milliseconds after the one before. */
function bookOf(...happened: readonly (EventBody | readonly [number, EventBody])[]): Book {
  const book = emptyBook();
  let at = 0;
  happened.forEach((one, index) => {
    const body = 'type' in one ? one : one[1];
    at = 'type' in one ? at + 10 : one[0];
    const folded = foldEvent(book, eventOf(body, { seq: index + 1, at }));
    if (!folded.ok) throw new Error(folded.message);
  });
  return book;
}

function verdictOf(book: Book, now = book.lastEventAt): Verdict {
  return verdictAt(waitsOf(book), now);
}

const received = bodies['call.received'];
const sent = [bodies['session.started'], received, bodies['call.allowed'], bodies['call.sent']];

describe('whom a session waits for', () => {
  it('nobody, since the last event, when nothing is open', () => {
    expect(verdictOf(bookOf(bodies['session.started']))).toEqual({ on: 'nobody', sinceAt: 10 });
    expect(verdictOf(bookOf(...sent, bodies['call.completed']))).toEqual({ on: 'nobody', sinceAt: 50 });
  });

  it('a server, since the call was sent, with its last sign of life', () => {
    const server = { on: 'server', is: 'busy', sinceAt: 40, callId, server: 'files', tool: 'write', pace: unknownPace };
    expect(verdictOf(bookOf(...sent))).toEqual({ ...server, lastSignAt: 40 });
    expect(verdictOf(bookOf(...sent, bodies['call.progress']))).toEqual({ ...server, lastSignAt: 50 });
    expect(verdictOf(bookOf(...sent, bodies['call.log']))).toEqual({ ...server, lastSignAt: 50 });
  });

  it('the oldest of several calls', () => {
    const second = { ...received, callId: otherCallId };
    expect(verdictOf(bookOf(...sent, second))).toMatchObject({ on: 'server', callId, sinceAt: 40 });
    expect(verdictOf(bookOf(...sent, second, bodies['call.completed']))).toMatchObject({
      on: 'server',
      callId: otherCallId,
      sinceAt: 50,
    });
  });

  it('a person, by the oldest question and how many more there are', () => {
    const asked = bookOf(...sent, bodies['request.opened'], { ...bodies['request.opened'], requestId: otherRequestId });
    expect(verdictOf(asked)).toEqual({ on: 'person', sinceAt: 50, requestId, title: 'Which folder?', more: 1 });
  });

  it('a person while a page comes before its call, and then a server that was not silent meanwhile', () => {
    const page: EventBody = { ...bodies['request.opened'], kind: 'url', upstream: null, title: 'Sign in' };
    const hourMs = 3_600_000;
    const asked = [...sent, bodies['call.turned_back'], page] as const;
    expect(verdictOf(bookOf(...asked), hourMs)).toMatchObject({ on: 'person', requestId, title: 'Sign in' });
    const done = bookOf(...asked, [hourMs, bodies['request.answered']], [hourMs, bodies['call.urls_done']]);
    expect(verdictOf(done)).toMatchObject({ on: 'server', is: 'busy', lastSignAt: hourMs });
  });

  it('a person, when its interrupted call waits for a recovery decision (I4)', () => {
    const recovery: EventBody = { ...bodies['request.opened'], kind: 'recovery', title: 'Run it again?' };
    const asked = bookOf(...sent, bodies['call.interrupted'], recovery);
    expect(verdictOf(asked)).toEqual({ on: 'person', sinceAt: 60, requestId, title: 'Run it again?', more: 0 });
    const goesAgain = bookOf(...sent, { ...bodies['call.interrupted'], next: 'repeat' });
    expect(verdictOf(goesAgain)).toMatchObject({ on: 'server', sinceAt: 50, lastSignAt: 50 });
    const runAgain = bookOf(
      ...sent,
      bodies['call.interrupted'],
      recovery,
      bodies['request.answered'],
      bodies['call.allowed'],
      bodies['call.sent'],
    );
    expect(verdictOf(runAgain)).toMatchObject({ on: 'server', sinceAt: 90, lastSignAt: 90 });
  });

  it('the server again once the person answered', () => {
    expect(verdictOf(bookOf(...sent, bodies['request.opened'], bodies['request.answered']))).toMatchObject({
      on: 'server',
      lastSignAt: 60,
    });
  });

  it('a team’s question is named by its team: sessions are for more eyes than its requests (I11)', () => {
    const team = { id: 'payments', name: 'Payments' } as const;
    const forTeam = { ...bodies['request.opened'], team } as EventBody;
    expect(verdictOf(bookOf(...sent, forTeam))).toMatchObject({ on: 'person', title: 'A request for Payments' });
  });
});

// Every combination of what a server gave of itself, what is known of its tool, and who is asked. `now` is 100 s
// after the call was sent at 0, or after the question about it was settled or opened.
const now = 100_000;
const byGap: Pace = { usual: { by: 'gap', ms: 4_000 }, slowAfterMs: 15_000, stalledAfterMs: 50_000 };
const byDuration: Pace = { usual: { by: 'duration', ms: 20_000 }, slowAfterMs: 60_000, stalledAfterMs: 200_000 };
const long: Pace = { usual: { by: 'duration', ms: 600_000 }, slowAfterMs: 1_800_000, stalledAfterMs: 3_600_000 };
const histories = {
  unknown: unknownPace,
  'heard every 4 s': byGap,
  'done in 20 s': byDuration,
  'done in 10 min': long,
};
type History = keyof typeof histories;

const signs = {
  none: [],
  'progress 90 s ago': [[10_000, bodies['call.progress']]],
  'progress 20 s ago': [[80_000, bodies['call.progress']]],
  'a log message 5 s ago': [[95_000, bodies['call.log']]],
  'an answer 30 s ago': [
    [10_000, bodies['request.opened']],
    [70_000, bodies['request.answered']],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [number, EventBody])[]>>;
type Signs = keyof typeof signs;

const second = [
  [1, { ...received, callId: otherCallId }],
  [2, { ...bodies['call.allowed'], callId: otherCallId }],
] as const satisfies readonly (readonly [number, EventBody])[];
const question = (writer: 'person' | 'model') =>
  [99_000, { ...bodies['request.opened'], requestId: otherRequestId, callId: otherCallId, writer }] as const;
const requests = {
  'nobody is asked': [],
  'a person is asked for another call': [question('person')],
  'a model writes for another call': [question('model')],
  'a person is asked for it': [[99_000, { ...bodies['request.opened'], requestId: otherRequestId }]],
  'a person is asked outside any call': [
    [99_000, { ...bodies['request.opened'], requestId: otherRequestId, callId: null, candidates: [] }],
  ],
  'a person is asked by it or another': [
    [
      99_000,
      { ...bodies['request.opened'], requestId: otherRequestId, callId: null, candidates: [callId, otherCallId] },
    ],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [number, EventBody])[]>>;
type Requests = keyof typeof requests;

const paces: { readonly [S in Signs]: { readonly [H in History]: 'busy' | 'slow' | 'stalled' } } = {
  none: { unknown: 'slow', 'heard every 4 s': 'stalled', 'done in 20 s': 'slow', 'done in 10 min': 'busy' },
  'progress 90 s ago': {
    unknown: 'slow',
    'heard every 4 s': 'stalled',
    'done in 20 s': 'slow',
    'done in 10 min': 'busy',
  },
  'progress 20 s ago': { unknown: 'busy', 'heard every 4 s': 'slow', 'done in 20 s': 'busy', 'done in 10 min': 'busy' },
  'a log message 5 s ago': {
    unknown: 'busy',
    'heard every 4 s': 'busy',
    'done in 20 s': 'busy',
    'done in 10 min': 'busy',
  },
  'an answer 30 s ago': {
    unknown: 'busy',
    'heard every 4 s': 'slow',
    'done in 20 s': 'busy',
    'done in 10 min': 'busy',
  },
};

/** Stalled, person, slow, model, busy: the first that is true speaks. */
const expected: { readonly [R in Requests]: { readonly [P in 'busy' | 'slow' | 'stalled']: string } } = {
  'nobody is asked': { busy: 'busy', slow: 'slow', stalled: 'stalled' },
  'a person is asked for another call': { busy: 'person', slow: 'person', stalled: 'stalled' },
  'a model writes for another call': { busy: 'model', slow: 'slow', stalled: 'stalled' },
  // Time with people is never the server's silence.
  'a person is asked for it': { busy: 'person', slow: 'person', stalled: 'person' },
  'a person is asked outside any call': { busy: 'person', slow: 'person', stalled: 'stalled' },
  'a person is asked by it or another': { busy: 'person', slow: 'person', stalled: 'person' },
};

const rows = (Object.keys(signs) as readonly Signs[]).flatMap((sign) =>
  (Object.keys(histories) as readonly History[]).flatMap((history) =>
    (Object.keys(requests) as readonly Requests[]).map((asked) => ({ sign, history, asked })),
  ),
);

describe('the verdict at any combination of signs of life, history and open requests', () => {
  it.each(rows)('$sign; $history; $asked', ({ sign, history, asked }) => {
    const isOther = asked.includes('another');
    const book = bookOf(
      [0, bodies['session.started']],
      [0, received],
      [0, bodies['call.allowed']],
      [0, { ...bodies['call.sent'], pace: histories[history] }],
      ...(isOther ? second : []),
      ...signs[sign],
      ...requests[asked],
    );
    const verdict = verdictOf(book, now);
    expect(verdict.on === 'server' ? verdict.is : verdict.on).toBe(expected[asked][paces[sign][history]]);
  });
});

describe('of several calls', () => {
  const otherSent = { ...bodies['call.sent'], callId: otherCallId };
  const both = (first: Pace, other: Pace): Book =>
    bookOf(
      [0, bodies['session.started']],
      [0, received],
      [0, bodies['call.allowed']],
      [0, { ...bodies['call.sent'], pace: first }],
      [10, { ...received, callId: otherCallId }],
      [10, { ...bodies['call.allowed'], callId: otherCallId }],
      [10, { ...otherSent, pace: other }],
    );

  it('the one that is stalled speaks, and of one summary at each later instant the right one', () => {
    const waits = waitsOf(both(long, byGap));
    expect(verdictAt(waits, 5_000)).toMatchObject({ is: 'busy', callId });
    expect(verdictAt(waits, 20_000)).toMatchObject({ is: 'slow', callId: otherCallId });
    expect(verdictAt(waits, 60_000)).toMatchObject({ is: 'stalled', callId: otherCallId });
  });

  it('a summary holds no more than three of a hundred', () => {
    const many = Array.from({ length: 100 }, (_, index) => `call_${String(index).padStart(12, '0')}` as CallId);
    const book = bookOf(
      bodies['session.started'],
      ...many.flatMap((id) => [
        { ...received, callId: id },
        { ...bodies['call.allowed'], callId: id },
        { ...bodies['call.sent'], callId: id },
      ]),
    );
    expect(waitsOf(book).servers.length).toBeLessThanOrEqual(3);
  });

  it('a question settled that either may have asked is a sign of life of both', () => {
    const book = both(byGap, byGap);
    const asked = { ...bodies['request.opened'], callId: null, candidates: [callId, otherCallId] };
    for (const [seq, [at, body]] of (
      [
        [20_000, asked],
        [90_000, bodies['request.answered']],
      ] as const
    ).entries())
      foldEvent(book, eventOf(body, { seq: 8 + seq, at }));
    expect(verdictOf(book, 95_000)).toMatchObject({ on: 'server', is: 'busy', lastSignAt: 90_000 });
  });
});

describe('the pace of a server', () => {
  const { slowAfterMs, stalledAfterMs } = unknownPace;
  it.each([
    [-5, 'busy'],
    [0, 'busy'],
    [slowAfterMs - 1, 'busy'],
    [slowAfterMs, 'slow'],
    [stalledAfterMs - 1, 'slow'],
    [stalledAfterMs, 'stalled'],
  ] as const)('quiet for %i ms: %s', (quietMs, pace) => {
    expect(paceAt(unknownPace, 1_000, 1_000 + quietMs)).toBe(pace);
  });
});

describe('what is left', () => {
  const server: CallLimit = { at: 50_000, cause: 'server_request', reason: 'files keeps a request 50 s' };
  const agent: CallLimit = { at: 30_000, cause: 'agent', reason: 'the agent waits no longer than 30 s' };
  const limited = { ...bodies['call.sent'], limits: [server, agent] };
  const going = [bodies['session.started'], received, bodies['call.allowed'], limited] as const;

  it('is nothing said while nothing ends what is open', () => {
    expect(bindingLimit(bookOf(...sent))).toBeNull();
  });

  it('is the earliest of the question’s, the agent’s and the server’s, with its reason (I8)', () => {
    const asked = { ...bodies['request.opened'], deadline: { ...bodies['request.opened'].deadline, at: 20_000 } };
    expect(bindingLimit(bookOf(...going))).toEqual(agent);
    expect(bindingLimit(bookOf(...going, asked))).toMatchObject({ at: 20_000, reason: 'as configured' });
    expect(bindingLimit(bookOf(...going, bodies['call.completed']))).toBeNull();
  });

  it('is not set by an agent that left, until it is back', () => {
    const left = [...going, bodies['call.agent_left']];
    expect(bindingLimit(bookOf(...left))).toEqual(server);
    expect(bindingLimit(bookOf(...left, bodies['call.agent_back']))).toEqual(agent);
  });
});
