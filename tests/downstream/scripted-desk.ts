import { randomBytes } from 'node:crypto';
import type { Call } from '@/lib/domain/call';
import type { AgentLeft } from '@/lib/domain/event';
import { type AgentId, type CallId, mintId, type SessionId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type {
  AgentDesk,
  AgentHello,
  AgentIdentity,
  CallListener,
  CallOrder,
  CallOutcome,
  CallStatus,
  ListedTool,
  SessionListener,
} from '@/server/engine/ports/agents';
import { plainCall } from '@/tests/support/desk';

interface ScriptedSession {
  readonly agent: AgentIdentity;
  readonly hello: AgentHello;
  listener: SessionListener | null;
}

interface ScriptedCall {
  readonly agent: AgentId;
  readonly sessionId: SessionId;
  readonly order: CallOrder;
  readonly waiting: Map<CallListener, (outcome: CallOutcome) => void>;
  outcome: CallOutcome | null;
}

/** Makes a promise that a test settles. */
interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

/**
 * A desk that a test writes the story of: calls are received at once, and end when the test says so. It outlives
 * any endpoint, as the engine's database does.
 */
export class ScriptedDesk implements AgentDesk {
  readonly sessions = new Map<SessionId, ScriptedSession>();
  readonly calls = new Map<CallId, ScriptedCall>();
  readonly partings: { readonly callId: CallId; readonly how: AgentLeft }[] = [];
  readonly cancels: { readonly callId: CallId; readonly reason: string }[] = [];
  readonly deliveries: CallId[] = [];
  readonly messages: { readonly direction: 'in' | 'out'; readonly message: Json }[] = [];
  readonly resumptions: SessionId[] = [];
  /** Calls asked for, recorded or not. */
  ordered = 0;
  /** Calls are recorded only after this. */
  recording: Promise<void> = Promise.resolve();
  /** Sessions are found again only after this. */
  finding: Promise<void> = Promise.resolve();
  listed: readonly ListedTool[] = [];
  private readonly looks = new Set<() => void>();

  open(agent: AgentIdentity, hello: AgentHello, listener: SessionListener): Promise<Result<SessionId>> {
    const sessionId = mintId('session', randomBytes);
    this.sessions.set(sessionId, { agent, hello, listener });
    return Promise.resolve(done(sessionId));
  }

  async resume(agent: AgentIdentity, sessionId: SessionId, listener: SessionListener): Promise<Result<AgentHello>> {
    this.resumptions.push(sessionId);
    this.changed();
    await this.finding;
    const session = this.sessions.get(sessionId);
    if (session === undefined || session.agent.id !== agent.id) return refuse('not_found');
    session.listener = listener;
    return done(session.hello);
  }

  touch(): void {}

  tools(): Promise<Result<readonly ListedTool[]>> {
    return Promise.resolve(done(this.listed));
  }

  async call(sessionId: SessionId, order: CallOrder, listener: CallListener): Promise<Result<CallOutcome>> {
    this.ordered += 1;
    this.changed();
    await this.recording;
    const session = this.sessions.get(sessionId);
    if (session === undefined) return refuse('session_ended');
    const callId = mintId('call', randomBytes);
    const call = { agent: session.agent.id, sessionId, order, waiting: new Map(), outcome: null };
    this.calls.set(callId, call);
    return this.wait(callId, call, listener);
  }

  async attach(agent: AgentIdentity, callId: CallId, listener: CallListener): Promise<Result<CallOutcome>> {
    const call = this.calls.get(callId);
    if (call === undefined || call.agent !== agent.id) return refuse('not_found');
    return this.wait(callId, call, listener);
  }

  leave(callId: CallId, listener: CallListener, how: AgentLeft): void {
    const call = this.calls.get(callId);
    const settle = call?.waiting.get(listener);
    if (settle === undefined) return;
    call?.waiting.delete(listener);
    this.partings.push({ callId, how });
    settle({ outcome: 'left', callId });
    this.changed();
  }

  async cancel(agent: AgentIdentity, callId: CallId, reason: string): Promise<Result<CallStatus>> {
    const call = this.calls.get(callId);
    if (call === undefined || call.agent !== agent.id) return refuse('not_found');
    this.cancels.push({ callId, reason });
    if (call.outcome === null) this.end(callId, { outcome: 'cancelled', callId, message: `cancelled: ${reason}` });
    this.changed();
    return this.status(agent, callId);
  }

  delivered(callId: CallId): Promise<void> {
    this.deliveries.push(callId);
    this.changed();
    return Promise.resolve();
  }

  status(agent: AgentIdentity, callId: CallId): Promise<Result<CallStatus>> {
    const call = this.calls.get(callId);
    if (call === undefined || call.agent !== agent.id) return Promise.resolve(refuse('not_found'));
    return Promise.resolve(
      done({
        callId,
        sessionId: call.sessionId,
        call: callOf(callId, call),
        words: call.outcome === null ? 'A person is being asked: Go on?' : `It is over: ${call.outcome.outcome}.`,
        task: call.order.task,
        createdAt: 1_000,
        changedAt: 2_000,
      }),
    );
  }

  async tasks(
    agent: AgentIdentity,
    { after, limit }: { readonly after: CallId | null; readonly limit: number },
  ): Promise<Result<readonly CallStatus[]>> {
    const own = [...this.calls].filter(([, call]) => call.agent === agent.id && call.order.task !== null).toReversed();
    const from = after === null ? 0 : own.findIndex(([callId]) => callId === after) + 1;
    if (after !== null && from === 0) return refuse('not_found');
    const page = await Promise.all(own.slice(from, from + limit).map(([callId]) => this.status(agent, callId)));
    return done(page.flatMap((status) => (status.ok ? [status.value] : [])));
  }

  passOn(): ReturnType<AgentDesk['passOn']> {
    return Promise.resolve(refuse('not_found'));
  }

  serverFacts(): ReturnType<AgentDesk['serverFacts']> {
    return Promise.resolve(
      done({
        capabilities: { tools: {} },
        instructions: null,
        serverInfo: { name: 'scripted', version: '1' },
      }),
    );
  }

  traffic(_sessionId: SessionId, entry: { readonly direction: 'in' | 'out'; readonly message: Json }): void {
    this.messages.push(entry);
    this.changed();
  }

  close(sessionId: SessionId): Promise<void> {
    const session = this.sessions.get(sessionId);
    this.sessions.delete(sessionId);
    session?.listener?.ended('closed');
    return Promise.resolve();
  }

  owns(agent: AgentId, sessionId: SessionId): boolean {
    return this.sessions.get(sessionId)?.agent.id === agent;
  }

  /** The call whose arguments carry this mark, once it is recorded. */
  async callOf(mark: string): Promise<CallId> {
    return this.until(() => {
      for (const [callId, call] of this.calls) if (call.order.arguments['mark'] === mark) return callId;
      return undefined;
    });
  }

  orderOf(callId: CallId): CallOrder | undefined {
    return this.calls.get(callId)?.order;
  }

  complete(callId: CallId, text: string): void {
    this.end(callId, { outcome: 'completed', callId, result: { content: [{ type: 'text', text }] } });
  }

  end(callId: CallId, outcome: CallOutcome): void {
    const call = this.calls.get(callId);
    if (call === undefined || call.outcome !== null) return;
    call.outcome = outcome;
    for (const settle of call.waiting.values()) settle(outcome);
    call.waiting.clear();
  }

  progress(callId: CallId, progress: number): void {
    const call = this.calls.get(callId);
    for (const listener of call?.waiting.keys() ?? []) listener.progress({ progress, total: null, message: null });
  }

  asks(callId: CallId): void {
    for (const listener of this.calls.get(callId)?.waiting.keys() ?? []) listener.waiting('A person is being asked');
  }

  /** Waits until something that was told to the desk is so. */
  until<T>(find: () => T | undefined, timeoutMs = 10_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.looks.delete(look);
        reject(new Error(`not within ${timeoutMs} ms`));
      }, timeoutMs);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.looks.delete(look);
        resolve(found);
      };
      this.looks.add(look);
      look();
    });
  }

  private wait(callId: CallId, call: ScriptedCall, listener: CallListener): Promise<Result<CallOutcome>> {
    return new Promise((resolve) => {
      call.waiting.set(listener, (outcome) => resolve(done(outcome)));
      listener.received(callId);
      if (call.outcome !== null) resolve(done(call.outcome));
      this.changed();
    });
  }

  private changed(): void {
    for (const look of [...this.looks]) look();
  }
}

function callOf(callId: CallId, { order, outcome }: ScriptedCall): Call {
  const facts = {
    callId,
    server: order.server,
    tool: order.tool,
    title: order.tool,
    annotations: {},
    risk: 'read_only' as const,
    receivedAt: 1_000,
    rule: null,
    runs: 1,
    turnedBack: 0,
    mayHaveRun: false,
    agentLeft: null,
    edited: false,
    ...plainCall,
  };
  const ended = { endedAt: 2_000, sent: null, deliveredAt: null };
  switch (outcome?.outcome) {
    case undefined:
    case 'left':
      return { ...facts, state: 'held', reasons: ['approval'], requestIds: [], interrupted: null };
    case 'completed':
      return { ...facts, ...ended, state: 'completed', isError: false, summary: '' };
    case 'failed':
      return { ...facts, ...ended, state: 'failed', error: { code: -1, message: '' } };
    case 'cancelled':
    case 'ended':
      return { ...facts, ...ended, state: 'cancelled', by: 'agent', reason: '' };
    case 'rejected':
      return { ...facts, ...ended, state: 'rejected', reason: '' };
    case 'expired':
      return { ...facts, ...ended, state: 'expired' };
    case 'indeterminate':
      return { ...facts, ...ended, state: 'indeterminate', why: '' };
  }
}
