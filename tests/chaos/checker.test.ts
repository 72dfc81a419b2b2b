import { describe, expect, test } from 'vitest';
import { answerHeard } from '@/tests/chaos/answer-heard';
import { check } from '@/tests/chaos/checker/check';
import { accepted, correctWorld, type MutableWorld, resultOf } from '@/tests/chaos/checker/sample-world';
import type { ViolationKind } from '@/tests/chaos/checker/violation';
import type { AnswerContent, Effect, Heard, Question, Saying } from '@/tests/chaos/world';

function remove<T>(items: T[], isIt: (item: T) => boolean): void {
  const at = items.findIndex(isIt);
  if (at < 0) throw new Error('nothing to remove');
  items.splice(at, 1);
}

function replace<T>(items: T[], isIt: (item: T) => boolean, change: (item: T) => T): void {
  const at = items.findIndex(isIt);
  const item = items[at];
  if (item === undefined) throw new Error('nothing to replace');
  items[at] = change(item);
}

const heardAt = (question: string) => (effect: Effect) => effect.kind === 'answered' && effect.question === question;
const runOf = (execution: string) => (effect: Effect) => effect.kind === 'executed' && effect.execution === execution;
const about = (mark: string, kind: Question['kind']) => (question: Question) =>
  question.mark === mark && question.kind === kind;

function requestOf(world: MutableWorld, mark: string, kind: Question['kind']): string {
  return world.questions.find(about(mark, kind))?.requestId ?? '';
}

function sayingOf(world: MutableWorld, mark: string, kind: Question['kind']): (saying: Saying) => boolean {
  const requestId = requestOf(world, mark, kind);
  return (saying) => saying.requestId === requestId;
}

const nobodyAnswered: AnswerContent = { action: 'cancel', content: null, reason: 'No one answered in time.' };
const yes: AnswerContent = { action: 'accept', content: null, reason: null };

function setReply(world: MutableWorld, mark: string, reply: Saying['reply']): void {
  replace(world.sayings, sayingOf(world, mark, 'form'), (saying) => ({ ...saying, reply }));
}

/** The last telling of a call becomes another. */
function tell(world: MutableWorld, mark: string, heard: Heard): void {
  const last = world.tellings.findLastIndex((telling) => telling.mark === mark);
  const before = world.tellings[last];
  if (before === undefined) throw new Error(`${mark} was told nothing`);
  world.tellings[last] = { ...before, heard };
}

function setState(world: MutableWorld, isIt: (question: Question) => boolean, change: Partial<Question>): void {
  replace(world.questions, isIt, (question) => ({ ...question, ...change }));
}

function answerHeardAs(world: MutableWorld, question: string, value: string): void {
  replace(world.effects, heardAt(question), (effect) =>
    effect.kind === 'answered' ? { ...effect, answer: accepted(value) } : effect,
  );
}

function runAgain(world: MutableWorld, mark: string, at: number): void {
  const first = world.effects.find((effect) => effect.kind === 'executed' && effect.mark === mark);
  if (first?.kind !== 'executed') throw new Error(`${mark} was not executed`);
  world.effects.push({ ...first, at, execution: `${first.execution}-again` });
}

/** Each breaks one promise of the correct world. */
const sabotages: readonly (readonly [string, ViolationKind, (world: MutableWorld) => void])[] = [
  [
    'I5: a saved answer never reaches its server',
    'lost_answer',
    (world) => remove(world.effects, heardAt('plain/p1/1')),
  ],
  [
    'I5: an answer is undelivered, and nobody says why',
    'lost_answer',
    (world) => {
      remove(world.effects, heardAt('again/a1/1'));
      setState(world, (question) => question.question === 'again/a1/1', { state: 'undelivered', why: '' });
    },
  ],
  ['an answer arrives with another content', 'altered_answer', (world) => answerHeardAs(world, 'keyed/k1/1', 'other')],
  ['an answer arrives at another question', 'swapped_answer', (world) => answerHeardAs(world, 'keyed/k1/1', 'red')],
  [
    'I7: a saved answer arrives as a cancel',
    'altered_answer',
    (world) =>
      replace(world.effects, heardAt('keyed/k1/1'), (effect) =>
        effect.kind === 'answered' ? { ...effect, answer: nobodyAnswered } : effect,
      ),
  ],
  [
    'an answer arrives that nobody gave',
    'invented_answer',
    (world) =>
      world.effects.push({ kind: 'answered', server: 'bare', at: 50_000, question: 'x/y/1', answer: accepted('x') }),
  ],
  [
    'I2: an answer arrives that was refused to be saved',
    'unsaved_answer',
    (world) => setReply(world, 'keyed', { kind: 'refused', code: 'cannot_save', at: 40_040 }),
  ],
  [
    'I1: two people are both told that theirs was saved',
    'two_winners',
    (world) => {
      const first = world.sayings.find(sayingOf(world, 'plain', 'form'));
      if (first !== undefined)
        world.sayings.push({ ...first, operationId: 'op-other', by: 'Ben', answer: accepted('x') });
    },
  ],
  [
    'I1: the same operation is refused the second time',
    'denied_repeat',
    (world) => setReply(world, 'plain', { kind: 'saved', at: 1_035, thenRefused: 'already_answered' }),
  ],
  [
    'I5: a request stays open',
    'stuck_open',
    (world) => setState(world, about('refused', 'approval'), { state: 'open' }),
  ],
  [
    'I5: an answer stays on its way',
    'stuck_open',
    (world) => setState(world, about('plain', 'form'), { state: 'answered' }),
  ],
  [
    'I1: nobody listens where a server asks, and nothing is broken',
    'not_listening',
    (world) => world.effects.push({ kind: 'unheard', server: 'bare', at: 2_000_000, mark: 'plain', execution: 'e' }),
  ],
  ['I3: a call runs twice', 'unexplained_execution', (world) => runAgain(world, 'plain', 1_200)],
  [
    'a call with a key runs twice though its agent sent it twice',
    'unexplained_execution',
    (world) => runAgain(world, 'keyed', 40_250),
  ],
  ['I4: a call runs a third time on one word', 'unexplained_execution', (world) => runAgain(world, 'again', 20_450)],
  [
    'I4: a call runs again before the word is given',
    'unexplained_execution',
    (world) => replace(world.effects, runOf('a2'), (effect) => ({ ...effect, at: 20_250 })),
  ],
  [
    'I4: a repeatable tool runs again and nothing had happened',
    'unexplained_execution',
    (world) => remove(world.faults, ({ kind }) => kind === 'end_session'),
  ],
  [
    'I6: a declined call runs',
    'executed_though_not_approved',
    (world) => {
      world.effects.push({
        kind: 'executed',
        server: 'kept',
        at: 11_100,
        mark: 'refused',
        tool: 'write',
        execution: 'x',
      });
      tell(world, 'refused', { as: 'left' });
    },
  ],
  [
    'I6: a held call runs before it is approved',
    'executed_though_not_approved',
    (world) => replace(world.effects, runOf('h1'), (effect) => ({ ...effect, at: 10_005 })),
  ],
  [
    'I3: a call runs before its page is visited',
    'executed_though_not_approved',
    (world) => replace(world.effects, runOf('v1'), (effect) => ({ ...effect, at: 60_005 })),
  ],
  [
    'a call is told as failed for a page that nobody declined',
    'unexplained_outcome',
    (world) => replace(world.sayings, sayingOf(world, 'shunned', 'url'), (saying) => ({ ...saying, answer: yes })),
  ],
  ['an agent is never told', 'hung_call', (world) => tell(world, 'plain', { as: 'nothing' })],
  ['an agent is told nothing at all', 'hung_call', (world) => remove(world.tellings, ({ mark }) => mark === 'held')],
  [
    'an agent is told of a ticket only',
    'hung_call',
    (world) => {
      remove(world.tellings, ({ mark, heard }) => mark === 'keyed' && heard.as === 'result');
      remove(world.tellings, ({ mark, heard }) => mark === 'keyed' && heard.as === 'result');
    },
  ],
  [
    'a stream cannot be resumed',
    'hung_call',
    (world) => tell(world, 'plain', { as: 'refused', words: '404 Session not found' }),
  ],
  [
    'an agent is told what no server returned',
    'wrong_result',
    (world) => tell(world, 'plain', { as: 'result', result: '{}' }),
  ],
  [
    'an agent gets the result of another call',
    'wrong_result',
    (world) => tell(world, 'plain', { as: 'result', result: resultOf('h1') }),
  ],
  [
    'a call that never ran is told as completed',
    'phantom_completion',
    (world) => tell(world, 'refused', { as: 'result', result: '{}' }),
  ],
  [
    'an outcome changes',
    'changed_outcome',
    (world) => {
      world.effects.push({
        kind: 'returned',
        server: 'bare',
        at: 40_310,
        mark: 'keyed',
        execution: 'k1',
        result: '{"other":1}',
      });
      tell(world, 'keyed', { as: 'result', result: '{"other":1}' });
    },
  ],
  [
    'a call that ran is told as failed',
    'false_denial',
    (world) => tell(world, 'again', { as: 'error', code: -32000, words: 'unreachable' }),
  ],
  [
    'a call that ran is told as not run',
    'false_denial',
    (world) => tell(world, 'held', { as: 'outcome', outcome: 'rejected', words: 'write was not run' }),
  ],
  [
    'I7: a call is told as rejected and nobody said no',
    'unexplained_outcome',
    (world) => replace(world.sayings, sayingOf(world, 'refused', 'approval'), (saying) => ({ ...saying, answer: yes })),
  ],
  [
    'an outcome is told as unknown and nothing had happened',
    'unexplained_outcome',
    (world) => tell(world, 'held', { as: 'outcome', outcome: 'indeterminate', words: 'unknown' }),
  ],
  [
    'a call is told as done by hand and nobody said so',
    'unexplained_outcome',
    (world) => tell(world, 'again', { as: 'outcome', outcome: 'done_by_hand', words: 'by hand' }),
  ],
  [
    'I7: a call is told as expired long before its deadline',
    'unexplained_outcome',
    (world) => tell(world, 'refused', { as: 'outcome', outcome: 'expired', words: 'no one answered in time' }),
  ],
  [
    'I5: after our death a call is given up though its server kept everything',
    'given_up',
    (world) => tell(world, 'plain', { as: 'outcome', outcome: 'indeterminate', words: 'Holdpoint was restarted' }),
  ],
  [
    'I5: after our death an answer is given up though its server kept everything',
    'given_up',
    (world) => {
      remove(world.effects, heardAt('plain/p1/1'));
      setState(world, about('plain', 'form'), { state: 'undelivered', why: 'Holdpoint was restarted.' });
    },
  ],
  [
    'I5: an answer is given up though its server would take it',
    'given_up',
    (world) => {
      remove(world.effects, heardAt('keyed/k1/1'));
      setState(world, about('keyed', 'form'), { state: 'undelivered', why: 'The stream broke.' });
    },
  ],
  [
    'I5: a question is withdrawn though its server still asks',
    'given_up',
    (world) => {
      remove(world.effects, heardAt('keyed/k1/1'));
      remove(world.sayings, sayingOf(world, 'keyed', 'form'));
      setState(world, about('keyed', 'form'), { state: 'withdrawn', why: 'Holdpoint was restarted.' });
    },
  ],
  [
    'a call is told as cancelled that nobody cancelled',
    'unexplained_outcome',
    (world) => tell(world, 'held', { as: 'outcome', outcome: 'cancelled', words: 'cancelled' }),
  ],
  ['a process outlives its session', 'orphan', (world) => world.orphans.push({ server: 'kept', pid: 1, seenAt: 0 })],
  ['a planned stop takes too long', 'slow_stop', (world) => world.stops.push({ at: 0, tookMs: 10_500, exitCode: 0 })],
  ['a planned stop ends with an error', 'slow_stop', (world) => world.stops.push({ at: 0, tookMs: 50, exitCode: 1 })],
];

describe('the checker', () => {
  test('finds nothing in a world where every promise was kept', () => {
    expect(check(correctWorld())).toEqual([]);
  });

  test.each(sabotages)('%s: %s', (_words, kind, sabotage) => {
    const world = correctWorld();
    sabotage(world);
    expect(check(world).map((violation) => violation.kind)).toEqual([kind]);
  });

  test('every kind of violation is found by some sabotage', () => {
    const kinds: Record<ViolationKind, true> = {
      lost_answer: true,
      altered_answer: true,
      swapped_answer: true,
      invented_answer: true,
      two_winners: true,
      unsaved_answer: true,
      denied_repeat: true,
      stuck_open: true,
      not_listening: true,
      unexplained_execution: true,
      executed_though_not_approved: true,
      hung_call: true,
      wrong_result: true,
      phantom_completion: true,
      changed_outcome: true,
      false_denial: true,
      unexplained_outcome: true,
      given_up: true,
      slow_stop: true,
      orphan: true,
    };
    expect(new Set(sabotages.map(([, kind]) => kind))).toEqual(new Set(Object.keys(kinds)));
  });
});

/** What is no violation, each beside the sabotage it is easily taken for. */
const excuses: readonly (readonly [string, (world: MutableWorld) => void])[] = [
  [
    'an answer that was declared undelivered after the server died',
    (world) => {
      remove(world.effects, heardAt('again/a1/1'));
      setState(world, (question) => question.question === 'again/a1/1', {
        state: 'undelivered',
        why: 'The server is gone.',
      });
    },
  ],
  [
    'an answer heard though it was declared undelivered',
    (world) =>
      setState(world, (question) => question.question === 'again/a1/1', { state: 'undelivered', why: 'Unknown.' }),
  ],
  [
    'an answer heard twice, the same',
    (world) => {
      const once = world.effects.find(heardAt('plain/p1/1'));
      if (once !== undefined) world.effects.push({ ...once, at: once.at + 200 });
    },
  ],
  [
    'a question to nobody while the way to the server was cut',
    (world) => {
      world.faults.push({ kind: 'cut_network', target: 'bare', at: 2_000_000, healedAt: 2_000_100 });
      world.effects.push({ kind: 'unheard', server: 'bare', at: 2_000_200, mark: 'plain', execution: 'e' });
    },
  ],
  ['an answer heard whose receipt never came', (world) => setReply(world, 'plain', { kind: 'none' })],
  [
    'a question that Holdpoint itself cancelled before anyone answered',
    (world) =>
      world.effects.push({
        kind: 'answered',
        server: 'bare',
        at: 60_000,
        question: 'gone/g1/1',
        answer: { action: 'cancel', content: null, reason: 'The call ended.' },
      }),
  ],
  [
    'two sends without a key that ran twice',
    (world) => {
      world.sends.push({ mark: 'plain', server: 'kept', tool: 'ask', keyed: false, at: 1_100 });
      runAgain(world, 'plain', 1_200);
    },
  ],
  [
    'a person who gave up on a call whose server was killed',
    (world) => tell(world, 'again', { as: 'outcome', outcome: 'indeterminate', words: 'unknown' }),
  ],
  [
    'a call that its agent cancelled',
    (world) => {
      world.cancels.push({ mark: 'plain', at: 1_200 });
      setState(world, about('plain', 'form'), { state: 'withdrawn', why: 'The agent gave it up.' });
      tell(world, 'plain', { as: 'outcome', outcome: 'cancelled', words: 'cancelled' });
    },
  ],
  ['an agent cut off before it heard anything', (world) => tell(world, 'plain', { as: 'cut_off' })],
  ['an agent that left', (world) => tell(world, 'plain', { as: 'left' })],
  [
    'a stream refused of a call that Holdpoint never had',
    (world) => {
      world.sends.push({ mark: 'never', server: 'kept', tool: 'ask', keyed: false, at: 70_000 });
      world.tellings.push({ mark: 'never', at: 70_100, heard: { as: 'refused', words: '400' } });
    },
  ],
];

test.each(excuses)('no violation: %s', (_words, change) => {
  const world = correctWorld();
  change(world);
  expect(check(world)).toEqual([]);
});

describe('an answer off the wire is read as it was meant', () => {
  test.each([
    [
      { result: { action: 'accept', content: { value: 'x' } } },
      { action: 'accept', content: '{"value":"x"}', reason: null },
    ],
    [
      { result: { action: 'decline', _meta: { 'holdpoint/reason': 'no' } } },
      { action: 'decline', content: null, reason: 'no' },
    ],
    [
      { result: { role: 'assistant', content: { type: 'text', text: 'x' } } },
      { action: 'accept', content: '{"text":"x"}', reason: null },
    ],
    [
      { error: { code: -1, message: 'A person declined the sampling request: no' } },
      { action: 'decline', content: null, reason: 'no' },
    ],
    [
      { error: { code: -1, message: 'The sampling request was dismissed: later' } },
      { action: 'cancel', content: null, reason: 'later' },
    ],
  ] as const)('%j', (response, answer) => {
    expect(answerHeard(response)).toEqual(answer);
  });
});
