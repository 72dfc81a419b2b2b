import { describe, expect, test } from 'vitest';
import { consequences, reasonReaders } from '@/components/request/answer-words';
import { askedAs } from '@/components/request/asked-as';
import { awayWords } from '@/components/request/away-words';
import { unansweredWords } from '@/components/request/deadline-words';
import { afterAnswerWords, openRecoveryOf } from '@/components/request/call-words';
import { notRunWords, pagesLeft } from '@/components/request/not-run-words';
import { receiptStages, wasAnswered } from '@/components/ui/receipt-stages';
import type { Call, HeldCall } from '@/lib/domain/call';
import type { ConnectionId, OperationId, RequestId } from '@/lib/domain/ids';
import { isPermit } from '@/lib/domain/permit';
import { isParked } from '@/lib/domain/queue';
import type { HoldRequest, OpenRequest, Receipt } from '@/lib/domain/request';
import { cutOffCall, detailWith, openedAt, openForm, workingCall } from './request-samples';

const first = 'req_000000000001' as RequestId;
const second = 'req_000000000002' as RequestId;
const page: OpenRequest = { ...openForm(first), kind: 'url', upstream: null, elicitationId: 'files' };
const asker = { server: 'accounts', agent: 'release-pilot' };

/** Turned back, and waiting for these pages. */
function turnedBack(requestIds: readonly RequestId[], more: Partial<HeldCall> = {}): Call {
  return {
    ...(cutOffCall(openedAt) as HeldCall),
    reasons: ['urls'],
    requestIds,
    interrupted: null,
    turnedBack: 1,
    ...more,
  };
}

function done(receipt: Partial<Receipt> = {}, action: 'accept' | 'decline' = 'accept'): HoldRequest {
  const { claim: _claim, ...facts } = page;
  const by = { kind: 'server', name: 'accounts' } as const;
  const answer = { by, action, reason: null, operationId: 'op_1' as OperationId, savedAt: openedAt + 5 };
  const whole = { to: null, sentAt: null, acceptedAt: null, movedOnAt: null, ...receipt };
  const more = { tookMs: null, remember: null, usage: null };
  return { ...facts, answer: { ...answer, ...more }, receipt: whole, state: 'answered' };
}

function stages(request: HoldRequest, call: Call | null): readonly string[] {
  return wasAnswered(request) ? receiptStages(request, call).map(({ words, is }) => `${words}: ${is}`) : [];
}

describe('a page that comes before its call', () => {
  test('is told from one that is asked while the call runs', () => {
    const asked: OpenRequest = { ...openForm(first), kind: 'url' };
    const call = turnedBack([first]);
    expect([page, asked].map((request) => askedAs({ request, call }))).toEqual(['page_first', 'url']);
    expect([page, asked].map(isPermit)).toEqual([true, false]);
    expect(isParked({ request: page, call: turnedBack([first]) })).toBe(true);
    expect(isParked({ request: asked, call: workingCall(null) })).toBe(false);
    expect(notRunWords(detailWith(asked, { call: workingCall(null) }))).toBeNull();
  });

  test('says in words that the call was not run, and what happens when it is done', () => {
    expect(notRunWords(detailWith(page, { call: turnedBack([first]) }))).toEqual({
      title: 'request_account was not run',
      words: 'accounts says so, and wants this page visited first. When it is done, the call is sent once more.',
    });
    expect(notRunWords(detailWith(page, { call: turnedBack([first, second]) }))?.words).toContain(
      'wants this page and 1 more visited first. When all of them are done',
    );
  });

  test('says how often it was asked for, and what comes of the last time', () => {
    const words = (times: number): string | undefined =>
      notRunWords(detailWith(page, { call: turnedBack([first], { turnedBack: times }) }))?.words;
    expect(words(2)).toMatch(/asked for the second time\.$/);
    expect(words(3)).toMatch(/third time\. Turned back once more, release-pilot gets accounts’s error\.$/);
  });

  test('I4 does not say that nothing ran where an earlier run was cut off', () => {
    const before = cutOffCall(openedAt) as HeldCall;
    const { interrupted } = before;
    const said = notRunWords(detailWith(page, { call: turnedBack([first], { interrupted, mayHaveRun: true }) }));
    expect(said?.title).toBe('request_account was not run this time');
    expect(said?.words).toContain('The connection to accounts was lost (404).');
    const again = askedAs({ request: page, call: turnedBack([first], { interrupted, mayHaveRun: true }) });
    expect(consequences(again, asker, 'writes').decline).toContain('release-pilot hears that its outcome is unknown');
    expect(unansweredWords(again, asker).at(-1)?.words).toContain('the outcome is unknown');
  });

  test('says nothing of the kind once it is over', () => {
    expect(notRunWords(detailWith(done(), { call: turnedBack([second]) }))).toBeNull();
    expect(notRunWords(detailWith(page, { call: workingCall(null) }))).toBeNull();
  });

  test('once it is done, says for how many others the call waits', () => {
    const detail = detailWith(done(), { call: turnedBack([second]) });
    expect(pagesLeft(detail)).toBe(1);
    expect(afterAnswerWords(detail)).toBe('The call waits for 1 more page. Then it is sent again.');
    expect(openRecoveryOf(detail)).toBeNull();
    expect(afterAnswerWords(detailWith(done(), { call: workingCall(null) }))).toBeNull();
  });

  test('its answer goes with the call, and a decline is the agent’s to hear', () => {
    expect(stages(done(), turnedBack([second]))).toEqual([
      'saved: done',
      'call sent again: waiting',
      'accepted: later',
      'tool moved on: later',
    ]);
    const sent = { to: 'server', sentAt: 1, acceptedAt: 2 } as const;
    expect(stages(done(sent), workingCall(null))).toEqual([
      'saved: done',
      'call sent again: done',
      'accepted: done',
      'tool moved on: waiting',
    ]);
    expect(stages(done(sent), turnedBack([second]))).toEqual([
      'saved: done',
      'call sent again: done',
      'accepted: done',
      'tool was not run: unseen',
    ]);
    expect(stages(done({}, 'decline'), null)).toEqual(['saved: done', 'agent told: waiting']);
    const lost = { ...done(), state: 'undelivered', why: 'Another of its pages was declined.' } as HoldRequest;
    expect(stages(lost, null)).toEqual(['saved: done', 'call not sent again: failed']);
  });

  test('its consequences and readers are those of a call that is not sent', () => {
    const words = consequences('page_first', asker, 'writes');
    expect(words.accept).toContain('the call is sent to accounts again');
    expect(words.decline).toContain('release-pilot gets accounts’s error');
    expect(reasonReaders('page_first', asker)).toContain('release-pilot gets this text');
  });

  test('a server that is away keeps nobody from visiting it', () => {
    const connectionId = 'con_000000000001' as ConnectionId;
    const away = { connectionId, server: 'accounts', sinceAt: 0, why: 'reset' };
    const means = (state: 'reattaching' | 'lost'): string =>
      awayWords(page, { is: 'away', away: { ...away, state } }, 1_000).means;
    expect(means('reattaching')).toBe('Once its pages are done the call is sent when it is back.');
    expect(means('lost')).toBe('A new one is made when the call is sent.');
  });
});
