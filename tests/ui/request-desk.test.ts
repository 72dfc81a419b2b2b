import { describe, expect, test } from 'vitest';
import { historyLine } from '@/components/request/history-words';
import { matchingPeople, mentionAt, mentionsIn, piecesOf, withMention } from '@/components/request/mentions';
import { emptyDraft, type RequestDraft } from '@/components/request/draft';
import { declineOrders, fieldsOf, rememberWords } from '@/components/request/remember-words';
import { replyFrom, samplingReadiness, withModelDraft, wouldOverwrite } from '@/components/request/sampling-reply';
import { isSendKey } from '@/components/ui/send-key';
import { usageWords } from '@/components/request/usage-words';
import type { Actor } from '@/lib/domain/actor';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { OperationId, RequestId, SessionId, TeamId } from '@/lib/domain/ids';
import { standingOf } from '@/lib/domain/permission';
import { ana, lena, openedAt, personOf } from './request-samples';

const people = [ana, lena, personOf('lena2', 'Lena Kochmann'), personOf('jo', 'Jo')];

describe('mentions', () => {
  test('begin with an @ after a space, and end with the line', () => {
    expect(mentionAt('ask @Le', 7)).toEqual({ from: 4, search: 'Le' });
    expect(mentionAt('@', 1)).toEqual({ from: 0, search: '' });
    expect(mentionAt('a@b', 3)).toBeNull();
    expect(mentionAt('@a\nb', 4)).toBeNull();
    expect(matchingPeople(people, 'koch').map(({ name }) => name)).toEqual(['Lena Koch', 'Lena Kochmann']);
    expect(withMention('ask @Le please', { from: 4, search: 'Le' }, 'Lena Koch')).toEqual({
      text: 'ask @Lena Koch please',
      cursor: 15,
    });
  });

  test('name exactly who is written, never one whose name merely begins so', () => {
    expect(mentionsIn('@Lena Kochmann, see this', people)).toEqual(['per_lena2']);
    expect(mentionsIn('@Lena Koch and @Jo', people)).toEqual([lena.id, 'per_jo']);
    expect(mentionsIn('@Joseph', people)).toEqual([]);
    expect(piecesOf('hi @Lena Koch!', [lena])).toEqual([
      { kind: 'text', text: 'hi ' },
      { kind: 'mention', text: '@Lena Koch' },
      { kind: 'text', text: '!' },
    ]);
  });
});

describe('a choice to be remembered', () => {
  const args = { path: '/tmp/x', options: { force: true, tags: [] } };
  const call = { tool: 'delete_file', agent: 'research-bot', arguments: args };

  test('is said in one sentence', () => {
    expect(rememberWords({ for: '15min', fields: ['/path'] }, call)).toBe(
      'Approve delete_file for research-bot with path = /tmp/x for 15 minutes',
    );
    expect(rememberWords({ for: 'revoked', fields: [] }, call)).toBe(
      'Approve delete_file for research-bot with any arguments until someone revokes it',
    );
    const long = rememberWords({ for: 'session', fields: ['/path'] }, { ...call, arguments: { path: 'x'.repeat(99) } });
    expect(long).toContain('… (99 characters) for the rest of this session');
  });

  test('can be bound to each single value', () => {
    expect(fieldsOf(args)).toEqual(['/path', '/options/force', '/options/tags']);
    expect(fieldsOf(null)).toEqual([]);
  });

  test('a decline is for the same call or any of the tool; with too many values to bind it to, it says any', () => {
    const fields = fieldsOf(args);
    expect(declineOrders({ tool: 'delete_file', fields })).toEqual([
      { words: 'decline the same call for 15 minutes', order: { for: '15min', fields } },
      { words: 'decline the same call for the rest of this session', order: { for: 'session', fields } },
      { words: 'decline any call of delete_file for 15 minutes', order: { for: '15min', fields: [] } },
      { words: 'decline any call of delete_file for the rest of this session', order: { for: 'session', fields: [] } },
    ]);
    const many = fieldsOf(Array.from({ length: 30 }, (_, index) => index));
    expect(declineOrders({ tool: 'delete_file', fields: many }).map(({ order }) => order.fields)).toEqual([[], []]);
    expect(declineOrders({ tool: 'delete_file', fields: [] })).toHaveLength(2);
  });
});

describe('a sampling reply', () => {
  const usage = { model: 'claude', inputTokens: 412, outputTokens: 96, costUsd: 0.004, tookMs: 2_100 };
  const result = { role: 'assistant', model: 'claude', content: { type: 'text', text: 'Hi.' } };
  const drafted: RequestDraft = withModelDraft(emptyDraft, { result, text: 'Hi.', usage });

  test('goes whole as the model wrote it, as text once a person changed it', () => {
    expect(replyFrom(drafted)).toBe('model');
    expect(samplingReadiness(drafted)).toEqual({ kind: 'ready', content: { result } });
    const edited = { ...drafted, reply: 'Hello.' };
    expect(replyFrom(edited)).toBe('edited');
    expect(samplingReadiness(edited)).toEqual({ kind: 'ready', content: { text: 'Hello.' } });
    expect(samplingReadiness({ ...drafted, reply: ' ' }).kind).toBe('blocked');
    expect(samplingReadiness({ ...emptyDraft, reply: 'Mine.' })).toEqual({ kind: 'ready', content: { text: 'Mine.' } });
  });

  test('with tool calls goes whole, or a person writes', () => {
    const calls = withModelDraft(emptyDraft, { result, text: null, usage });
    expect(samplingReadiness(calls)).toEqual({ kind: 'ready', content: { result } });
    expect(samplingReadiness({ ...calls, reply: 'Mine.' })).toEqual({ kind: 'ready', content: { text: 'Mine.' } });
  });

  test('a new draft never takes the place of typed text unasked', () => {
    expect(wouldOverwrite(emptyDraft)).toBe(false);
    expect(wouldOverwrite(drafted)).toBe(false);
    expect(wouldOverwrite({ ...drafted, reply: 'Hello.' })).toBe(true);
    expect(wouldOverwrite({ ...emptyDraft, reply: 'Mine.' })).toBe(true);
  });

  test('what it cost is told as far as it is known', () => {
    expect(usageWords(usage)).toBe('412 in · 96 out · $0.004 · 2.1 s');
    expect(usageWords({ ...usage, inputTokens: null, costUsd: 0.0001 })).toBe('96 out · under $0.001 · 2.1 s');
    expect(usageWords({ ...usage, outputTokens: null, costUsd: null })).toBe('412 in · 2.1 s');
  });
});

describe('the history of a request', () => {
  const byLena: Actor = { kind: 'person', id: lena.id, name: lena.name };
  const requestId = 'req_1' as RequestId;
  const told = (body: EventBody, actor: Actor = byLena): string | null => {
    const event: SessionEvent = { sessionId: 'ses_1' as SessionId, seq: 1, at: openedAt, actor, ...body };
    const line = historyLine(event, ana.id);
    return line === null ? null : `${line.words}${line.more === null ? '' : ` | ${line.more}`}`;
  };
  const voted = { requestId, reason: 'fine', operationId: 'op_1' as OperationId, as: standingOf(lena), tookMs: 1 };

  test('says who did what', () => {
    expect(told({ type: 'request.voted', vote: 'approve', ...voted })).toBe(
      'Lena Koch approved; more people are needed | fine',
    );
    const decided = { type: 'request.answered', action: 'accept', remember: null, usage: null, ...voted } as const;
    expect(told(decided)).toBe('Lena Koch approved, which decided it | fine');
    expect(told({ ...decided, as: null })).toBe('Lena Koch accepted | fine');
    expect(
      told({ type: 'request.claimed', requestId, untilAt: 1 }, { kind: 'person', id: ana.id, name: ana.name }),
    ).toBe('You claimed it');
    const team = { id: 'leads' as TeamId, name: 'Leads' };
    expect(told({ type: 'request.escalated', requestId, team, why: 'nobody was there' }, { kind: 'holdpoint' })).toBe(
      'Leads was asked, too | nobody was there',
    );
  });

  test('hand-overs name both sides', () => {
    expect(told({ type: 'request.assigned', requestId, to: ana })).toBe('Lena Koch handed it to you');
    expect(told({ type: 'request.assigned', requestId, to: lena })).toBe('Lena Koch took it over');
    expect(told({ type: 'request.assigned', requestId, to: null })).toBe(
      'Lena Koch gave it back to everyone who may answer',
    );
    expect(told({ type: 'request.assigned', requestId, to: lena }, { kind: 'holdpoint' })).toBe(
      'It was assigned to Lena Koch',
    );
  });

  test('I7 that nobody answered is no refusal; what is not of it is left out', () => {
    expect(told({ type: 'request.expired', requestId }, { kind: 'holdpoint' })).toBe('No one answered in time');
    expect(told({ type: 'session.ending', end: 'idle', reason: 'x' })).toBeNull();
  });
});

describe('the key that sends from inside a field', () => {
  const enter = { key: 'Enter', ctrlKey: false, metaKey: false, repeat: false };

  test('is Ctrl or Command with Enter, once for each press', () => {
    expect(isSendKey({ ...enter, ctrlKey: true })).toBe(true);
    expect(isSendKey({ ...enter, metaKey: true })).toBe(true);
    expect(isSendKey(enter)).toBe(false);
    expect(isSendKey({ ...enter, ctrlKey: true, repeat: true })).toBe(false);
    expect(isSendKey({ ...enter, ctrlKey: true, key: 'a' })).toBe(false);
  });
});
