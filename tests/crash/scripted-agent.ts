import { isDeepStrictEqual } from 'node:util';
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
  private heard: CallId | null = null;
  private readonly order: CallOrder;

  constructor(scenario: Scenario) {
    this.order = {
      server: 'kitchen',
      tool: scenario.tool,
      arguments: scenario.arguments,
      meta: {},
      idempotencyKey: 'the-only-one',
      task: null,
      patienceMs: null,
    };
  }

  /** Comes back, and goes on until it was told an outcome. */
  async act(desk: AgentDesk, { gate, disk }: { readonly gate: Gate; readonly disk: Disk }): Promise<void> {
    await this.comeBack(desk);
    if (this.told.length > 0) return;
    const outcome = await this.ask(desk, gate);
    if (!outcome.ok) {
      this.complaints.push(`the agent was refused: ${outcome.code} ${outcome.message}`);
      return;
    }
    this.told.push(outcome.value);
    if (!disk.hasEnded(outcome.value.callId)) this.complaints.push('I2: the agent was told what is not on the disk');
    await desk.delivered(outcome.value.callId);
  }

  /** Collects once more, by id and by key: there is one outcome, and nothing runs again. */
  async confirm(desk: AgentDesk): Promise<void> {
    const [first] = this.told;
    if (first === undefined) return;
    this.compare('collected by its id', await desk.attach(identity, first.callId, this.listener()));
    const sessionId = this.sessionId;
    if (sessionId === null) return;
    this.compare('called again with its key', await desk.call(sessionId, this.order, this.listener()));
  }

  private compare(how: string, again: Result<CallOutcome>): void {
    if (!again.ok) this.complaints.push(`${how}, the call is refused: ${again.code} ${again.message}`);
    else if (!isDeepStrictEqual(again.value, this.told[0]))
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
  private async ask(desk: AgentDesk, gate: Gate): Promise<Result<CallOutcome>> {
    const listener: CallListener = { ...this.listener(), received: (callId) => this.hear(callId, gate) };
    if (this.heard !== null) return desk.attach(identity, this.heard, listener);
    for (let left = sessionsMost; ; left -= 1) {
      const sessionId = await this.session(desk);
      if (!sessionId.ok) return sessionId;
      const outcome = await desk.call(sessionId.value, this.order, listener);
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

  private hear(callId: CallId, gate: Gate): void {
    if (gate.isDead) return;
    if (this.heard !== null && this.heard !== callId)
      this.complaints.push(`its one call has two ids: ${this.heard} and ${callId}`);
    this.heard = callId;
  }

  private listener(): CallListener {
    return { received() {}, progress() {}, waiting() {} };
  }
}
