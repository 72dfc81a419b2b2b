import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Book, emptyBook, foldEvent, openCalls, openRequests, touching, undo } from '@/lib/domain/book';
import { holdpoint } from '@/lib/domain/actor';
import { isOpenCall, sentOf, wasSent } from '@/lib/domain/call';
import type { EventBody, EventType, SessionEvent } from '@/lib/domain/event';
import type { CallId, ConnectionId, OperationId, RequestId } from '@/lib/domain/ids';
import { summaryOf } from '@/lib/domain/summary';
import {
  ada,
  ben,
  bodies,
  callId,
  connectionId,
  eventOf,
  eventTypes,
  files,
  otherRequestId,
  requestId,
} from './support/happenings';

function fold(book: Book, body: EventBody): ReturnType<typeof foldEvent> {
  return foldEvent(book, eventOf(body, { seq: book.seq + 1, at: (book.seq + 1) * 10 }));
}

function effectsOf(book: Book, body: EventBody): readonly string[] {
  const folded = fold(book, body);
  if (!folded.ok) throw new Error(folded.message);
  return folded.effects.map((effect) => effect.effect);
}

function told(...types: readonly EventType[]): Book {
  const book = emptyBook();
  for (const type of types) effectsOf(book, bodies[type]);
  return book;
}

function sentRpcId(book: Book): string | null {
  const call = book.calls.get(callId);
  return call === undefined ? null : (sentOf(call)?.rpcId ?? null);
}

describe('a book', () => {
  it('tells the whole life of a call that asks a person', () => {
    const book = emptyBook();
    const story: readonly (readonly [EventType, string, string | undefined, readonly string[]])[] = [
      ['session.started', 'none', undefined, []],
      ['call.received', 'held', undefined, []],
      ['call.allowed', 'held', undefined, ['send_call']],
      ['connection.opening', 'held', undefined, []],
      ['connection.ready', 'held', undefined, []],
      ['call.sent', 'working', undefined, []],
      ['call.progress', 'working', undefined, []],
      ['call.log', 'working', undefined, []],
      ['request.opened', 'input_required', 'open', ['watch_request']],
      ['request.claimed', 'input_required', 'open', []],
      ['request.answered', 'working', 'answered', ['deliver_answer']],
      ['answer.sent', 'working', 'answered', []],
      ['answer.accepted', 'working', 'delivered', []],
      ['answer.moved_on', 'working', 'delivered', []],
      ['call.completed', 'completed', 'delivered', ['settle_call']],
      ['call.delivered', 'completed', 'delivered', []],
      ['session.ending', 'completed', 'delivered', ['end_session']],
      ['connection.closed', 'completed', 'delivered', []],
      ['session.step', 'completed', 'delivered', []],
      ['session.ended', 'completed', 'delivered', []],
    ];
    for (const [type, call, request, effects] of story) {
      expect(effectsOf(book, bodies[type])).toEqual(effects);
      expect(book.calls.get(callId)?.state ?? 'none').toBe(call);
      expect(book.requests.get(requestId)?.state).toBe(request);
    }
    expect(book.seq).toBe(story.length);
    expect(book.lastEventAt).toBe(story.length * 10);
    expect(book.session?.state).toBe('ended');
    expect(book.connections.get(connectionId)?.state).toBe('closed');
  });

  it('tells the life of a call that was interrupted and that a person has run again (I4)', () => {
    const book = told('session.started', 'call.received', 'call.allowed', 'connection.opening', 'connection.ready');
    const recovery = {
      ...bodies['request.opened'],
      requestId: otherRequestId,
      kind: 'recovery',
      upstream: null,
    } as const;
    const onRecovery = { requestId: otherRequestId } as const;
    const story: readonly (readonly [EventBody, string, readonly string[]])[] = [
      [bodies['call.sent'], 'working', []],
      [bodies['request.opened'], 'input_required', ['watch_request']],
      [bodies['connection.lost'], 'input_required', []],
      [bodies['call.interrupted'], 'held', []],
      [bodies['request.withdrawn'], 'held', ['tell_withdrawn']],
      [recovery, 'held', ['watch_request']],
      [{ ...bodies['request.claimed'], ...onRecovery }, 'held', []],
      [{ ...bodies['request.answered'], ...onRecovery }, 'held', ['deliver_answer']],
      [bodies['call.allowed'], 'held', ['send_call']],
      [{ ...bodies['call.sent'], rpcId: 'rpc-2' }, 'working', []],
      [bodies['call.completed'], 'completed', ['settle_call']],
    ];
    for (const [body, state, effects] of story) {
      const rpcId = sentRpcId(book);
      expect(effectsOf(book, body)).toEqual(effects);
      expect(book.calls.get(callId)?.state).toBe(state);
      // The last sending is known from the first byte on, through every state.
      expect(sentRpcId(book)).toBe(body.type === 'call.sent' ? body.rpcId : rpcId);
    }
    expect(book.calls.get(callId)).toMatchObject({ runs: 2, sent: { rpcId: 'rpc-2' } });
  });

  it('ties a recovery request to the call that waits for it, and to no other event of it (I4)', () => {
    const book = told('session.started', 'call.received', 'call.allowed', 'call.sent', 'call.interrupted');
    const recovery = { ...bodies['request.opened'], kind: 'recovery', upstream: null } as const;
    expect(book.calls.get(callId)).toMatchObject({ state: 'held', reasons: ['recovery'], requestIds: [] });
    effectsOf(book, recovery);
    expect(book.calls.get(callId)).toMatchObject({ state: 'held', reasons: ['recovery'], requestIds: [requestId] });
    const waiting = book.calls.get(callId);
    for (const type of ['request.claimed', 'request.released', 'request.expired'] as const) {
      effectsOf(book, bodies[type]);
      expect(book.calls.get(callId)).toBe(waiting);
    }
    expect(effectsOf(book, bodies['call.indeterminate'])).toEqual(['settle_call']);
  });

  it('takes only the next event: no gap, no repeat (I15)', () => {
    const book = told('session.started');
    for (const seq of [0, 1, 3, -1, 1.5, Number.NaN]) {
      expect(foldEvent(book, eventOf(bodies['call.received'], { seq }))).toMatchObject({
        ok: false,
        code: 'stale_revision',
      });
    }
    expect(book.calls.size).toBe(0);
    expect(book.seq).toBe(1);
  });

  it.each(
    eventTypes.filter(
      (type) =>
        !['session.started', 'connection.opening', 'call.received', 'call.log', 'request.opened'].includes(type),
    ),
  )('refuses %s of what it does not know', (type) => {
    expect(fold(emptyBook(), bodies[type])).toMatchObject({ ok: false, code: 'not_found' });
  });

  it.each(['session.started', 'connection.opening', 'call.received', 'request.opened'] as const)(
    'refuses %s a second time',
    (type) => {
      const book = told(
        'session.started',
        'connection.opening',
        'call.received',
        'request.opened',
        'request.withdrawn',
        'connection.closed',
      );
      const before = structuredClone(book);
      expect(fold(book, bodies[type])).toMatchObject({ ok: false, code: 'not_allowed_now' });
      expect(book).toEqual(before);
    },
  );

  it('moves neither the request nor its call when one of them refuses', () => {
    const book = told('session.started', 'call.received', 'call.cancelled');
    const before = structuredClone(book);
    expect(fold(book, bodies['request.opened'])).toMatchObject({ ok: false });
    expect(book).toEqual(before);
  });

  it('says what an event touched, with what stood there before, and takes it back whole', () => {
    const book = told('session.started', 'call.received', 'call.allowed', 'call.sent');
    const before = structuredClone(book);
    const touched = touching(book);
    for (const type of ['request.opened', 'request.answered', 'connection.opening', 'session.ending'] as const) {
      expect(foldEvent(book, eventOf(bodies[type], { seq: book.seq + 1 }), touched).ok).toBe(true);
    }
    expect([...touched.calls.keys()]).toEqual([callId]);
    expect(touched.calls.get(callId)).toEqual(before.calls.get(callId));
    expect([...touched.requests.entries()]).toEqual([[requestId, undefined]]);
    expect([...touched.connections.keys()]).toEqual([connectionId]);
    expect(touched.session).toBe(true);
    undo(book, touched);
    expect(book).toEqual(before);
  });

  it('sums up what is open and what ever was', () => {
    const book = told(
      'session.started',
      'call.received',
      'call.allowed',
      'call.sent',
      'call.progress',
      'request.opened',
    );
    const { session } = book;
    if (session === null) throw new Error('no session');
    const summary = summaryOf(book, session);
    expect(summary).toMatchObject({ seq: 6, openCalls: 1, totalCalls: 1, openRequests: 1, servers: ['files'] });
    expect(summary.progress).toEqual({ tool: 'write', progress: 1, total: 3, message: 'one' });
    expect(summary.verdict).toMatchObject({ on: 'person', requestId });
  });
});

const calls = ['call_00000000000A', 'call_00000000000B'].map((id) => id as CallId);
const requests = ['req_00000000000A', 'req_00000000000B', 'req_00000000000C'].map((id) => id as RequestId);
const connections = ['con_00000000000A', 'con_00000000000B'].map((id) => id as ConnectionId);
const operations = ['op_00000000000A', 'op_00000000000B'].map((id) => id as OperationId);

/** Any event at all about a few things, so that most are refused and many are not. */
const anyBody = fc
  .record({
    // What moves calls and requests comes oftener, else few sequences get far.
    type: fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...eventTypes) },
      {
        weight: 5,
        arbitrary: fc.constantFrom<EventType>(
          'call.received',
          'call.allowed',
          'call.sent',
          'request.opened',
          'request.answered',
          'call.interrupted',
        ),
      },
    ),
    call: fc.constantFrom(...calls),
    ofCall: fc.option(fc.constantFrom(...calls), { nil: null }),
    request: fc.constantFrom(...requests),
    connection: fc.constantFrom(...connections),
    operation: fc.constantFrom(...operations),
    next: fc.constantFrom('repeat', 'ask'),
    actor: fc.constantFrom(ada, ben, files),
  })
  .map(({ type, call, ofCall, request, connection, operation, next, actor }) => {
    const body: object = bodies[type];
    const own = {
      ...('callId' in body ? { callId: type === 'request.opened' ? ofCall : call } : {}),
      ...('requestId' in body ? { requestId: request } : {}),
      ...('connectionId' in body ? { connectionId: connection } : {}),
      ...('operationId' in body ? { operationId: operation } : {}),
      ...('next' in body ? { next } : {}),
    };
    return { actor, body: { ...body, ...own } as EventBody };
  });

function contradictions(book: Book): readonly string[] {
  const found: string[] = [];
  for (const call of book.calls.values()) {
    if (wasSent(call) !== call.runs > 0) found.push(`${call.callId} ran ${call.runs} times`);
    if (call.state === 'held' && call.interrupted !== null && call.reasons.includes('policy'))
      found.push(`${call.callId} was sent and waits for the rules`);
    if (call.state !== 'input_required') continue;
    if (call.requestIds.length === 0) found.push(`${call.callId} waits for nothing`);
    if (new Set(call.requestIds).size !== call.requestIds.length)
      found.push(`${call.callId} waits twice for one request`);
    for (const id of call.requestIds) {
      const request = book.requests.get(id);
      if (request?.state !== 'open') found.push(`${call.callId} waits for ${id}, which is ${request?.state}`);
      if (request?.callId !== call.callId) found.push(`${call.callId} waits for ${id}, which is of ${request?.callId}`);
    }
  }
  if (openCalls(book).some((call) => !isOpenCall(call))) found.push('a call is open and over');
  for (const request of openRequests(book)) {
    if (request.seq < 1 || request.seq > book.seq)
      found.push(`${request.requestId} was changed by an event that is not here`);
  }
  return found;
}

/** A call on its way to its server, so that what follows can move it. */
const opening = (['session.started', 'call.received', 'call.allowed', 'call.sent'] as const).map((type) => ({
  actor: holdpoint,
  body: { ...bodies[type], ...(type === 'session.started' ? {} : { callId: calls[0] }) } as EventBody,
}));

/** Folds an event and says whether it was taken; checks that taking back and refusing leave no trace. */
function takesOrLeaves(book: Book, event: SessionEvent): boolean {
  const before = structuredClone(book);
  const touched = touching(book);
  const taken = foldEvent(book, event, touched).ok;
  const after = structuredClone(book);
  undo(book, touched);
  expect(book).toEqual(before);
  expect(foldEvent(book, event).ok).toBe(taken);
  expect(book).toEqual(taken ? after : before);
  return taken;
}

describe('any sequence of events', () => {
  it('leaves call and request agreeing, changes nothing when refused, and folds again to the same book (I12, I15)', () => {
    let waited = 0;
    let recovered = 0;
    fc.assert(
      fc.property(fc.array(anyBody, { minLength: 10, maxLength: 80 }), (happenings) => {
        const book = emptyBook();
        const accepted: SessionEvent[] = [];
        let waits = false;
        let ranAgain = false;
        for (const { body, actor } of [...opening, ...happenings]) {
          const event = eventOf(body, { seq: book.seq + 1, at: book.seq * 1_000, actor });
          if (takesOrLeaves(book, event)) accepted.push(event);
          expect(contradictions(book)).toEqual([]);
          ranAgain ||= [...book.calls.values()].some((call) => call.runs > 1);
          waits ||= [...book.calls.values()].some((call) => call.state === 'input_required');
        }
        if (waits) waited += 1;
        if (ranAgain) recovered += 1;
        const again = emptyBook();
        for (const event of accepted) expect(foldEvent(again, event).ok).toBe(true);
        expect(again).toEqual(book);
        expect(book.seq).toBe(accepted.length);
      }),
      { numRuns: 200 },
    );
    // The property means something only when calls did wait, and did run again.
    expect(waited).toBeGreaterThan(20);
    expect(recovered).toBeGreaterThan(5);
  });
});
