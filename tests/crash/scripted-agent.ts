import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@/lib/domain/json';
import type { AgentId, CallId, SessionId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import type {
  AgentDesk,
  AgentIdentity,
  CallListener,
  CallOrder,
  CallOutcome,
  SessionListener,
} from '@/server/engine/ports/agents';
import type { Disk } from './disk';
import type { Gate } from './gate';
import type { Scenario } from './scenarios';

export const identity: AgentIdentity = { id: 'agt_crash' as AgentId, name: 'oncall-copilot', servers: null };
const hello = { client: { name: 'crash', version: '1' }, scope: null, protocolVersion: '2025-11-25' };
const deaf: SessionListener = { listChanged() {}, notification() {}, log() {}, ended() {} };
/** Sessions may be over when it comes back; a new one is opened, but not for ever. */
const sessionsMost = 3;

/** An agent that lives through every crash of ours, with what it remembers: a session, perhaps a call id, its key. */
export class ScriptedAgent {
  readonly told: CallOutcome[] = [];
  readonly complaints: string[] = [];
  private sessionId: SessionId | null = null;
  private readonly heard = new Map<CallOrder, CallId>();
  private readonly orders: readonly CallOrder[];

  constructor(scenario: Scenario) {
    const first: CallOrder = {
      server: 'kitchen',
      tool: scenario.tool,
      arguments: scenario.arguments,
      meta: {},
      idempotencyKey: 'the-only-one',
      task: null,
      patienceMs: null,
    };
    const again = scenario.desk?.again ?? null;
    const second = { ...first, arguments: { ...first.arguments, key: again }, idempotencyKey: 'once-more' };
    this.orders = again === null ? [first] : [first, second];
  }

  /** The arguments of its calls, in the order of `told`. */
  get asked(): readonly JsonObject[] {
    return this.orders.map((order) => order.arguments);
  }

  /** It was told what became of everything it asked for. */
  get isDone(): boolean {
    return this.told.length >= this.orders.length;
  }

  /** Comes back, and goes on until it was told an outcome. */
  async act(desk: AgentDesk, { gate, disk }: { readonly gate: Gate; readonly disk: Disk }): Promise<void> {
    await this.comeBack(desk);
    // One after the other: the second begins when the outcome of the first is known.
    for (const order of this.orders.slice(this.told.length)) {
      const outcome = await this.ask(desk, order, gate);
      if (!outcome.ok) {
        this.complaints.push(`the agent was refused: ${outcome.code} ${outcome.message}`);
        return;
      }
      this.told.push(outcome.value);
      if (!disk.hasEnded(outcome.value.callId)) this.complaints.push('I2: the agent was told what is not on the disk');
      await desk.delivered(outcome.value.callId);
    }
  }

  /** Collects once more, by id and by key: there is one outcome, and nothing runs again. */
  async confirm(desk: AgentDesk): Promise<void> {
    for (const [index, told] of this.told.entries()) {
      this.compare(told, 'collected by its id', await desk.attach(identity, told.callId, this.listener()));
      const order = this.orders[index];
      if (this.sessionId === null || order === undefined) return;
      const again = await desk.call(this.sessionId, order, this.listener());
      this.compare(told, 'called again with its key', again);
    }
  }

  private compare(told: CallOutcome, how: string, again: Result<CallOutcome>): void {
    if (!again.ok) this.complaints.push(`${how}, the call is refused: ${again.code} ${again.message}`);
    else if (!isDeepStrictEqual(again.value, told))
      this.complaints.push(`${how}, the call ended otherwise: ${JSON.stringify(again.value)}`);
  }

  private async comeBack(desk: AgentDesk): Promise<void> {
    if (this.sessionId === null) return;
    const resumed = await desk.resume(identity, this.sessionId, deaf);
    if (resumed.ok) return;
    this.complaints.push(`its session is gone: ${resumed.code} ${resumed.message}`);
    this.sessionId = null;
  }

  /** By the call's id when it heard one; else the same call again, with the same key. */
  private async ask(desk: AgentDesk, order: CallOrder, gate: Gate): Promise<Result<CallOutcome>> {
    const hear = (callId: CallId): void => this.hear(order, callId, gate);
    const listener: CallListener = { ...this.listener(), received: hear };
    const heard = this.heard.get(order);
    if (heard !== undefined) return desk.attach(identity, heard, listener);
    for (let left = sessionsMost; ; left -= 1) {
      const sessionId = await this.session(desk);
      if (!sessionId.ok) return sessionId;
      const outcome = await desk.call(sessionId.value, order, listener);
      if (outcome.ok || outcome.code !== 'session_ended' || left === 0) return outcome;
      this.sessionId = null;
    }
  }

  private async session(desk: AgentDesk): Promise<Result<SessionId>> {
    if (this.sessionId !== null) return { ok: true, value: this.sessionId };
    const opened = await desk.open(identity, hello, deaf);
    if (opened.ok) this.sessionId = opened.value;
    return opened;
  }

  private hear(order: CallOrder, callId: CallId, gate: Gate): void {
    if (gate.isDead) return;
    const before = this.heard.get(order);
    if (before !== undefined && before !== callId)
      this.complaints.push(`its one call has two ids: ${before} and ${callId}`);
    this.heard.set(order, callId);
  }

  private listener(): CallListener {
    return { received() {}, progress() {}, waiting() {} };
  }
}
