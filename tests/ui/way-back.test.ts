import { describe, expect, test } from 'vitest';
import { afterAnswerWords, openRecoveryOf, resultLostWhy, plainSentence } from '@/components/request/call-words';
import { limitWords, unansweredWords } from '@/components/request/deadline-words';
import { receiptStages, wasAnswered } from '@/components/ui/receipt-stages';
import type { Call } from '@/lib/domain/call';
import type { AskedAs } from '@/components/request/asked-as';
import type { RequestKind } from '@/lib/domain/event';
import type { OperationId } from '@/lib/domain/ids';
import type { HoldRequest, Receipt } from '@/lib/domain/request';
import { cutOffCall, detailWith, openedAt, openForm, workingCall } from './request-samples';

const savedAt = openedAt + 5_000;
const answer = {
  by: { kind: 'holdpoint' },
  action: 'accept',
  reason: null,
  tookMs: null,
  remember: null,
  usage: null,
  operationId: 'op_1' as OperationId,
  savedAt,
} as const;
const noReceipt: Receipt = { to: null, sentAt: null, acceptedAt: null, movedOnAt: null };

interface Given {
  readonly kind?: RequestKind;
  readonly receipt?: Partial<Receipt>;
  readonly why?: string;
  readonly action?: 'accept' | 'decline';
}

function answered({ kind = 'form', receipt = {}, why, action = 'accept' }: Given): HoldRequest {
  const { claim: _claim, ...open } = openForm('req_1');
  const facts = { ...open, kind, answer: { ...answer, action }, receipt: { ...noReceipt, ...receipt } };
  if (why !== undefined) return { ...facts, state: 'undelivered', why };
  return { ...facts, state: receipt.acceptedAt == null ? 'answered' : 'delivered' };
}

function stages(given: Given, call: Call | null): readonly string[] {
  const request = answered(given);
  return wasAnswered(request) ? receiptStages(request, call).map(({ words, is }) => `${words}: ${is}`) : [];
}

const accepted = { to: 'server', sentAt: savedAt, acceptedAt: savedAt } as const;

describe('a receipt is honest about what can be seen', () => {
  test('while all can be heard it waits for the tool to move on', () => {
    expect(stages({ receipt: accepted }, workingCall(null)).at(-1)).toBe('tool moved on: waiting');
  });

  test('after the stream is lost the answer still arrives, and whether the tool moved on is not known', () => {
    const lost = workingCall('its stream ended');
    expect(stages({ receipt: { to: 'server', sentAt: savedAt } }, lost)).toEqual([
      'saved: done',
      'sent: done',
      'accepted: waiting',
      'tool moved on: later',
    ]);
    expect(stages({ receipt: accepted }, lost).at(-1)).toBe('not known whether the tool moved on: unseen');
  });

  test('I4 after the connection is lost nothing more is waited for', () => {
    const cut = cutOffCall(savedAt + 1);
    expect(stages({ receipt: { to: 'server', sentAt: savedAt } }, cut)).toEqual([
      'saved: done',
      'sent: done',
      'not known whether accepted: unseen',
    ]);
    expect(stages({ receipt: accepted }, cut).at(-1)).toBe('not known whether the tool moved on: unseen');
  });

  test('I5 an answer that did not get there says where it stopped', () => {
    expect(stages({ why: 'lost' }, cutOffCall(savedAt + 1))).toEqual(['saved: done', 'not sent: failed']);
  });

  test('a decision to run again goes with the call, one that ends the call is told to the agent', () => {
    const recovery = { kind: 'recovery' } as const;
    expect(stages(recovery, null)).toEqual(['saved: done', 'carried out: waiting']);
    expect(stages({ ...recovery, receipt: { to: 'server', sentAt: savedAt } }, null)[1]).toBe('call sent again: done');
    expect(stages({ ...recovery, receipt: { ...accepted, to: 'agent' } }, null)).toEqual([
      'saved: done',
      'agent told: done',
    ]);
    expect(stages({ ...recovery, action: 'decline' }, null)).toEqual(['saved: done', 'agent told: waiting']);
  });
});

describe('what became of the call after an answer', () => {
  test('I5 it waits for a decision: the words say why, and where to decide', () => {
    const detail = detailWith(answered({ why: 'lost' }), { call: cutOffCall(savedAt + 1) });
    expect(afterAnswerWords(detail)).toBe(
      'The connection to accounts was lost (404). Whether the tool took effect is not known. A person is asked whether to run it again.',
    );
    expect(openRecoveryOf(detail)).toBe('req_000000000099');
  });

  test('a result that is lost is said with its reason, a healthy call with nothing', () => {
    expect(resultLostWhy(workingCall('its stream ended'))).toBe('its stream ended.');
    expect(afterAnswerWords(detailWith(answered({ receipt: accepted }), { call: workingCall(null) }))).toBeNull();
    expect(openRecoveryOf(detailWith(answered({}), { call: workingCall(null) }))).toBeNull();
  });

  test('one full stop, whatever the words end in', () => {
    expect(['lost', 'lost.', 'lost?'].map(plainSentence)).toEqual(['lost.', 'lost.', 'lost?']);
  });
});

describe('I8 I7 deadlines in words', () => {
  test('every cause has words of its own', () => {
    expect(new Set(Object.values(limitWords)).size).toBe(7);
  });

  test.each(['form', 'url', 'page_first', 'approval', 'sampling', 'recovery'] as const)(
    'no one answering a %s is never called a refusal',
    (kind) => {
      const heard = unansweredWords(kind, { server: 'accounts', agent: 'release-pilot' });
      expect(heard.map(({ who }) => who)).toEqual(['The server', 'The agent']);
      expect(heard.map(({ words }) => words).join(' ')).not.toMatch(/declined it|refused/);
    },
  );

  test('the server is told cancel for a question, and nothing for a call that was never sent', () => {
    const server = (kind: AskedAs): string | undefined =>
      unansweredWords(kind, { server: 'accounts', agent: 'a' })[0]?.words;
    expect(server('form')).toContain('“cancel”');
    expect(server('approval')).toContain('never sent');
    expect(server('recovery')).toContain('not sent again');
    expect(server('page_first')).toContain('not sent again');
  });
});
