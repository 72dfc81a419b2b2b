import type {
  AnswerContent,
  Cancel,
  Effect,
  Fault,
  Heard,
  Orphan,
  Question,
  Saying,
  Send,
  Telling,
  World,
} from '@/tests/chaos/world';

/** A world by hand in which every promise was kept, with something of everything in it. */
export interface MutableWorld extends World {
  readonly effects: Effect[];
  readonly sends: Send[];
  readonly tellings: Telling[];
  readonly questions: Question[];
  readonly sayings: Saying[];
  readonly faults: Fault[];
  readonly cancels: Cancel[];
  readonly orphans: Orphan[];
  readonly stops: { at: number; tookMs: number; exitCode: number | null }[];
}

export function accepted(value: string): AnswerContent {
  return { action: 'accept', content: `{"value":"${value}"}`, reason: null };
}

const yes: AnswerContent = { action: 'accept', content: null, reason: null };
const no: AnswerContent = { action: 'decline', content: null, reason: 'not today' };

interface Step {
  readonly mark: string;
  readonly at: number;
}

/** Writes worlds call by call. */
class Author {
  readonly world: MutableWorld = {
    servers: [
      { name: 'kept', resumable: true, answerable: true, repeatable: ['read'], held: ['write'] },
      { name: 'bare', resumable: false, answerable: true, repeatable: [], held: [] },
    ],
    effects: [],
    sends: [],
    tellings: [],
    questions: [],
    sayings: [],
    faults: [],
    stops: [],
    cancels: [],
    orphans: [],
  };

  send(step: Step, what: Pick<Send, 'server' | 'tool' | 'keyed'>): void {
    this.world.sends.push({ ...step, ...what });
  }

  executed({ mark, at }: Step, server: string, run: { readonly tool: string; readonly execution: string }): void {
    this.world.effects.push({ kind: 'executed', server, at, mark, ...run });
  }

  returned({ mark, at }: Step, server: string, execution: string): void {
    this.world.effects.push({ kind: 'returned', server, at, mark, execution, result: resultOf(execution) });
  }

  /** Asked, answered by Ana, and heard by the server unless `isHeard` says otherwise. */
  asked(
    step: Step,
    about: Pick<Question, 'kind' | 'server' | 'question'>,
    said: Partial<Saying> & Pick<Saying, 'answer'>,
  ): void {
    const { mark, at } = step;
    const requestId = `req-${this.world.questions.length + 1}`;
    const { kind, server, question } = about;
    this.world.questions.push({ requestId, kind, server, mark, question, openedAt: at, state: 'delivered', why: null });
    this.world.sayings.push({
      requestId,
      operationId: `op-${requestId}`,
      by: 'Ana',
      choice: null,
      saidAt: at + 10,
      reply: { kind: 'saved', at: at + 15, thenRefused: null },
      ...said,
    });
    if (question !== null)
      this.world.effects.push({ kind: 'answered', server, at: at + 20, question, answer: said.answer });
  }

  told({ mark, at }: Step, heard: Heard): void {
    this.world.tellings.push({ mark, at, heard });
  }

  fault(kind: Fault['kind'], target: string | null, at: number): void {
    this.world.faults.push({ kind, target, at, healedAt: at + 100 });
  }
}

export function resultOf(execution: string): string {
  return `{"content":"done by ${execution}"}`;
}

/**
 * Eight calls: `plain` is asked and answered through Holdpoint's death; `held` is approved; `refused` is declined;
 * `again` is recovered by a person; `repeat` is repeated by itself; `keyed` gets a ticket and is told twice;
 * `visited` goes once its page was visited, `shunned` does not, for nobody would visit it.
 */
export function correctWorld(): MutableWorld {
  const author = new Author();
  plain(author);
  approvals(author);
  recovered(author);
  repeated(author);
  keyed(author);
  pages(author);
  author.world.stops.push({ at: 90_000, tookMs: 1_200, exitCode: 0 });
  return author.world;
}

function plain(author: Author): void {
  const mark = 'plain';
  author.send({ mark, at: 1_000 }, { server: 'kept', tool: 'ask', keyed: false });
  author.executed({ mark, at: 1_010 }, 'kept', { tool: 'ask', execution: 'p1' });
  author.asked(
    { mark, at: 1_020 },
    { kind: 'form', server: 'kept', question: 'plain/p1/1' },
    { answer: accepted('red') },
  );
  author.fault('kill_holdpoint', null, 1_050);
  author.returned({ mark, at: 1_300 }, 'kept', 'p1');
  author.told({ mark, at: 1_400 }, { as: 'result', result: resultOf('p1') });
}

function approvals(author: Author): void {
  author.send({ mark: 'held', at: 10_000 }, { server: 'kept', tool: 'write', keyed: false });
  author.asked({ mark: 'held', at: 10_010 }, { kind: 'approval', server: 'kept', question: null }, { answer: yes });
  author.executed({ mark: 'held', at: 10_100 }, 'kept', { tool: 'write', execution: 'h1' });
  author.returned({ mark: 'held', at: 10_110 }, 'kept', 'h1');
  author.told({ mark: 'held', at: 10_200 }, { as: 'result', result: resultOf('h1') });
  author.send({ mark: 'refused', at: 11_000 }, { server: 'kept', tool: 'write', keyed: false });
  author.asked({ mark: 'refused', at: 11_010 }, { kind: 'approval', server: 'kept', question: null }, { answer: no });
  author.told({ mark: 'refused', at: 11_200 }, { as: 'outcome', outcome: 'rejected', words: 'write was not run' });
}

function pages(author: Author): void {
  const page = { kind: 'url', server: 'kept', question: null } as const;
  author.send({ mark: 'visited', at: 60_000 }, { server: 'kept', tool: 'after_page', keyed: true });
  author.asked({ mark: 'visited', at: 60_010 }, page, { answer: yes });
  author.executed({ mark: 'visited', at: 60_100 }, 'kept', { tool: 'after_page', execution: 'v1' });
  author.returned({ mark: 'visited', at: 60_110 }, 'kept', 'v1');
  author.told({ mark: 'visited', at: 60_200 }, { as: 'result', result: resultOf('v1') });
  author.send({ mark: 'shunned', at: 61_000 }, { server: 'kept', tool: 'after_page', keyed: true });
  author.asked({ mark: 'shunned', at: 61_010 }, page, { answer: no });
  author.told(
    { mark: 'shunned', at: 61_200 },
    { as: 'error', code: -32_042, words: 'Sign in first. A person declined' },
  );
}

function recovered(author: Author): void {
  const mark = 'again';
  author.send({ mark, at: 20_000 }, { server: 'bare', tool: 'ask', keyed: false });
  author.executed({ mark, at: 20_010 }, 'bare', { tool: 'ask', execution: 'a1' });
  author.asked(
    { mark, at: 20_020 },
    { kind: 'form', server: 'bare', question: 'again/a1/1' },
    { answer: accepted('green') },
  );
  author.fault('kill_server', 'bare', 20_100);
  author.asked(
    { mark, at: 20_300 },
    { kind: 'recovery', server: 'bare', question: null },
    { answer: { ...yes, content: '{"choice":"run_again"}' }, choice: 'run_again' },
  );
  author.executed({ mark, at: 20_400 }, 'bare', { tool: 'ask', execution: 'a2' });
  author.asked(
    { mark, at: 20_420 },
    { kind: 'form', server: 'bare', question: 'again/a2/1' },
    { answer: accepted('blue') },
  );
  author.returned({ mark, at: 20_500 }, 'bare', 'a2');
  author.told({ mark, at: 20_600 }, { as: 'result', result: resultOf('a2') });
}

function repeated(author: Author): void {
  const mark = 'repeat';
  author.send({ mark, at: 30_000 }, { server: 'kept', tool: 'read', keyed: false });
  author.executed({ mark, at: 30_010 }, 'kept', { tool: 'read', execution: 'r1' });
  author.fault('end_session', 'kept', 30_100);
  author.executed({ mark, at: 30_300 }, 'kept', { tool: 'read', execution: 'r2' });
  author.returned({ mark, at: 30_400 }, 'kept', 'r2');
  author.told({ mark, at: 30_500 }, { as: 'result', result: resultOf('r2') });
}

function keyed(author: Author): void {
  const mark = 'keyed';
  author.send({ mark, at: 40_000 }, { server: 'bare', tool: 'ask', keyed: true });
  author.executed({ mark, at: 40_010 }, 'bare', { tool: 'ask', execution: 'k1' });
  author.asked(
    { mark, at: 40_020 },
    { kind: 'form', server: 'bare', question: 'keyed/k1/1' },
    { answer: accepted('grey') },
  );
  author.told({ mark, at: 40_030 }, { as: 'ticket' });
  author.fault('drop_agent', 'agent 1', 40_040);
  author.send({ mark, at: 40_200 }, { server: 'bare', tool: 'ask', keyed: true });
  author.returned({ mark, at: 40_300 }, 'bare', 'k1');
  author.told({ mark, at: 40_400 }, { as: 'result', result: resultOf('k1') });
  author.told({ mark, at: 40_500 }, { as: 'result', result: resultOf('k1') });
}
