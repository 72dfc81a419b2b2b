import { randomBytes } from 'node:crypto';
import { mintId } from '@/lib/domain/ids';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { canonicalJson } from '@/tests/chaos/canonical-json';
import type { Ledger } from '@/tests/chaos/ledger';
import { type Desk, unheard } from '@/tests/chaos/people/desk';
import type { PersonScript } from '@/tests/chaos/people/script';
import type { AnswerContent, Reply, Saying } from '@/tests/chaos/world';
import { plainAnswer } from '@/tests/support/desk';

const againMs = 150;
/** Refusals that pass: the same answer is said again. */
const passing: ReadonlySet<string> = new Set(['cannot_save', 'too_many', 'claimed', 'stale_revision']);

/** Someone with a browser, who means each answer until it is known what became of it. */
export class Person {
  constructor(
    readonly name: string,
    readonly desk: Desk,
    private readonly ledger: Ledger,
  ) {}

  /** Says one answer, by one operation, until there is a final reply. `isOver`: nobody waits for it any more. */
  async answer(detail: RequestDetail, script: PersonScript, isOver: () => boolean): Promise<void> {
    const { requestId } = detail.request;
    const operationId = mintId('operation', randomBytes);
    const meant = wordsFor(`${this.name.split(' ')[0]} ${operationId}`, detail, script);
    const slot = this.ledger.sayings.push({
      requestId,
      operationId,
      by: this.name,
      answer: meant.answer,
      choice: meant.choice,
      saidAt: Date.now(),
      reply: { kind: 'none' },
    });
    const settle = (reply: Reply): void => {
      const saying = this.ledger.sayings[slot - 1];
      if (saying !== undefined) this.ledger.sayings[slot - 1] = { ...saying, reply: after(saying.reply, reply) };
    };
    if (script.claims === 'claims') await this.desk.say({ type: 'request.claim', requestId });
    let { revision } = detail.request;
    let repeats = script.says === 'twice' ? 1 : 0;
    while (!isOver()) {
      this.ledger.moments.happened('answer_said');
      const reply = await this.desk.say({
        type: 'request.answer',
        requestId,
        operationId,
        revision,
        action: script.action,
        reason: meant.answer.reason,
        content: meant.content,
        ...plainAnswer,
      });
      if (reply === unheard) continue;
      if (reply.ok) {
        this.ledger.moments.happened('answer_saved');
        settle({ kind: 'saved', at: Date.now(), thenRefused: null });
        if (repeats === 0) return;
        repeats -= 1;
        continue;
      }
      if (!passing.has(reply.code)) return settle({ kind: 'refused', code: reply.code, at: Date.now() });
      const now = await this.desk.ask({ type: 'request.read', requestId });
      if (now?.ok === true) revision = now.value.request.revision;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

interface Meant {
  readonly answer: AnswerContent;
  readonly content: JsonObject | null;
  readonly choice: Saying['choice'];
}

/** What was once called saved stays so; a later refusal is remembered beside it. */
function after(before: Reply, reply: Reply): Reply {
  if (before.kind !== 'saved') return reply;
  return reply.kind === 'refused' ? { ...before, thenRefused: reply.code } : before;
}

/** Words that no other answer has, so that a swapped one shows. */
function wordsFor(words: string, detail: RequestDetail, script: PersonScript): Meant {
  const { kind } = detail.request;
  const { action } = script;
  const giveUp = kind === 'recovery' ? 'give_up' : null;
  if (action !== 'accept') return { answer: { action, content: null, reason: words }, content: null, choice: giveUp };
  const content = contentFor(words, detail, script);
  return {
    answer: { action, content: content === null ? null : canonicalJson(content), reason: null },
    content,
    choice: kind === 'recovery' ? script.choice : null,
  };
}

function contentFor(words: string, detail: RequestDetail, script: PersonScript): JsonObject | null {
  switch (detail.request.kind) {
    case 'form':
      return { [requiredField(detail)]: words };
    case 'sampling':
      return { text: words };
    case 'recovery':
      return script.choice === 'run_again' ? { choice: 'run_again' } : { choice: 'done_by_hand', note: words };
    case 'approval':
    case 'url':
      return null;
  }
}

/** Each form here requires one text. */
function requiredField({ ask }: RequestDetail): string {
  const schema = isJsonObject(ask) ? ask['requestedSchema'] : null;
  const required = isJsonObject(schema) ? schema['required'] : null;
  const [first] = Array.isArray(required) ? (required as readonly unknown[]) : [];
  return typeof first === 'string' ? first : 'value';
}
