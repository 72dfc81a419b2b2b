import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { plainCall } from '@/tests/support/desk';
import type { Actor } from '@/lib/domain/actor';
import { holdpoint } from '@/lib/domain/actor';
import type { EventBody, EventType } from '@/lib/domain/event';
import { noNames } from '@/lib/domain/timeline/names';
import { wordsOf } from '@/lib/domain/timeline/words';
import {
  allowed,
  ana,
  answered,
  asksWhether,
  call1,
  completed,
  con1,
  interrupted,
  log,
  mika,
  opened,
  opening,
  progress,
  ready,
  received,
  req1,
  rule,
  sent,
  started,
} from './events';
import { folded, rowsOf } from './plain';
import type { NoteId, OperationId, PersonId, TeamId } from '@/lib/domain/ids';
import { plainTerms } from '@/lib/domain/policy/approval';

const noon = Date.UTC(2026, 10, 17, 14, 36, 12);

const mikaRef = { id: 'per_mika' as PersonId, name: 'Mika Laine' };

type Of<T extends EventType> = Extract<EventBody, { type: T }>;

function voted(vote: 'approve' | 'deny'): Of<'request.voted'> {
  const as = { role: 'approver', teams: [] } as const;
  const operationId = 'op_1' as OperationId;
  return { type: 'request.voted', requestId: req1, vote, reason: null, operationId, as, tookMs: null };
}

function edited(changed: readonly string[]): Of<'request.edited'> {
  const asked = { rule, title: 'Request account', team: null, alsoTeams: [], approval: plainTerms, ...plainCall };
  return { type: 'request.edited', requestId: req1, digest: 'd', changed, ...asked };
}

function drafted(inputTokens: number | null, costUsd: number | null): Of<'request.drafted'> {
  const usage = { model: 'anthropic/some', inputTokens, outputTokens: 96, costUsd, tookMs: 1 };
  return { type: 'request.drafted', requestId: req1, usage };
}

/** One row per event type, so that a new type without words is a type error here. */
const table: { readonly [T in EventType]: readonly (readonly [Extract<EventBody, { type: T }>, string, Actor?])[] } = {
  'session.started': [[started, 'Session started by oncall-copilot with claude-code 2.1']],
  'session.ending': [
    [{ type: 'session.ending', end: 'terminated', reason: 'Stuck' }, 'Ending, by Mika Laine: Stuck', mika],
    [{ type: 'session.ending', end: 'idle', reason: '' }, 'Ending, idle for too long'],
  ],
  'session.step': [
    [
      {
        type: 'session.step',
        detail: { step: 'delete_sent', connectionId: con1, server: 'accounts', status: 204, why: null },
      },
      'DELETE sent: accounts said 204',
    ],
    [
      {
        type: 'session.step',
        detail: { step: 'delete_sent', connectionId: con1, server: 'accounts', status: null, why: 'timeout' },
      },
      'DELETE failed: accounts did not answer: timeout',
    ],
    [
      { type: 'session.step', detail: { step: 'call_rejected', callId: call1, tool: 'drop' } },
      'Held call rejected: drop was never sent',
    ],
    [
      { type: 'session.step', detail: { step: 'call_rejected', callId: call1, tool: 'drop', runs: 1 } },
      'Held call rejected: drop is not sent again',
    ],
    [
      {
        type: 'session.step',
        detail: { step: 'process_ended', connectionId: con1, server: 'accounts', pid: 7, how: 'killed' },
      },
      'Process ended: accounts, pid 7, had to be killed',
    ],
  ],
  'session.ended': [[{ type: 'session.ended', end: 'lost', reason: '' }, 'Session ended, lost']],
  'connection.opening': [[opening, 'Connecting to accounts over HTTP']],
  'connection.ready': [[ready, 'Connected to accounts 1.0, MCP 2025-11-25, with a session of its own']],
  'connection.reattaching': [
    [
      { type: 'connection.reattaching', connectionId: con1, why: 'the stream broke' },
      'Connection dropped, reattaching: the stream broke',
    ],
  ],
  'connection.lost': [[{ type: 'connection.lost', connectionId: con1, why: '404' }, 'Connection lost: 404']],
  'connection.closed': [
    [{ type: 'connection.closed', connectionId: con1, deleteStatus: 405 }, 'Connection closed, DELETE answered 405'],
    [{ type: 'connection.closed', connectionId: con1, deleteStatus: null }, 'Connection closed'],
  ],
  'call.received': [[received(call1), 'Call received, arguments 312 B']],
  'call.held': [
    [{ type: 'call.held', callId: call1, rule, requestId: req1 }, 'Held for a person: Read-only on a trusted server.'],
    [
      { type: 'call.held', callId: call1, rule: { id: 'writes', words: 'Held by rule writes.' }, requestId: req1 },
      'Held by rule writes.',
    ],
  ],
  'call.allowed': [
    [allowed(call1), 'Allowed: Read-only on a trusted server.'],
    [{ ...allowed(call1), rule: { id: 'reads', words: 'Allowed by rule reads.' } }, 'Allowed by rule reads.'],
  ],
  'call.denied': [[{ type: 'call.denied', callId: call1, rule }, 'Denied: Read-only on a trusted server.']],
  'call.sent': [[sent(call1), 'Call sent']],
  'call.progress': [
    [progress(call1, 4), 'Progress 4 of 9: attaching the summary'],
    [{ type: 'call.progress', callId: call1, progress: 0.1 + 0.2, total: null, message: null }, 'Progress 0.3'],
  ],
  'call.log': [
    [
      { type: 'call.log', callId: null, server: 'accounts', level: 'warning', logger: 'db', text: 'two\nlines' },
      'Log warning db: two lines',
    ],
  ],
  'call.completed': [
    [completed(call1), 'Completed, result 3.1 KB'],
    [
      { type: 'call.completed', callId: call1, isError: true, resultBytes: 20, summary: 'no such table' },
      'The tool reports an error: no such table. Result 20 B',
    ],
  ],
  'call.failed': [
    [{ type: 'call.failed', callId: call1, error: { code: -32_000, message: 'gone' } }, 'Failed: gone (-32000)'],
  ],
  'call.cancelled': [
    [
      { type: 'call.cancelled', callId: call1, by: 'agent', reason: 'no longer needed' },
      'Cancelled by the agent: no longer needed',
    ],
  ],
  'call.cancel_ordered': [
    [{ type: 'call.cancel_ordered', callId: call1, reason: 'stuck' }, 'Cancelled by an admin: stuck'],
  ],
  'call.cancel_sent': [
    [{ type: 'call.cancel_sent', callId: call1, status: 202, why: null }, 'Cancel sent, the server said 202'],
    [{ type: 'call.cancel_sent', callId: call1, status: null, why: 'gone' }, 'Cancel not sent: gone'],
  ],
  'call.rejected': [[{ type: 'call.rejected', callId: call1, reason: 'not today' }, 'Rejected, never sent: not today']],
  'call.expired': [[{ type: 'call.expired', callId: call1, requestId: req1 }, 'Expired: no one answered']],
  'call.indeterminate': [[{ type: 'call.indeterminate', callId: call1, why: 'lost' }, 'Outcome unknown: lost']],
  'call.interrupted': [
    [
      interrupted(call1, 'repeat'),
      'Interrupted: The connection to accounts was lost (404). Safe to repeat: it is sent again',
    ],
    [
      interrupted(call1, 'ask'),
      'Interrupted: The connection to accounts was lost (404). A person decides whether to run it again',
    ],
  ],
  'call.result_lost': [
    [
      { type: 'call.result_lost', callId: call1, why: 'its stream ended' },
      'Its result cannot come back: its stream ended',
    ],
  ],
  'call.turned_back': [
    [
      { type: 'call.turned_back', callId: call1, message: 'Sign in first', requestIds: [req1] },
      'Not run: a page has to be visited first: Sign in first',
    ],
    [
      { type: 'call.turned_back', callId: call1, message: '', requestIds: [req1, req1] },
      'Not run: 2 pages have to be visited first',
    ],
  ],
  'call.urls_done': [[{ type: 'call.urls_done', callId: call1 }, 'Every page is done: it is sent again']],
  'call.agent_left': [
    [{ type: 'call.agent_left', callId: call1, how: 'ticket' }, 'The agent has a ticket; the result is kept for it'],
    [{ type: 'call.agent_left', callId: call1, how: 'task' }, 'The agent has a task; the result is kept for it'],
    [
      { type: 'call.agent_left', callId: call1, how: 'disconnected' },
      'The agent’s line broke; the call goes on without it',
    ],
  ],
  'call.agent_back': [[{ type: 'call.agent_back', callId: call1 }, 'The agent is back and waits']],
  'call.delivered': [[{ type: 'call.delivered', callId: call1 }, 'Outcome delivered to the agent']],
  'request.opened': [
    [opened(req1, call1, noon), 'Question opened: account details. Ends 14:36:12, the rule'],
    [
      { ...opened(req1, call1, noon), title: 'Which account?', earlier: req1 },
      'Question opened again: Which account? Ends 14:36:12, the rule',
    ],
    [
      { ...opened(req1, call1, noon), kind: 'sampling', title: 'Model reply: Sum it up' },
      'Model reply asked: Sum it up. Ends 14:36:12, the rule',
    ],
    [
      { ...asksWhether(req1, call1), deadline: opened(req1, call1, noon).deadline },
      'Asked whether to run it again: Request account. Ends 14:36:12, the rule',
    ],
  ],
  'request.claimed': [
    [{ type: 'request.claimed', requestId: req1, untilAt: 61_000 }, 'Claimed by Ana Ruiz for 1 min', ana],
  ],
  'request.released': [
    [{ type: 'request.released', requestId: req1 }, 'Released by Ana Ruiz', ana],
    [{ type: 'request.released', requestId: req1 }, 'Claim lapsed', holdpoint],
  ],
  'request.answered': [
    [answered(req1), 'Accepted by Ana Ruiz', ana],
    [{ ...answered(req1), action: 'decline', reason: 'wrong account' }, 'Declined by Ana Ruiz, “wrong account”', ana],
  ],
  'request.voted': [
    [voted('approve'), 'Approved by Ana Ruiz, others are needed too', ana],
    [{ ...voted('deny'), reason: 'too\nmuch' }, 'Declined by Ana Ruiz, others are needed too, “too much”', ana],
  ],
  'request.edited': [
    [edited(['/to']), 'Ana Ruiz edited the arguments (1 value); approvals so far are void', ana],
    [edited(['/to', '/n']), 'Ana Ruiz edited the arguments (2 values); approvals so far are void', ana],
    [edited([]), 'Ana Ruiz put the arguments back as the agent asked; approvals so far are void', ana],
  ],
  'request.assigned': [
    [{ type: 'request.assigned', requestId: req1, to: mikaRef }, 'Ana Ruiz handed it to Mika Laine', ana],
    [{ type: 'request.assigned', requestId: req1, to: null }, 'Ana Ruiz handed it back to everyone', ana],
  ],
  'request.escalated': [
    [
      {
        type: 'request.escalated',
        requestId: req1,
        team: { id: 'night' as TeamId, name: 'Night' },
        why: 'no one came',
      },
      'Night is asked too: no one came',
    ],
  ],
  'request.noted': [
    [
      { type: 'request.noted', requestId: req1, noteId: 'note_000000000001' as NoteId, mentions: [] },
      'Ana Ruiz wrote a note',
      ana,
    ],
  ],
  'request.drafted': [
    [drafted(412, 0.004), 'anthropic/some wrote a draft for Ana Ruiz (412 tokens in, 96 out, $0.0040)', ana],
    [drafted(null, null), 'anthropic/some wrote a draft for Ana Ruiz (96 out)', ana],
  ],
  'request.to_person': [
    [
      { type: 'request.to_person', requestId: req1, why: 'it was busy' },
      'The model did not answer, so a person does: it was busy',
    ],
  ],
  'request.expired': [[{ type: 'request.expired', requestId: req1 }, 'No one answered in time']],
  'request.withdrawn': [
    [{ type: 'request.withdrawn', requestId: req1, why: 'the call ended' }, 'Request withdrawn: the call ended'],
  ],
  'answer.sent': [[{ type: 'answer.sent', requestId: req1, to: 'server' }, 'Answer sent to the server']],
  'answer.accepted': [[{ type: 'answer.accepted', requestId: req1, status: 202 }, 'Answer accepted with 202']],
  'answer.moved_on': [[{ type: 'answer.moved_on', requestId: req1 }, 'The tool moved on']],
  'answer.undelivered': [
    [
      { type: 'answer.undelivered', requestId: req1, why: 'the session ended' },
      'Answer not delivered: the session ended',
    ],
  ],
};

describe('words of events', () => {
  beforeAll(() => {
    vi.stubEnv('TZ', 'UTC');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  const cases = Object.values(table).flatMap((rows) => rows.map(([body, words, actor]) => ({ body, words, actor })));
  it.each(cases)('$body.type: $words', ({ body, words, actor }) => {
    const event = log([[1_000, body, actor ?? holdpoint]])[0];
    expect(event === undefined ? null : wordsOf(event, noNames).words).toBe(words);
  });

  it('keeps words of servers to one visible line, so that they cannot pass for ours', () => {
    const text = `done\u202E\n${'x'.repeat(1_000)}`;
    const event = log([
      [0, { type: 'call.log', callId: null, server: 'accounts', level: 'info', logger: null, text }],
    ])[0];
    const words = event === undefined ? '' : wordsOf(event, noNames).words;
    expect(words).not.toMatch(/[\u202E\n]/);
    expect(words.length).toBeLessThan(330);
  });

  it('say of a second sending and of a second readiness that they are the second', () => {
    const rows = rowsOf(
      folded([
        [0, started],
        [0, opening],
        [1, ready],
        [2, received(call1)],
        [3, allowed(call1)],
        [4, sent(call1)],
        [5, { type: 'connection.reattaching', connectionId: con1, why: 'Holdpoint was restarted' }],
        [6, ready],
        [7, interrupted(call1, 'repeat')],
        [8, sent(call1)],
      ]),
    ).map(({ words }) => words);
    expect(rows[2]).toBe('Connected to accounts 1.0, MCP 2025-11-25, with a session of its own');
    expect(rows[7]).toBe('Reattached to accounts 1.0, its session lives on');
    expect([rows[5], rows[9]]).toEqual(['Call sent', 'Call sent again, run 2']);
  });

  it('call what was decided on a recovery a decision, not an acceptance', () => {
    const words = (action: 'accept' | 'decline'): string | undefined =>
      rowsOf(
        folded([
          [0, started],
          [1, received(call1)],
          [2, asksWhether(req1, call1)],
          [3, { ...answered(req1), action }, ana],
        ]),
      ).at(-1)?.words;
    expect([words('accept'), words('decline')]).toEqual(['Decided by Ana Ruiz', 'Given up by Ana Ruiz']);
  });
});
