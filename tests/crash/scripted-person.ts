import type { AnswerAction } from '@/lib/domain/event';
import { mintId, type OperationId, type PersonId, type RandomBytes, type RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { RefusalCode } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { PeopleDesk } from '@/server/engine/ports/people';
import type { Disk } from './disk';
import type { Gate } from './gate';
import { leads, type Scenario } from './scenarios';
import { openLook } from '@/lib/domain/queue-query';
import { noTeams, plainAnswer } from '@/tests/support/desk';

function approver(id: string, name: string): Person {
  return { id: id as PersonId, name, email: `${id}@example.com`, role: 'approver', ...noTeams, teams: [leads] };
}

/** The first answers everything; the others vote. */
export const staff: readonly [Person, Person] = [approver('per_ana', 'Ana Ruiz'), approver('per_jo', 'Jo Wu')];
const open = { look: openLook, after: null, limit: 100 };

/** One answer as the person meant it. Said again after a crash it is the same, by its operation. */
export interface Saying {
  readonly by: Person;
  readonly request: HoldRequest;
  readonly operationId: OperationId;
  readonly action: AnswerAction;
  readonly content: JsonObject | null;
  /** What the person was told: saved, or refused and why; null while nothing was said. */
  reply: 'saved' | RefusalCode | null;
}

/** A person who answers whatever is open, and says an answer again that nobody acknowledged. */
export class ScriptedPerson {
  /** By request and the revision that was seen. */
  readonly sayings = new Map<string, Saying>();
  readonly complaints: string[] = [];
  /** Says again, in each life, what is on its way. */
  private speaking = new Map<Saying, Promise<void>>();
  /** Edits on their way in this life. */
  private editing = new Set<RequestId>();

  constructor(
    private readonly who: Person,
    private readonly scenario: Scenario,
    private readonly hooks: {
      readonly random: RandomBytes;
      readonly disk: Disk;
      /** Who votes before this one; null for the first. */
      readonly first: () => ScriptedPerson | null;
      /** What happens in the world while the person thinks. */
      readonly thinking: (request: HoldRequest) => Promise<void>;
    },
  ) {}

  get isDone(): boolean {
    return this.speaking.size === 0 && [...this.sayings.values()].every((saying) => saying.reply !== null);
  }

  /** Sits down at a new life's queue. */
  begin(desk: PeopleDesk, gate: Gate): void {
    this.speaking = new Map();
    this.editing = new Set();
    for (const saying of this.sayings.values()) if (saying.reply === null) this.speak(saying, desk, gate);
  }

  /** Nothing it says is on its way any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.speaking.values());
  }

  /** Looks at the queue, and answers what is new in it. */
  async look(desk: PeopleDesk, gate: Gate): Promise<void> {
    const listed = await desk.queue(this.who, open);
    if (gate.isDead) return;
    if (!listed.ok) {
      this.complaints.push(`the queue was refused: ${listed.code}`);
      return;
    }
    for (const { request } of listed.value.items) {
      const key = `${request.requestId} ${request.revision}`;
      if (this.sayings.has(key) || !this.isMine(request) || this.isElsewhere(request)) continue;
      if (this.isToEdit(request)) {
        await this.edit(request, desk, gate);
        continue;
      }
      const saying = this.decide(request);
      this.sayings.set(key, saying);
      this.speak(saying, desk, gate);
    }
  }

  /** The second votes after the first, so that each vote has its own commit; after an edit both at once. */
  private isMine({ kind, votes, edited }: HoldRequest): boolean {
    const { desk } = this.scenario;
    if (kind === 'approval' && desk?.silent === true) return false;
    if (this.hooks.first() === null) return true;
    return kind === 'approval' && desk !== null && desk.voters > 1 && (votes.length > 0 || edited.length > 0);
  }

  /** One page is visited after the other, so that each answer has its own commit. */
  private isElsewhere({ kind }: HoldRequest): boolean {
    return kind === 'url' && [...this.sayings.values()].some(({ reply }) => reply === null);
  }

  private isToEdit({ kind, edited }: HoldRequest): boolean {
    const isEditor = this.hooks.first() !== null && this.scenario.desk?.edit !== null;
    return isEditor && kind === 'approval' && edited.length === 0;
  }

  /** Once the first has voted, and was told so: what they said stands, and is void with this. */
  private async edit(request: HoldRequest, desk: PeopleDesk, gate: Gate): Promise<void> {
    const { requestId, revision, votes } = request;
    const given = this.scenario.desk?.edit ?? null;
    if (given === null || votes.length === 0 || this.editing.has(requestId)) return;
    this.editing.add(requestId);
    await this.hooks.first()?.idle();
    const edited = await gate.shield(desk.edit(this.who, { requestId, revision, arguments: given }));
    if (!edited.ok) this.complaints.push(`the edit was refused: ${edited.code} ${edited.message}`);
  }

  private speak(saying: Saying, desk: PeopleDesk, gate: Gate): void {
    const { speaking } = this;
    const said = this.say(saying, desk, gate).then(
      () => void speaking.delete(saying),
      (error: unknown) => {
        speaking.delete(saying);
        this.complaints.push(`an answer was met with ${String(error)}`);
      },
    );
    speaking.set(saying, said);
  }

  private async say(saying: Saying, desk: PeopleDesk, gate: Gate): Promise<void> {
    const { request, operationId, action, content } = saying;
    await this.hooks.thinking(request);
    const { requestId, revision } = request;
    const isRemembered =
      request.kind === 'approval' && this.scenario.desk?.again !== null && this.scenario.desk !== null;
    const remember = isRemembered ? ({ for: 'revoked', fields: ['/note'] } as const) : null;
    const order = { requestId, operationId, revision, action, reason: null, content, ...plainAnswer, remember };
    const said = await gate.shield(desk.answer(this.who, order));
    saying.reply = said.ok ? 'saved' : said.code;
    if (said.ok && !this.hooks.disk.hasSaid(operationId))
      this.complaints.push('I2: an answer was called saved and is not on the disk');
    if (request.kind === 'url') await this.look(desk, gate);
  }

  /** Nobody else says the same: each answer names the question it is for. */
  private decide(request: HoldRequest): Saying {
    const operationId = mintId('operation', this.hooks.random);
    const { requestId, kind } = request;
    const by = this.who;
    const accept = (content: JsonObject | null): Saying => ({
      by,
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
        if (recovery === 'give_up') return { by, request, operationId, action: 'decline', content: null, reply: null };
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
