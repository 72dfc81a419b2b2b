import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Book, emptyBook, foldEvent, openCalls, openRequests, touching, undo } from '@/lib/domain/book';
import { type Actor, holdpoint } from '@/lib/domain/actor';
import { isOpenCall, sentOf, wasSent } from '@/lib/domain/call';
import type { EventBody, EventType, SessionEvent } from '@/lib/domain/event';
import type { CallId, ConnectionId, OperationId, RequestId, TeamId } from '@/lib/domain/ids';
import { summaryOf } from '@/lib/domain/summary';
import { verdictAt } from '@/lib/domain/verdict';
import {
  ada,
  approver,
  ben,
  bodies,
  callId,
  cleo,
  connectionId,
  eventOf,
  eventTypes,
  files,
  nightTeam,
  otherOperationId,
  otherRequestId,
  requestId,
  twoOfAll,
} from './support/happenings';
import type { HoldRequest } from '@/lib/domain/request';

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

  it('I6 tells the life of a call that two people approve, after an edit that voids a vote', () => {
    const book = told('session.started');
    const asked = {
      ...bodies['request.opened'],
      kind: 'approval',
      upstream: null,
      digest: 'digest-1',
      approval: twoOfAll,
    } as const;
    const accepted = { ...bodies['request.answered'], as: approver, operationId: otherOperationId };
    const say = (body: EventBody, actor?: Actor): ReturnType<typeof foldEvent> =>
      foldEvent(book, eventOf(body, { seq: book.seq + 1, ...(actor === undefined ? {} : { actor }) }));
    const story: readonly (readonly [EventBody, Actor | undefined, readonly string[] | string, readonly string[]])[] = [
      [bodies['call.received'], undefined, [], []],
      [bodies['call.held'], undefined, [], []],
      [asked, undefined, ['watch_request'], []],
      [accepted, ada, 'not_allowed_now', []],
      [bodies['request.voted'], cleo, 'forbidden', []],
      [bodies['request.voted'], ada, [], ['Ada']],
      [bodies['request.voted'], ada, 'already_voted', ['Ada']],
      [bodies['request.noted'], cleo, [], ['Ada']],
      [bodies['request.edited'], ben, ['watch_request'], []],
      [accepted, ben, 'not_allowed_now', []],
      [bodies['request.voted'], ben, [], ['Ben']],
      [bodies['request.assigned'], ben, [], ['Ben']],
      [bodies['request.escalated'], undefined, [], ['Ben']],
      [accepted, ada, ['deliver_answer'], ['Ben', 'Ada']],
      [bodies['request.edited'], ada, 'not_open', ['Ben', 'Ada']],
      [bodies['call.allowed'], undefined, ['send_call'], ['Ben', 'Ada']],
      [bodies['call.sent'], undefined, [], ['Ben', 'Ada']],
    ];
    for (const [body, actor, outcome, voters] of story) {
      const before = structuredClone(book);
      const folded = say(body, actor);
      expect(folded.ok ? folded.effects.map(({ effect }) => effect) : folded.code).toEqual(outcome);
      expect(folded.ok ? [] : [book]).toEqual(folded.ok ? [] : [before]);
      expect(book.requests.get(requestId)?.votes.map(({ by }) => by.name) ?? []).toEqual(voters);
    }
    expect(book.calls.get(callId)).toMatchObject({ state: 'working', edited: true, title: 'Write less' });
    expect(book.requests.get(requestId)).toMatchObject({ edited: ['/amount'], digest: 'digest-2', notes: 1 });
  });

  it('I6 edits neither request nor call when the call was sent meanwhile', () => {
    const book = told('session.started', 'call.received', 'call.held');
    effectsOf(book, { ...bodies['request.opened'], kind: 'approval', upstream: null, approval: twoOfAll });
    effectsOf(book, bodies['call.allowed']);
    effectsOf(book, bodies['call.sent']);
    const before = structuredClone(book);
    expect(fold(book, bodies['request.edited'])).toMatchObject({ ok: false, code: 'not_allowed_now' });
    expect(book).toEqual(before);
  });

  it('asks a model when a rule has it write, waits on it, and on a person once it did not', () => {
    const book = told('session.started', 'call.received', 'call.allowed', 'call.sent');
    const asked = { ...bodies['request.opened'], kind: 'sampling', writer: 'model' } as const;
    expect(effectsOf(book, asked)).toEqual(['watch_request', 'ask_model']);
    const verdict = (): string =>
      book.session === null ? 'none' : verdictAt(summaryOf(book, book.session).waits, book.lastEventAt).on;
    expect(verdict()).toBe('model');
    expect(effectsOf(book, bodies['request.to_person'])).toEqual([]);
    expect(verdict()).toBe('person');
  });

  it('says of a session every team that was asked, also of what is over', () => {
    const book = told('session.started', 'call.received', 'call.allowed', 'call.sent');
    effectsOf(book, { ...bodies['request.opened'], team: nightTeam });
    effectsOf(book, bodies['request.withdrawn']);
    book.carried = { ...book.carried, teams: ['day' as TeamId] };
    if (book.session === null) throw new Error('no session');
    expect([...summaryOf(book, book.session).teams].sort()).toEqual(['day', 'night']);
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
        ![
          'session.started',
          'connection.opening',
          'call.received',
          'call.log',
          'call.cancel_sent',
          'request.opened',
        ].includes(type),
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
    expect(verdictAt(summary.waits, summary.lastEventAt)).toMatchObject({ on: 'person', requestId });
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
          'request.voted',
          'call.interrupted',
          'call.turned_back',
          'call.urls_done',
        ),
      },
    ),
    call: fc.constantFrom(...calls),
    ofCall: fc.option(fc.constantFrom(...calls), { nil: null }),
    request: fc.constantFrom(...requests),
    connection: fc.constantFrom(...connections),
    operation: fc.constantFrom(...operations),
    next: fc.constantFrom('repeat', 'ask'),
    actor: fc.constantFrom(ada, ben, cleo, files),
    approval: fc.constantFrom(null, twoOfAll),
    vote: fc.constantFrom('approve', 'deny'),
    action: fc.constantFrom('accept', 'decline'),
  })
  .map(({ type, call, ofCall, request, connection, operation, next, actor, approval, vote, action }) => {
    const body: object = bodies[type];
    const own = {
      ...('callId' in body ? { callId: type === 'request.opened' ? ofCall : call } : {}),
      ...('requestId' in body ? { requestId: request } : {}),
      ...('connectionId' in body ? { connectionId: connection } : {}),
      ...('operationId' in body ? { operationId: operation } : {}),
      ...('next' in body ? { next } : {}),
      ...(type === 'request.opened' ? { approval, kind: approval === null ? 'form' : 'approval' } : {}),
      ...(type === 'request.voted' ? { vote } : {}),
      ...(type === 'call.turned_back' ? { requestIds: [request] } : {}),
      ...(type === 'request.answered' ? { action, as: approver } : {}),
    };
    return { actor, body: { ...body, ...own } as EventBody };
  });

function contradictions(book: Book): readonly string[] {
  const found: string[] = [];
  for (const call of book.calls.values()) {
    if (wasSent(call) !== call.runs > call.turnedBack) found.push(`${call.callId} ran ${call.runs} times`);
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
  for (const request of book.requests.values()) found.push(...badVotes(request));
  if (openCalls(book).some((call) => !isOpenCall(call))) found.push('a call is open and over');
  for (const request of openRequests(book)) {
    if (request.seq < 1 || request.seq > book.seq)
      found.push(`${request.requestId} was changed by an event that is not here`);
  }
  return found;
}

/** I6: one vote a person, none by who must not, and an answer only with as many as it needs. */
function badVotes(request: HoldRequest): readonly string[] {
  const { requestId: id, approval, votes } = request;
  const found: string[] = [];
  if (approval === null) return votes.length === 0 ? [] : [`${id} is no approval and has votes`];
  const yes = new Set(votes.filter(({ vote }) => vote === 'approve').map(({ by }) => by.id)).size;
  const noes = new Set(votes.filter(({ vote }) => vote === 'deny').map(({ by }) => by.id)).size;
  if (yes + noes !== votes.length) found.push(`someone votes twice on ${id}`);
  if (votes.some(({ by, vote }) => by.id === cleo.id && vote === 'approve')) found.push(`Cleo approved ${id}`);
  if (!('answer' in request)) return yes >= 2 || noes >= 2 ? [...found, `${id} is decided and open`] : found;
  const needed = request.answer.action === 'accept' ? yes : noes;
  return needed >= 2 ? found : [...found, `${id} was answered with ${needed} of 2`];
}

/** A call on its way to its server, and an approval that one of two gave, so that what follows can move them. */
const opening = [
  ...(['session.started', 'call.received', 'call.allowed', 'call.sent'] as const).map((type) => ({
    actor: holdpoint,
    body: { ...bodies[type], ...(type === 'session.started' ? {} : { callId: calls[0] }) } as EventBody,
  })),
  {
    actor: holdpoint,
    body: {
      ...bodies['request.opened'],
      requestId: requests[0],
      callId: null,
      kind: 'approval',
      approval: twoOfAll,
    } as EventBody,
  },
  { actor: ada, body: { ...bodies['request.voted'], requestId: requests[0] } as EventBody },
];

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
    let decided = 0;
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
        if ([...book.requests.values()].some((one) => one.approval !== null && 'answer' in one)) decided += 1;
        const again = emptyBook();
        for (const event of accepted) expect(foldEvent(again, event).ok).toBe(true);
        expect(again).toEqual(book);
        expect(book.seq).toBe(accepted.length);
      }),
      { numRuns: 200 },
    );
    // The property means something only when calls did wait, did run again, and approvals were given.
    expect(waited).toBeGreaterThan(20);
    expect(recovered).toBeGreaterThan(5);
    expect(decided).toBeGreaterThan(5);
  });
});
