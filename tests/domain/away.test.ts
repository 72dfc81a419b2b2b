import { describe, expect, it } from 'vitest';
import { awayFor, awayServers, type ServerAway, standstillOf } from '@/lib/domain/away';
import { type Book, emptyBook, foldEvent, openRequests } from '@/lib/domain/book';
import type { EventBody, RequestKind } from '@/lib/domain/event';
import type { AgentId, ConnectionId, PauseId, PersonId } from '@/lib/domain/ids';
import type { Pause, PauseTarget } from '@/lib/domain/pause';
import type { HoldRequest } from '@/lib/domain/request';
import { bodies, connectionId, eventOf } from './support/happenings';

const newer = 'con_000000000002' as ConnectionId;
const opening = bodies['connection.opening'];
const ready = bodies['connection.ready'];
const reattaching: EventBody = { type: 'connection.reattaching', connectionId, why: 'no route' };
const lost: EventBody = { type: 'connection.lost', connectionId, why: 'its session is gone' };
const closed = bodies['connection.closed'];
const openAgain = { ...opening, connectionId: newer };
const readyAgain = { ...ready, connectionId: newer };

function bookOf(...happened: readonly EventBody[]): Book {
  const book = emptyBook();
  happened.forEach((body, index) => {
    const folded = foldEvent(book, eventOf(body, { seq: index + 1, at: (index + 1) * 10 }));
    if (!folded.ok) throw new Error(folded.message);
  });
  return book;
}

type Told = readonly [ServerAway['state'], ServerAway['connectionId'], sinceAt: number];

describe('servers that a session cannot reach', () => {
  const told: readonly (readonly [string, readonly EventBody[], readonly Told[]])[] = [
    ['none before the first connection', [], []],
    ['none while it is opened for the first time', [opening], []],
    ['none while it stands', [opening, ready], []],
    ['one that is taken up again, since it broke', [opening, ready, reattaching], [['reattaching', connectionId, 40]]],
    ['none once it is back', [opening, ready, reattaching, ready], []],
    ['one that is lost, since then', [opening, ready, lost], [['lost', connectionId, 40]]],
    ['one that was never there', [opening, lost], [['lost', connectionId, 30]]],
    ['the same while a new connection is opened', [opening, ready, lost, openAgain], [['lost', connectionId, 40]]],
    ['none once a new connection stands', [opening, ready, lost, openAgain, readyAgain], []],
    [
      'the newer loss of two',
      [opening, lost, openAgain, { ...lost, connectionId: newer } as EventBody],
      [['lost', newer, 50]],
    ],
    ['none that was closed by us', [opening, ready, closed], []],
  ];

  it.each(told)('%s', (_words, happened, wanted) => {
    const book = bookOf(bodies['session.started'], ...happened);
    expect(awayServers(book).map(({ state, connectionId: id, sinceAt }) => [state, id, sinceAt])).toEqual(wanted);
  });
});

const at = (state: ServerAway['state'], more: Partial<ServerAway> = {}): ServerAway => ({
  connectionId,
  server: 'files',
  state,
  sinceAt: 40,
  why: 'no route',
  ...more,
});

function requestOf(kind: RequestKind, facts: Partial<HoldRequest> = {}): HoldRequest {
  const [open] = openRequests(bookOf(bodies['session.started'], bodies['call.received'], bodies['request.opened']));
  if (open === undefined) throw new Error('Nothing was asked.');
  const asked = kind !== 'approval' && kind !== 'recovery';
  return {
    ...open,
    kind,
    server: 'files',
    upstream: asked ? { connectionId, rpcId: 1 } : null,
    ...facts,
  } as HoldRequest;
}

describe('what keeps an answer from its server', () => {
  const elsewhere = at('lost', { server: 'mail', connectionId: newer });
  const table: readonly (readonly [string, HoldRequest, readonly ServerAway[], ServerAway | null])[] = [
    ['nothing, when all is there', requestOf('form'), [], null],
    ['nothing of another server', requestOf('form'), [elsewhere], null],
    ...(['form', 'url', 'sampling'] as const).flatMap(
      (kind) =>
        [
          [`the connection that asked (${kind})`, requestOf(kind), [elsewhere, at('reattaching')], at('reattaching')],
          [`its loss (${kind})`, requestOf(kind), [at('lost')], at('lost')],
          [`no newer connection than that (${kind})`, requestOf(kind), [at('lost', { connectionId: newer })], null],
        ] as const,
    ),
    ['an approval waits for its server', requestOf('approval'), [at('reattaching')], at('reattaching')],
    [
      'whichever connection it was',
      requestOf('approval'),
      [at('lost', { connectionId: newer })],
      at('lost', { connectionId: newer }),
    ],
    ['a recovery waits for its server', requestOf('recovery'), [at('reattaching')], at('reattaching')],
    ['a recovery asks about the loss itself', requestOf('recovery'), [at('lost')], null],
    [
      'an answer on its way',
      requestOf('form', { state: 'answered' } as Partial<HoldRequest>),
      [at('reattaching')],
      at('reattaching'),
    ],
    ...(['delivered', 'undelivered', 'expired', 'withdrawn'] as const).map(
      (state) =>
        [
          `nothing, once it is ${state}`,
          requestOf('form', { state } as Partial<HoldRequest>),
          [at('lost')],
          null,
        ] as const,
    ),
  ];

  it.each(table)('%s', (...[, request, away, wanted]) => {
    expect(awayFor(request, away)).toEqual(wanted);
  });
});

describe('what makes an answer wait', () => {
  const agentId = 'agt_1' as AgentId;
  const pause = (target: PauseTarget, untilAt: number | null = null): Pause => ({
    pauseId: 'pau_1' as PauseId,
    target,
    reason: 'Deploy',
    by: { id: 'per_ada' as PersonId, name: 'Ada' },
    at: 0,
    untilAt,
  });
  const now = 100;
  const all = pause({ kind: 'everything' });
  const server = pause({ kind: 'server', server: 'files' });
  const agent = pause({ kind: 'agent', agentId, agent: 'Night shift' });
  const others = [
    pause({ kind: 'server', server: 'mail' }),
    pause({ kind: 'agent', agentId: 'agt_2' as AgentId, agent: 'Day shift' }),
    pause({ kind: 'everything' }, now),
  ];
  const away = at('reattaching');
  const what = (asked: RequestKind | HoldRequest, pauses: readonly Pause[], gone: ServerAway | null) =>
    standstillOf({ request: typeof asked === 'string' ? requestOf(asked) : asked, agentId, away: gone }, pauses, now);

  it.each(['approval', 'recovery'] as const)('a pause of its server, its agent or all keeps an %s', (kind) => {
    for (const each of [all, server, agent])
      expect(what(kind, [...others, each], null)).toEqual({ is: 'paused', pause: each });
    expect(what(kind, [agent, server, all], away)).toEqual({ is: 'paused', pause: all });
    expect(what(kind, others, null)).toBeNull();
    expect(what(kind, others, away)).toEqual({ is: 'away', away });
  });

  it.each(['form', 'url', 'sampling'] as const)(
    'a question (%s) is answered in spite of pauses, not of an absence',
    (kind) => {
      expect(what(kind, [all, server, agent], null)).toBeNull();
      expect(what(kind, [all], away)).toEqual({ is: 'away', away });
    },
  );

  it('a page that comes before its call is kept by a pause: its answer would let the call go', () => {
    const page = requestOf('url', { upstream: null } as Partial<HoldRequest>);
    expect(what(page, [all], null)).toEqual({ is: 'paused', pause: all });
    expect(awayFor(page, [at('lost', { connectionId: newer })])).toMatchObject({ state: 'lost' });
  });

  it('a pause keeps nothing that was decided', () => {
    expect(what(requestOf('approval', { state: 'answered' } as Partial<HoldRequest>), [all], null)).toBeNull();
  });
});
