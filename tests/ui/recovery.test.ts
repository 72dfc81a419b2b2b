import { describe, expect, test } from 'vitest';
import { draftFromText, draftToText, emptyDraft, isUntouched, type RequestDraft } from '@/components/request/draft';
import { keptLines } from '@/components/request/kept-text';
import { readRecoveryAsk } from '@/components/request/recovery-ask';
import { needsArming } from '@/components/request/recovery-answering';
import { choiceConsequence, recoveryChoices, recoveryReadiness } from '@/components/request/recovery-choice';
import { outcomeWords, titleWords } from '@/components/request/words';
import type { RequestId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { type RecoveryAsk, readRecovery, recoveryNoteMost } from '@/lib/domain/recovery';
import { detailWith, openForm } from './request-samples';

const asker = { server: 'accounts', agent: 'release-pilot' };
const chosen = (part: Partial<RequestDraft>): RequestDraft => ({ ...emptyDraft, ...part });

describe('I4 what a person decides on a call whose outcome is not known', () => {
  test('nothing is chosen for them', () => {
    expect(recoveryReadiness(emptyDraft)).toMatchObject({ kind: 'blocked', field: 'choice' });
  });

  test('running again is an acceptance that says so, and nothing more', () => {
    const readiness = recoveryReadiness(chosen({ choice: 'run_again', note: 'left over', reason: 'left over' }));
    expect(readiness).toEqual({
      kind: 'ready',
      intent: { action: 'accept', reason: null, content: { choice: 'run_again' }, remember: null },
    });
  });

  test('done by hand needs words for the agent, and what is sent is what the engine reads', () => {
    expect(recoveryReadiness(chosen({ choice: 'done_by_hand', note: ' \n ' }))).toMatchObject({ field: 'note' });
    expect(recoveryReadiness(chosen({ choice: 'done_by_hand', note: 'x'.repeat(recoveryNoteMost + 1) }))).toMatchObject(
      {
        field: 'note',
      },
    );
    const readiness = recoveryReadiness(chosen({ choice: 'done_by_hand', note: ' Closed it in the console. ' }));
    const content = readiness.kind === 'ready' ? readiness.intent.content : null;
    expect(readRecovery(content)).toEqual({
      ok: true,
      decision: { choice: 'done_by_hand', note: 'Closed it in the console.' },
    });
  });

  test('I13 giving up is the decline every request has, with a reason or without', () => {
    const bare = recoveryReadiness(chosen({ choice: 'give_up', note: 'not part of it' }));
    expect(bare).toEqual({ kind: 'ready', intent: { action: 'decline', reason: null, content: null, remember: null } });
    const said = recoveryReadiness(chosen({ choice: 'give_up', reason: ' cannot be checked ' }));
    expect(said).toMatchObject({ intent: { action: 'decline', reason: 'cannot be checked' } });
  });

  test('sending a destructive call once more takes two steps, the other ways on do not', () => {
    const destructive = detailWith({ ...openForm('req_1'), kind: 'recovery', risk: 'destructive' });
    expect(recoveryChoices.map((choice) => needsArming(destructive, choice))).toEqual([true, false, false]);
    const writes = detailWith({ ...openForm('req_1'), kind: 'recovery', risk: 'writes' });
    expect(needsArming(writes, 'run_again')).toBe(false);
  });

  test('each way on says what it leads to, and running again that it may happen twice', () => {
    const call = { risk: 'destructive', asked: [] } as const;
    expect(choiceConsequence('run_again', asker, call)).toBe(
      'It may happen twice: the first run may have taken effect.',
    );
    expect(choiceConsequence('done_by_hand', asker, call)).toContain('release-pilot gets your note');
    expect(choiceConsequence('give_up', asker, call)).toContain('the outcome is unknown');
    expect(choiceConsequence('run_again', asker, { ...call, risk: 'read_only' })).not.toContain('twice:');
    const answer = { ...answerOf('form'), acceptedAt: null };
    expect(choiceConsequence('run_again', asker, { ...call, asked: [answer] })).toContain('comes again');
    expect(choiceConsequence('run_again', asker, { ...call, asked: [answerOf('approval')] })).not.toContain('again,');
  });

  test('the choice, the note and the reason survive a reload, and count as text of theirs', () => {
    const draft = chosen({ choice: 'done_by_hand', note: 'half a sen', reason: 'r' });
    expect(draftFromText(draftToText(draft))).toEqual(draft);
    expect(isUntouched(draft)).toBe(false);
    expect(draftFromText('{"choice":"run_twice","note":7}')).toEqual(emptyDraft);
    expect(keptLines(detailWith({ ...openForm('req_1'), kind: 'recovery' }), draft)).toEqual([
      { name: 'Note', text: 'half a sen' },
      { name: 'Reason', text: 'r' },
    ]);
  });
});

describe('what is known of the call', () => {
  const ask: RecoveryAsk = {
    why: 'The connection to accounts was lost (404).',
    sentAt: 5,
    runs: 2,
    lastProgress: { progress: 1, total: null, message: null, at: 6 },
    answers: [answerOf('form')],
  };

  test('is read back whole', () => {
    expect(readRecoveryAsk(JSON.parse(JSON.stringify(ask)) as Json)).toEqual(ask);
  });

  test.each([null, 'text', [], {}, { why: 'x' }, { why: 'x', sentAt: 'y' }] as const)(
    '%j is none: the decision is offered all the same',
    (value) => {
      expect(readRecoveryAsk(value as Json)).toBeNull();
    },
  );

  test('an answer of a kind nobody knows is left out, the others stay', () => {
    const odd = {
      ...(JSON.parse(JSON.stringify(ask)) as Record<string, Json>),
      answers: [7, { kind: 'riddle' }, answerOf('url')],
    };
    expect(readRecoveryAsk(odd as unknown as Json)?.answers.map(({ kind }) => kind)).toEqual(['url']);
  });

  test('rows and heads ask whether to run it again; a decided one is decided, not accepted', () => {
    const open = { ...openForm('req_1'), kind: 'recovery', title: 'Delete\u202E account' } as const;
    expect(titleWords(open)).toBe('Run again? Delete account');
    const { claim: _claim, ...facts } = open;
    const answer = {
      by: { kind: 'holdpoint' },
      reason: null,
      operationId: 'op_1' as never,
      savedAt: 9,
      ...{ tookMs: null, remember: null, usage: null },
    } as const;
    const receipt = { to: null, sentAt: null, acceptedAt: null, movedOnAt: null };
    const after = (action: 'accept' | 'decline'): string | null =>
      outcomeWords({ ...facts, state: 'answered', answer: { ...answer, action }, receipt });
    expect([after('accept'), after('decline')]).toEqual(['decided', 'given up']);
  });
});

function answerOf(kind: RecoveryAsk['answers'][number]['kind']): RecoveryAsk['answers'][number] {
  const requestId = 'req_000000000009' as RequestId;
  return { requestId, kind, title: 'Which?', by: 'Dana', action: 'accept', savedAt: 7, acceptedAt: 8 };
}
