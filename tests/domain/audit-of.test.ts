import { describe, expect, it } from 'vitest';
import type { AuditAct, Origin } from '@/lib/domain/audit';
import { auditOf } from '@/lib/domain/audit-of';
import { cleanDraft } from '@/lib/domain/clean-audit';
import type { EventType } from '@/lib/domain/event';
import type { JsonObject } from '@/lib/domain/json';
import { ada, bodies, callId, eventOf, eventTypes, requestId, sessionId } from './support/happenings';

const from: Origin = { address: '192.0.2.7', by: 'browser', client: 'A browser' };

/** Every event, and which act it is; null for what decides nothing. A new event must take its side here. */
const table: { readonly [T in EventType]: AuditAct | null } = {
  'session.started': null,
  'session.ending': 'session.ended',
  'session.step': null,
  'session.ended': null,
  'connection.opening': null,
  'connection.ready': null,
  'connection.reattaching': null,
  'connection.lost': null,
  'connection.closed': null,
  'call.received': null,
  'call.held': null,
  'call.allowed': 'call.allowed',
  'call.denied': 'call.denied',
  'call.sent': null,
  'call.progress': null,
  'call.log': null,
  'call.completed': null,
  'call.failed': null,
  'call.cancelled': 'call.cancelled',
  'call.rejected': null,
  'call.cancel_ordered': 'call.cancelled',
  'call.cancel_sent': null,
  'call.expired': null,
  'call.indeterminate': null,
  'call.interrupted': null,
  'call.result_lost': null,
  'call.turned_back': null,
  'call.urls_done': 'call.allowed',
  'call.agent_left': null,
  'call.agent_back': null,
  'call.delivered': null,
  'request.opened': null,
  'request.claimed': null,
  'request.released': null,
  'request.answered': 'request.answered',
  'request.voted': 'request.voted',
  'request.edited': 'request.edited',
  'request.assigned': 'request.assigned',
  'request.escalated': 'request.escalated',
  'request.noted': null,
  'request.drafted': null,
  'request.to_person': null,
  'request.expired': 'request.expired',
  'request.withdrawn': 'request.withdrawn',
  'answer.sent': null,
  'answer.accepted': null,
  'answer.moved_on': null,
  'answer.undelivered': null,
};

describe('what of a session’s events the audit log keeps (I15)', () => {
  it.each(eventTypes)('%s', (type) => {
    const event = { ...eventOf(bodies[type]), actor: ada };
    const made = auditOf(event, { request: null, call: null, from });
    expect(made?.act ?? null).toBe(table[type]);
    if (made === null) return;
    expect(made).toMatchObject({ at: event.at, actor: ada, from, facts: { session: sessionId, event: event.seq } });
    const about = 'requestId' in event ? requestId : 'callId' in event ? callId : sessionId;
    expect(made.about.id).toBe(about);
  });

  it('of the steps of an ending it is the one that somebody decides: that it is forced', () => {
    const forced = eventOf({ type: 'session.step', detail: { step: 'forced' } });
    const made = auditOf({ ...forced, actor: ada }, { request: null, call: null, from });
    expect(made).toMatchObject({ act: 'session.forced', actor: ada, from, about: { kind: 'session', id: sessionId } });
  });

  it('from where is kept of people only', () => {
    const event = { ...eventOf(bodies['call.cancelled']), actor: { kind: 'holdpoint' } as const };
    expect(auditOf(event, { request: null, call: null, from })?.from).toBeNull();
  });

  it('why is what the person or the rule said', () => {
    const why = (type: EventType) => auditOf(eventOf(bodies[type]), { request: null, call: null, from })?.why;
    const ending = bodies['session.ending'];
    expect(why('session.ending')).toBe(ending.reason);
    expect(why('call.allowed')).toBe(bodies['call.allowed'].rule.words);
    expect(why('request.escalated')).toBe(bodies['request.escalated'].why);
    expect(why('request.expired')).toBeNull();
  });
});

describe('an act as it is kept (I14)', () => {
  const draft = { ...auditOf(eventOf(bodies['call.denied']), { request: null, call: null, from: null }) };

  it('is cut, and freed of what no database or canonical form takes', () => {
    const act = cleanDraft({
      ...(draft as Parameters<typeof cleanDraft>[0]),
      why: `\u0000\ud800${'y'.repeat(5_000)}`,
      facts: {
        deep: { deep: { deep: { deep: { deep: 'gone' } } } },
        long: 'x'.repeat(9_000),
        many: Array.from({ length: 500 }, (_item, at) => at),
        none: Number.NaN,
        absent: undefined,
      } as unknown as JsonObject,
    });
    expect(act.why).toHaveLength(1_000);
    expect(act.why?.startsWith('\uFFFD\uFFFDy')).toBe(true);
    expect(JSON.stringify(act).length).toBeLessThan(4_000);
    expect(act.facts).toMatchObject({ none: null });
    expect('absent' in act.facts).toBe(false);
    expect(JSON.stringify(act)).not.toContain('gone');
  });
});
