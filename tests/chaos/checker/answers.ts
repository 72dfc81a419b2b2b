import type { AnswerContent, Question, Saying } from '@/tests/chaos/world';
import { type Answered, groupBy, isAnswered, isSaved, type WorldIndex } from './index-of-world';
import type { Violation } from './violation';

const askedByServers: ReadonlySet<Question['kind']> = new Set(['form', 'url', 'sampling']);

/** What people said against what servers heard. */
export function checkAnswers(index: WorldIndex): readonly Violation[] {
  return [...lostAnswers(index), ...foreignAnswers(index), ...twoWinners(index), ...deniedRepeats(index)];
}

/** I5: an answer said to be saved has arrived, or was declared undelivered with its reason. */
function lostAnswers({ world, savedOf }: WorldIndex): readonly Violation[] {
  const heard = groupBy(world.effects.filter(isAnswered), (effect) => effect.question);
  return world.questions.flatMap((question): readonly Violation[] => {
    if (!askedByServers.has(question.kind) || isPageFirst(question) || isDeclaredLost(question)) return [];
    return (savedOf.get(question.requestId) ?? []).flatMap((saying): readonly Violation[] => {
      const effects = question.question === null ? [] : (heard.get(question.question) ?? []);
      if (effects.length > 0) return [];
      const words = `${saying.by}'s answer was saved, its request is ${question.state}, and ${question.server} never heard of it`;
      return [{ kind: 'lost_answer', subject: question.requestId, words }];
    });
  });
}

/** Its server hears nothing of it but the call, once more. */
export function isPageFirst({ kind, question }: Question): boolean {
  return kind === 'url' && question === null;
}

function isDeclaredLost(question: Question): boolean {
  return (question.state === 'undelivered' || question.state === 'withdrawn') && (question.why ?? '') !== '';
}

/** Whatever a server heard, a person said: to this question, with this content, and it was saved. */
function foreignAnswers({ world }: WorldIndex): readonly Violation[] {
  const kindOf = new Map(world.questions.map((question) => [question.requestId, question]));
  const said = groupBy(world.sayings, (saying) => kindOf.get(saying.requestId)?.question ?? '');
  return world.effects.filter(isAnswered).flatMap((effect): readonly Violation[] => {
    const here = said.get(effect.question) ?? [];
    const same = here.filter((saying) => sameAnswer(saying.answer, effect.answer));
    if (same.some((saying) => saying.reply.kind !== 'refused')) return [];
    const saved = here.filter(isSaved);
    // Holdpoint's own word for a question that ended before a person answered it (I7).
    if (saved.length === 0 && same.length === 0 && effect.answer.action === 'cancel') return [];
    return [
      foreign(effect, {
        unsaved: same.length > 0,
        saved: saved.length > 0,
        elsewhere: elsewhere(world.sayings, effect),
      }),
    ];
  });
}

function foreign(
  effect: Answered,
  found: { readonly unsaved: boolean; readonly saved: boolean; readonly elsewhere: Saying | null },
): Violation {
  const subject = effect.question;
  const heard = `${effect.server} heard ${JSON.stringify(effect.answer)}`;
  if (found.unsaved) return { kind: 'unsaved_answer', subject, words: `${heard}, which Holdpoint had refused to save` };
  if (found.elsewhere !== null) {
    return {
      kind: 'swapped_answer',
      subject,
      words: `${heard}, which was said to request ${found.elsewhere.requestId}`,
    };
  }
  if (found.saved) return { kind: 'altered_answer', subject, words: `${heard}, which is not what was saved` };
  return { kind: 'invented_answer', subject, words: `${heard}, which nobody said` };
}

function elsewhere(sayings: readonly Saying[], effect: Answered): Saying | null {
  // An answer without content or reason is everyone's.
  if (effect.answer.content === null && effect.answer.reason === null) return null;
  return sayings.find((saying) => sameAnswer(saying.answer, effect.answer)) ?? null;
}

function sameAnswer(a: AnswerContent, b: AnswerContent): boolean {
  return a.action === b.action && a.content === b.content && a.reason === b.reason;
}

/** I1: of several answers to one request only one was ever called saved. */
function twoWinners({ savedOf }: WorldIndex): readonly Violation[] {
  return [...savedOf].flatMap(([requestId, saved]): readonly Violation[] => {
    const operations = new Set(saved.map((saying) => saying.operationId));
    if (operations.size < 2) return [];
    const words = `${saved.map((saying) => saying.by).join(' and ')} were both told that theirs was saved`;
    return [{ kind: 'two_winners', subject: requestId, words }];
  });
}

/** I1: the same operation said again is the same answer. */
function deniedRepeats({ world }: WorldIndex): readonly Violation[] {
  return world.sayings.filter(isSaved).flatMap((saying): readonly Violation[] => {
    const { thenRefused } = saying.reply;
    if (thenRefused === null) return [];
    const words = `${saying.by}'s answer was saved, and said again by the same operation refused: ${thenRefused}`;
    return [{ kind: 'denied_repeat', subject: saying.requestId, words }];
  });
}
