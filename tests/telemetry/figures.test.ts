import type { Attributes, Meter } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { AgentId, CallId, ConnectionId } from '@/lib/domain/ids';
import type { SpanDraft } from '@/server/telemetry/call-story';
import { type Census, Figures } from '@/server/telemetry/figures';
import * as say from '@/tests/timeline/events';

const nothing: Census = {
  sessions: 0,
  storageOk: true,
  calls: new Map(),
  requests: new Map(),
  connections: new Map(),
  browsers: 0,
  audit: { isBroken: false, provenUpTo: 0, wholeAt: null },
};

/** A meter that keeps each series and its sum, as a collector would. */
function recorded() {
  const series = new Map<string, number>();
  const add =
    (name: string) =>
    (value: number, labels: Attributes = {}) => {
      const key = `${name} ${JSON.stringify(labels)}`;
      series.set(key, (series.get(key) ?? 0) + value);
    };
  const meter = {
    createCounter: (name: string) => ({ add: add(name) }),
    createHistogram: (name: string) => ({ record: add(name) }),
    createObservableGauge: () => ({ addCallback: () => undefined }),
  } as unknown as Meter;
  return { series, meter };
}

function eventOf(body: EventBody, number = 1): SessionEvent {
  const [event] = say.log([[number, body]]);
  if (event === undefined) throw new Error('no event');
  return event;
}

function spanOf(callId: CallId): SpanDraft {
  const name = `tools/call of ${callId}`;
  const facts = { 'holdpoint.call.id': callId };
  return {
    key: { of: 'call', id: callId },
    parent: null,
    name,
    kind: 'server',
    startAt: 0,
    endAt: 5,
    facts,
    marks: [],
    failed: null,
  };
}

describe('the figures', () => {
  it('are there as none before anything happened, so that the first of each is a rise', () => {
    const { series, meter } = recorded();
    const figures = new Figures([meter], () => nothing);
    expect(series.get('holdpoint.answers.undelivered {}')).toBe(0);
    expect(series.get('holdpoint.requests.settled {"how":"expired"}')).toBe(0);
    expect(series.get('holdpoint.sessions.ended {"end":"lost"}')).toBe(0);
    figures.take(eventOf({ ...say.received(say.call1), server: 'bank' }));
    expect(series.get('holdpoint.calls {"server":"bank","outcome":"indeterminate"}')).toBe(0);
    expect(series.get('holdpoint.connections.lost {"server":"bank"}')).toBe(0);
  });

  it('tell which server a lost connection was to, as far as this life of ours opened it', () => {
    const { series, meter } = recorded();
    const figures = new Figures([meter], () => nothing);
    const opening = { type: 'connection.opening', transport: 'http', era: 'stateful', server: 'bank' } as const;
    const lost = { type: 'connection.lost', why: 'gone' } as const;
    figures.take(eventOf({ ...opening, connectionId: say.con1 }));
    figures.take(eventOf({ ...lost, connectionId: say.con1 }));
    figures.take(eventOf({ ...lost, connectionId: 'con_000000000009' as ConnectionId }));
    expect(series.get('holdpoint.connections.lost {"server":"bank"}')).toBe(1);
    expect(series.get('holdpoint.connections.lost {"server":"unknown"}')).toBe(1);
  });

  it('are as many for thousands of tools, agents, clients and reasons as for one', () => {
    const { series, meter } = recorded();
    const figures = new Figures([meter], () => nothing);
    const all = (number: number): void => {
      const callId = `call_${String(number).padStart(12, '0')}` as CallId;
      const agent = { id: `agt_${number}` as AgentId, name: `agent ${number}` };
      const client = { name: `client ${number}`, version: String(number) };
      figures.take(eventOf({ ...say.started, agent, client }));
      figures.take(eventOf({ ...say.received(callId), server: 'bank', tool: `tool_${number}` }));
      figures.take(eventOf({ ...say.opened(say.req1, callId), server: 'bank', tool: `tool_${number}` }));
      figures.take(eventOf({ type: 'session.ended', end: 'closed', reason: `because ${number}` }));
      figures.ended({
        callId,
        sessionId: say.sessionId,
        server: 'bank',
        outcome: 'completed',
        spans: [spanOf(callId)],
      });
    };
    all(1);
    const once = series.size;
    for (let number = 2; number <= 3_000; number += 1) all(number);
    expect(series.size).toBe(once);
    expect(series.get('holdpoint.sessions.started {}')).toBe(3_000);
    expect(series.get('holdpoint.calls {"server":"bank","outcome":"completed"}')).toBe(3_000);
  });
});
