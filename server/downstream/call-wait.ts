import type { CallId, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Refusal, Result } from '@/lib/domain/refusal';
import type { AgentDesk, AgentIdentity, CallListener, CallOrder, CallOutcome } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { RpcId } from './message';
import { errorOfRefusal, type Reply, replyOf } from './outcome';
import { toolError, unknownTicket } from './own-tools';
import { ProgressFigures } from './progress';
import type { WaitKind } from './stream-place';
import { createdTask, taskError, withRelatedTask } from './tasks';
import { ticketReply } from './ticket';

/** Beyond it a timer fires at once. */
const longestTimerMs = 2_000_000_000;

/** What is waited for: a call to be made, or one that was made before. */
export type WaitFor =
  | { readonly start: 'call'; readonly order: CallOrder }
  | { readonly start: 'attach'; readonly callId: CallId };

export interface WaitPlan {
  readonly kind: WaitKind;
  readonly from: WaitFor;
  /** The tool as the agent named it in this request; null where the request names none. */
  readonly tool: string | null;
  readonly progressToken: RpcId | null;
  /** The progress figure this request's agent heard last. */
  readonly figure: number | null;
  /** When this is over it is answered with a ticket; null: it waits as long as people think. */
  readonly holdMs: number | null;
}

export interface WaitPorts {
  readonly desk: AgentDesk;
  readonly agent: AgentIdentity;
  readonly sessionId: SessionId;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the agent believes that this tool always gives structured content. */
  readonly promisesStructure: (tool: string) => Promise<boolean>;
}

/** What a wait says before its answer. */
export interface WaitVoice {
  /** The call is on disk: from now on it can be come back to (I2). */
  received(callId: CallId): void;
  /** `notifications/progress`; `figure` is what it brings the agent to. */
  progress(params: JsonObject, figure: number | null): void;
}

export interface Answer {
  /** Null: nothing is said, for the agent cancelled or is gone. */
  readonly reply: Reply | null;
  /** The call whose outcome it carries. */
  readonly delivers: CallId | null;
}

/** Who hears the answer: one of the two, once. */
export interface WaitEnd {
  answered(answer: Answer): void;
  failed(error: unknown): void;
}

/** One request of an agent that waits for a call: it may wait for it to the end, or leave before. */
export class CallWait implements CallListener {
  readonly kind: WaitKind;
  private callId: CallId | null;
  private parting: 'ticket' | 'task' | 'gone' | null = null;
  private cancelReason: string | null = null;
  private over = false;
  private readonly tool: string | null;
  private readonly progressToken: RpcId | null;
  private readonly holdMs: number | null;
  private readonly figures: ProgressFigures;
  private stopHold: (() => void) | null = null;

  /** Let go when it has begun: people may think for days, and arguments can be large. */
  private from: WaitFor | null;

  constructor(
    plan: WaitPlan,
    private readonly ports: WaitPorts,
    private readonly voice: WaitVoice,
  ) {
    this.kind = plan.kind;
    this.from = plan.from;
    this.tool = plan.tool;
    this.progressToken = plan.progressToken;
    this.holdMs = plan.holdMs;
    this.callId = plan.from.start === 'attach' ? plan.from.callId : null;
    this.figures = new ProgressFigures(plan.figure);
  }

  /** The call's id, once it is recorded. */
  get id(): CallId | null {
    return this.callId;
  }

  get cancelled(): boolean {
    return this.cancelReason !== null;
  }

  /** Cancelled, and with it the call: who only collects stops collecting. */
  get endsItsCall(): boolean {
    return this.cancelled && (this.kind === 'call' || this.kind === 'create_task');
  }

  /** Told by callbacks: who awaits in a function keeps all of that for as long as people think. */
  run(end: WaitEnd): void {
    const { kind, callId, holdMs } = this;
    // Its making can be told again without waiting.
    if (kind === 'create_task' && callId !== null) return tell(end, this.created(callId));
    if (holdMs !== null)
      this.stopHold = this.ports.clock.after(Math.min(holdMs, longestTimerMs), () => this.part('ticket'));
    this.begin().then(
      (settled) => {
        this.close();
        tell(end, this.answerTo(settled));
      },
      (error: unknown) => {
        this.close();
        end.failed(error);
      },
    );
  }

  /** Its answer must leave now: a ticket does when there is no other. */
  hurry(): void {
    this.part('ticket');
  }

  /** The agent's line broke: nothing can be said to it here any more. */
  drop(): void {
    this.part('gone');
  }

  /** The agent cancelled this request: that ends the call, or only the waiting for it. */
  cancel(reason: string): void {
    if (this.cancelReason !== null || this.over) return;
    this.cancelReason = reason;
    if (!this.endsItsCall) return this.part('gone');
    // Without an id it is not recorded yet; `received` comes back to it.
    if (this.callId !== null) this.cancelCall(this.callId, reason);
  }

  private begin(): Promise<Result<CallOutcome>> {
    const { desk, sessionId, agent } = this.ports;
    const { from } = this;
    if (from === null) throw new Error('A wait begins once.');
    this.from = null;
    return from.start === 'call' ? desk.call(sessionId, from.order, this) : desk.attach(agent, from.callId, this);
  }

  private close(): void {
    this.over = true;
    this.stopHold?.();
  }

  received(callId: CallId): void {
    this.callId = callId;
    if (this.over) return;
    if (this.cancelReason !== null && this.parting === null) return this.cancelCall(callId, this.cancelReason);
    this.voice.received(callId);
    if (this.kind === 'create_task') this.parting ??= 'task';
    if (this.parting !== null) this.leave(callId);
  }

  /** Leaves as soon as the call is recorded: only then is there something to come back to. */
  private part(how: 'ticket' | 'gone'): void {
    if (this.over) return;
    if (how === 'gone' || this.parting === null) this.parting = how;
    if (this.callId !== null) this.leave(this.callId);
  }

  private leave(callId: CallId): void {
    const { kind } = this;
    // Who only collects had left the call before, with a ticket or a task, and has that still.
    const how =
      kind === 'await' || this.parting === 'ticket'
        ? 'ticket'
        : kind === 'collect_task' || kind === 'create_task'
          ? 'task'
          : 'disconnected';
    this.ports.desk.leave(callId, this, how);
  }

  private cancelCall(callId: CallId, reason: string): void {
    const { desk, agent, log } = this.ports;
    desk
      .cancel(agent, callId, reason)
      .catch((error: unknown) => log.error({ error, callId }, 'a cancel could not be carried out'));
  }

  progress(report: Parameters<CallListener['progress']>[0]): void {
    if (this.isHeard) this.say(this.figures.server(report));
  }

  waiting(message: string): void {
    if (this.isHeard) this.say(this.figures.heartbeat(message));
  }

  private get isHeard(): boolean {
    return this.progressToken !== null && !this.over && !this.cancelled && this.parting === null;
  }

  private say(figures: JsonObject): void {
    this.voice.progress({ progressToken: this.progressToken, ...figures }, this.figures.told);
  }

  private async answerTo(settled: Result<CallOutcome>): Promise<Answer> {
    const { kind } = this;
    if (!settled.ok) return { reply: this.refused(settled), delivers: null };
    const outcome = settled.value;
    if (this.parting === 'gone') return { reply: null, delivers: null };
    if (kind === 'create_task') return this.created(outcome.callId);
    if (outcome.outcome === 'left')
      return { reply: this.parting === 'ticket' ? await this.ticket(outcome.callId) : null, delivers: null };
    const reply = replyOf(outcome);
    return {
      reply: kind === 'collect_task' ? withRelatedTask(reply, outcome.callId) : reply,
      delivers: outcome.callId,
    };
  }

  private refused(refusal: Refusal): Reply {
    switch (this.kind) {
      case 'call':
      case 'create_task':
        return { error: errorOfRefusal(refusal) };
      case 'await':
        return toolError(refusal.code === 'not_found' ? unknownTicket : refusal.message);
      case 'collect_task':
        return taskError(refusal);
    }
  }

  private async created(callId: CallId): Promise<Answer> {
    const status = await this.ports.desk.status(this.ports.agent, callId);
    return { reply: status.ok ? createdTask(status.value) : taskError(status), delivers: null };
  }

  private async ticket(callId: CallId): Promise<Reply> {
    const { desk, agent, promisesStructure } = this.ports;
    const { tool } = this;
    const [status, promises] = await Promise.all([
      desk.status(agent, callId),
      tool === null ? false : promisesStructure(tool),
    ]);
    const words = status.ok ? status.value.words : 'The call is under way.';
    return ticketReply({ callId, tool, words, promisesStructure: promises });
  }
}

function tell(end: WaitEnd, answer: Promise<Answer>): void {
  answer.then(
    (known) => end.answered(known),
    (error: unknown) => end.failed(error),
  );
}
