import { isJsonObject } from '@/lib/domain/json';
import type { RequestId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem, RequestDetail } from '@/lib/domain/request-detail';
import type { Ledger } from '@/tests/chaos/ledger';
import type { Desk } from '@/tests/chaos/people/desk';
import type { Person } from '@/tests/chaos/people/person';
import { type PersonScript, scriptFor } from '@/tests/chaos/people/script';
import type { Random } from '@/tests/chaos/random';
import { readQuestionTag } from '@/tests/chaos/servers/journal';
import type { Question } from '@/tests/chaos/world';

const lookAgainMs = 400;

/** Everyone at the queue during one round: whoever sees a request open deals with it by the script. */
export class People {
  private readonly dealtWith = new Map<RequestId, Promise<void>>();
  private readonly counts = new Map<string, number>();
  private readonly healed: Promise<void>;
  private heal: () => void = () => undefined;
  private over = false;

  constructor(
    private readonly parts: {
      readonly first: Person;
      readonly second: Person;
      /** A socket that nothing happens to but Holdpoint's own death. */
      readonly watcher: Desk;
      readonly ledger: Ledger;
      readonly random: Random;
    },
  ) {
    this.healed = new Promise((resolve) => {
      this.heal = resolve;
    });
  }

  /** Someone was shown a request. */
  shown(item: QueueItem): void {
    const { requestId, state } = item.request;
    if (state !== 'open' || this.over || this.dealtWith.has(requestId)) return;
    this.parts.ledger.moments.happened('request_shown');
    this.dealtWith.set(requestId, this.deal(requestId));
  }

  /** From now on nothing is left for later. */
  allIsWhole(): void {
    this.heal();
  }

  /** Requests that are open or on their way right now; reads them, so that the record has their last state. */
  async unfinished(): Promise<readonly string[]> {
    const states = await Promise.all([...this.dealtWith.keys()].map((requestId) => this.look(requestId)));
    const requests = states.flatMap((detail) =>
      detail !== null && (detail.request.state === 'open' || detail.request.state === 'answered')
        ? [`${detail.request.kind} ${detail.request.requestId} ${detail.request.state}`]
        : [],
    );
    return [...requests, ...(await this.openCalls())];
  }

  /** A call whose agent is gone goes on, and may still ask: the round is not over before it is. */
  private async openCalls(): Promise<readonly string[]> {
    const listed = await this.parts.watcher.ask({ type: 'sessions.watch', live: true, search: null, before: null });
    if (listed === null || !listed.ok) return ['the sessions, which could not be read'];
    return listed.value.sessions.flatMap(({ session, openCalls }) =>
      openCalls > 0 ? [`${openCalls} calls of ${session.sessionId}`] : [],
    );
  }

  async leave(): Promise<void> {
    this.over = true;
    this.heal();
    await Promise.all(this.dealtWith.values());
  }

  private async deal(requestId: RequestId): Promise<void> {
    const { first, second, random } = this.parts;
    const detail = await this.look(requestId);
    if (detail === null) return;
    const question = questionOf(detail);
    const about = `${question.mark ?? question.server}/${question.kind}`;
    const count = (this.counts.get(about) ?? 0) + 1;
    this.counts.set(about, count);
    const script = scriptFor(random.fork(`${about}/${count}`), question.kind);
    if (script.when === 'later') await this.healed;
    await this.think(script);
    if (this.over) return;
    const isOver = (): boolean => this.over;
    const who = script.who === 'race' ? [first, second] : [script.who === 'first' ? first : second];
    await Promise.all(who.map((person) => person.answer(detail, script, isOver)));
  }

  private async think({ thinkMs }: PersonScript): Promise<void> {
    const thought = new Promise((resolve) => setTimeout(resolve, thinkMs));
    await Promise.race([thought, this.healed]);
  }

  private async look(requestId: RequestId): Promise<RequestDetail | null> {
    const { watcher, ledger } = this.parts;
    while (!this.over) {
      const reply = await watcher.ask({ type: 'request.read', requestId });
      if (reply === null) return null;
      if (reply.ok) {
        ledger.see(questionOf(reply.value));
        return reply.value;
      }
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
    return null;
  }
}

function questionOf(detail: RequestDetail): Question {
  const { requestId, kind, server, openedAt, state } = detail.request;
  const question = isJsonObject(detail.ask) ? readQuestionTag(JSON.stringify(detail.ask)) : null;
  const mark = isJsonObject(detail.arguments) ? detail.arguments['mark'] : undefined;
  const named = /^(r\d+c\d+)\//.exec(question ?? '')?.[1] ?? null;
  return {
    requestId,
    kind,
    server,
    mark: typeof mark === 'string' ? mark : named,
    question,
    openedAt,
    state,
    why: whyOf(detail.request),
  };
}

function whyOf(request: HoldRequest): string | null {
  return request.state === 'undelivered' || request.state === 'withdrawn' ? request.why : null;
}
