import type { AnswerAction } from '@/lib/domain/event';
import { mintId, type OperationId, type PersonId, type RandomBytes, type RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { RefusalCode } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { PeopleDesk } from '@/server/engine/ports/people';
import type { Disk } from './disk';
import type { Gate } from './gate';
import type { Scenario } from './scenarios';
import { openLook } from '@/lib/domain/queue-query';
import { noTeams, plainAnswer } from '@/tests/support/desk';

const ana: Person = {
  id: 'per_ana' as PersonId,
  name: 'Ana Ruiz',
  email: 'ana@example.com',
  role: 'approver',
  ...noTeams,
};
const open = { look: openLook, after: null, limit: 100 };

/** One answer as the person meant it. Said again after a crash it is the same, by its operation. */
export interface Saying {
  readonly request: HoldRequest;
  readonly operationId: OperationId;
  readonly action: AnswerAction;
  readonly content: JsonObject | null;
  /** What the person was told: saved, or refused and why; null while nothing was said. */
  reply: 'saved' | RefusalCode | null;
}

/** A person who answers whatever is open, and says an answer again that nobody acknowledged. */
export class ScriptedPerson {
  readonly sayings = new Map<RequestId, Saying>();
  readonly complaints: string[] = [];
  /** Says again, in each life, what is on its way. */
  private speaking = new Set<RequestId>();

  constructor(
    private readonly scenario: Scenario,
    private readonly hooks: {
      readonly random: RandomBytes;
      readonly disk: Disk;
      /** What happens in the world while the person thinks. */
      readonly thinking: (request: HoldRequest) => Promise<void>;
    },
  ) {}

  get isDone(): boolean {
    return this.speaking.size === 0 && [...this.sayings.values()].every((saying) => saying.reply !== null);
  }

  /** Sits down at a new life's queue. */
  begin(desk: PeopleDesk, gate: Gate): void {
    this.speaking = new Set();
    for (const saying of this.sayings.values()) if (saying.reply === null) this.speak(saying, desk, gate);
  }

  /** Looks at the queue, and answers what is new in it. */
  async look(desk: PeopleDesk, gate: Gate): Promise<void> {
    const listed = await desk.queue(ana, open);
    if (gate.isDead) return;
    if (!listed.ok) {
      this.complaints.push(`the queue was refused: ${listed.code}`);
      return;
    }
    for (const { request } of listed.value.items) {
      if (this.sayings.has(request.requestId)) continue;
      const saying = this.decide(request);
      this.sayings.set(request.requestId, saying);
      this.speak(saying, desk, gate);
    }
  }

  private speak(saying: Saying, desk: PeopleDesk, gate: Gate): void {
    const { requestId } = saying.request;
    const { speaking } = this;
    speaking.add(requestId);
    this.say(saying, desk, gate).then(
      () => speaking.delete(requestId),
      (error: unknown) => {
        speaking.delete(requestId);
        this.complaints.push(`an answer was met with ${String(error)}`);
      },
    );
  }

  private async say(saying: Saying, desk: PeopleDesk, gate: Gate): Promise<void> {
    const { request, operationId, action, content } = saying;
    await this.hooks.thinking(request);
    const { requestId, revision } = request;
    const order = { requestId, operationId, revision, action, reason: null, content, ...plainAnswer };
    const said = await gate.shield(desk.answer(ana, order));
    saying.reply = said.ok ? 'saved' : said.code;
    if (said.ok && !this.hooks.disk.hasAnswer(requestId))
      this.complaints.push('I2: an answer was called saved and is not on the disk');
  }

  /** Nobody else says the same: each answer names the question it is for. */
  private decide(request: HoldRequest): Saying {
    const operationId = mintId('operation', this.hooks.random);
    const { requestId, kind } = request;
    const accept = (content: JsonObject | null): Saying => ({
      request,
      operationId,
      action: 'accept',
      content,
      reply: null,
    });
    switch (kind) {
      case 'form':
        return accept({ value: `answer to ${requestId}` });
      case 'sampling':
        return accept({ text: `words for ${requestId}` });
      case 'url':
      case 'approval':
        return accept(null);
      case 'recovery': {
        const { recovery } = this.scenario;
        if (recovery === 'give_up') return { request, operationId, action: 'decline', content: null, reply: null };
        return accept(
          recovery === 'run_again' ? { choice: 'run_again' } : { choice: 'done_by_hand', note: noteFor(requestId) },
        );
      }
    }
  }
}

export function noteFor(requestId: RequestId): string {
  return `Done by hand, said at ${requestId}.`;
}
