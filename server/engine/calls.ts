import { type Actor, holdpoint } from '@/lib/domain/actor';
import type { Book } from '@/lib/domain/book';
import { type Call, isOpenCall, sentOf } from '@/lib/domain/call';
import type { EventBody } from '@/lib/domain/event';
import { type CallId, mintId, type RequestId } from '@/lib/domain/ids';
import { deepestJson, isShallow, type JsonObject } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import { decide, type PolicyVerdict } from '@/lib/domain/policy';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { riskOf, type ToolAnnotations } from '@/lib/domain/tool';
import { oneLine } from './ask';
import { type CallBody, outcomeOf } from './call-outcome';
import { approvalOf, undelivered, voided, withdrawals } from './call-requests';
import { type Connections, toolNameMost } from './connections';
import { approvalDeadline } from './deadlines';
import { digestOf } from './digest';
import { insist, insistSoon } from './insist';
import { bookOf, type EngineParts, type LiveSession, type ServerLink, type Waiter } from './parts';
import type { CallListener, CallOrder, CallOutcome, ListedTool } from './ports/agents';
import type { Draft } from './session-log';
import { annotationsOf, argumentErrors, objectOf, titleOf } from './tool-facts';

/** Arguments above this are left to the server to check: checking costs more than it saves. */
const checkedArgumentsBytes = 200_000;

interface Received {
  readonly callId: CallId;
  readonly order: CallOrder;
  readonly tool: ListedTool;
  readonly annotations: ToolAnnotations;
  readonly bytes: number;
}

/** The way of a call from the agent to its server: recorded, decided, sent. */
export class Calls {
  constructor(
    private readonly parts: EngineParts,
    private readonly connections: Connections,
  ) {}

  /** Records and decides; the outcome comes when it is committed, however long people think. */
  async receive(live: LiveSession, order: CallOrder, listener: CallListener): Promise<Result<CallOutcome>> {
    if (!isShallow(order.arguments) || !isShallow(order.meta))
      return refuse('bad_input', `The arguments nest deeper than ${deepestJson} levels.`);
    if (order.tool.length > toolNameMost)
      return refuse('unknown_tool', `${order.server} has no tool named ${oneLine(order.tool)}.`);
    const bytes = Buffer.byteLength(JSON.stringify(order.arguments));
    const refusal = this.refusalOf(live, bytes);
    if (refusal !== null) return refusal;
    const tools = await this.connections.tools(live, order.server);
    if (!tools.ok)
      return tools.code === 'server_unreachable' ? this.receiveUnreachable(live, order, tools.message) : tools;
    const tool = tools.value.find((candidate) => candidate.name === order.tool);
    if (tool === undefined) return refuse('unknown_tool', `${order.server} has no tool named ${oneLine(order.tool)}.`);
    const callId = mintId('call', this.parts.random);
    const received: Received = { callId, order, tool, annotations: annotationsOf(tool.definition), bytes };
    const drafts = this.decideCall(live, received);
    if (!drafts.ok) return drafts;
    const link = await this.connections.ready(live, order.server);
    return this.record(live, { callId, order, listener, tool: tool.definition, link }, drafts.value);
  }

  private refusalOf(live: LiveSession, bytes: number): Result<never> | null {
    const { settings } = this.parts;
    if (this.parts.stopping) return refuse('stopping');
    if (bookOf(live).session?.state !== 'active') return refuse('session_ended');
    if (bytes > settings.limits.argumentsBytes) {
      return refuse('too_large', `The arguments are ${bytes} bytes; ${settings.limits.argumentsBytes} are accepted.`);
    }
    if (live.waiters.size >= settings.limits.openCallsPerSession) {
      return refuse(
        'too_many',
        `This session has ${live.waiters.size} open calls, the most that are allowed. Wait for one to end.`,
      );
    }
    return null;
  }

  /** The events of a call's reception and of what policy said of it. */
  private decideCall(live: LiveSession, received: Received): Result<readonly Draft[]> {
    const { callId, order, tool, annotations } = received;
    const entry = this.parts.servers.get(order.server);
    const trusted = entry?.trusted ?? false;
    const question = { server: order.server, trusted, tool: order.tool, annotations };
    const verdict = decide(this.parts.settings.rules, question);
    const agent: Actor = { kind: 'agent', id: live.agent.id, name: live.agent.name };
    const risk = riskOf(annotations, { trusted });
    const title = oneLine(`${titleOf(tool.definition)}${objectOf(order.arguments)}`);
    const reception: Draft = {
      actor: agent,
      body: {
        type: 'call.received',
        callId,
        server: order.server,
        tool: order.tool,
        title,
        annotations,
        risk,
        argumentsBytes: received.bytes,
      },
    };
    if (verdict.decision === 'deny')
      return done([reception, { actor: holdpoint, body: { type: 'call.denied', callId, rule: verdict.rule } }]);
    if (verdict.decision === 'allow')
      return done([reception, { actor: holdpoint, body: { type: 'call.allowed', callId, rule: verdict.rule } }]);
    const invalid = received.bytes > checkedArgumentsBytes ? null : argumentErrors(tool.definition, order.arguments);
    if (invalid !== null)
      return refuse('bad_input', `${order.tool} would refuse these arguments, so nobody was asked: ${invalid}`);
    return done([reception, ...this.hold(received, { verdict, title, risk })]);
  }

  private hold(
    received: Received,
    how: { readonly verdict: PolicyVerdict; readonly title: string; readonly risk: Call['risk'] },
  ): readonly Draft[] {
    const { callId, order, tool } = received;
    const { settings, clock, random } = this.parts;
    const requestId = mintId('request', random);
    const digest = digestOf({
      server: order.server,
      tool: order.tool,
      arguments: order.arguments,
      definition: tool.definition,
      policyVersion: settings.policyVersion,
    });
    const opened: EventBody = {
      type: 'request.opened',
      requestId,
      kind: 'approval',
      callId,
      candidates: [],
      server: order.server,
      tool: order.tool,
      title: how.title,
      risk: how.risk,
      deadline: approvalDeadline(settings, how.verdict, clock.now()),
      upstream: null,
      digest,
      elicitationId: null,
    };
    return [
      { actor: holdpoint, body: { type: 'call.held', callId, rule: how.verdict.rule, requestId } },
      { actor: holdpoint, body: opened },
    ];
  }

  /** The call is the agent's to see even when its server is away: recorded, and failed. */
  private receiveUnreachable(live: LiveSession, order: CallOrder, message: string): Promise<Result<CallOutcome>> {
    const callId = mintId('call', this.parts.random);
    const agent: Actor = { kind: 'agent', id: live.agent.id, name: live.agent.name };
    const bytes = Buffer.byteLength(JSON.stringify(order.arguments));
    const listener: CallListener = { received: () => {}, progress: () => {}, waiting: () => {} };
    const received: EventBody = {
      type: 'call.received',
      callId,
      server: order.server,
      tool: order.tool,
      title: oneLine(maskText(order.tool)),
      annotations: {},
      risk: 'destructive',
      argumentsBytes: bytes,
    };
    const failed: EventBody = {
      type: 'call.failed',
      callId,
      error: { code: serverUnreachableCode, message: `${message} Nothing was sent.` },
    };
    return this.record(live, { callId, order, listener, tool: null, link: null }, [
      { actor: agent, body: received },
      { actor: holdpoint, body: failed },
    ]);
  }

  private record(
    live: LiveSession,
    call: {
      readonly callId: CallId;
      readonly order: CallOrder;
      readonly listener: CallListener;
      readonly tool: JsonObject | null;
      readonly link: ServerLink | null;
    },
    events: readonly Draft[],
  ): Promise<Result<CallOutcome>> {
    const { callId, order, listener, link } = call;
    return new Promise((resolve, reject) => {
      const settle = (outcome: CallOutcome): void => resolve(done(outcome));
      const waiter: Waiter = {
        listener,
        arguments: order.arguments,
        meta: order.meta,
        settle,
        stopHeartbeat: null,
        intent: null,
      };
      // Known before the commit, so that an effect that follows it at once finds who waits.
      live.waiters.set(callId, waiter);
      const payloads = [
        { owner: callId, kind: 'arguments' as const, body: order.arguments },
        ...(call.tool === null ? [] : [{ owner: callId, kind: 'tool' as const, body: call.tool }]),
      ];
      live.log
        .change((book) => {
          if (book.session?.state !== 'active') return refuse('session_ended');
          const intent = link === null ? null : intentOf(book, { callId, link, events });
          if (intent === null) return { events, payloads, value: null };
          waiter.intent = link;
          live.sending.add(callId);
          return { events: [...events, intent], payloads, value: null };
        })
        .then((result) => {
          if (result.ok) return listener.received(callId);
          live.waiters.delete(callId);
          live.sending.delete(callId);
          resolve(result);
        }, reject);
    });
  }

  /** Effect of `call.allowed`: the intent is committed before the first byte leaves (I3). */
  async send(live: LiveSession, callId: CallId): Promise<void> {
    const waiter = live.waiters.get(callId);
    const call = bookOf(live).calls.get(callId);
    if (call === undefined || !isOpenCall(call)) return;
    // Its agent was told that it could not be saved, and then it was on disk after all.
    if (waiter === undefined)
      return this.fail(live, callId, {
        code: cannotSaveCode,
        message: 'Holdpoint could not record this call in time. Nothing was sent.',
      });
    if (waiter.intent !== null) return this.sendRecorded(live, { call, waiter, link: waiter.intent, approval: null });
    const link = await this.connections.link(live, call.server);
    if (!link.ok)
      return this.fail(live, callId, { code: serverUnreachableCode, message: `${link.message} Nothing was sent.` });
    const stale = await this.changedSinceApproved(live, { call, arguments: waiter.arguments });
    if (stale !== null) return this.fail(live, callId, { code: approvalVoidCode, message: stale });
    const { connectionId } = link.value;
    const requestId = approvalOf(live, callId);
    live.sending.add(callId);
    const sent = await live.log.change((book) => {
      // A session that is ending has counted what is in flight already.
      if (book.session?.state !== 'active' || book.calls.get(callId)?.state !== 'held')
        return refuse('not_allowed_now');
      const events: Draft[] = [{ actor: holdpoint, body: { type: 'call.sent', callId, connectionId, rpcId: callId } }];
      if (requestId !== null) events.push({ actor: holdpoint, body: { type: 'answer.sent', requestId, to: 'server' } });
      return { events, value: null };
    });
    if (!sent.ok) {
      live.sending.delete(callId);
      if (sent.code === 'cannot_save')
        await this.fail(live, callId, {
          code: cannotSaveCode,
          message: 'Holdpoint could not record this call, so it was not sent. Try again.',
        });
      return;
    }
    return this.sendRecorded(live, { call, waiter, link: link.value, approval: requestId });
  }

  /** The first byte of a call whose sending is on disk, over the very connection that was recorded. */
  private async sendRecorded(
    live: LiveSession,
    sending: {
      readonly call: Call;
      readonly waiter: Waiter;
      readonly link: ServerLink;
      readonly approval: RequestId | null;
    },
  ): Promise<void> {
    const { call, waiter, link, approval } = sending;
    const { callId } = call;
    if (bookOf(live).calls.get(callId)?.state !== 'working') {
      // It ended before it could leave.
      live.sending.delete(callId);
      return;
    }
    const outcome = await link.connection.sendCall({
      rpcId: callId,
      tool: call.tool,
      arguments: waiter.arguments,
      meta: waiter.meta,
    });
    live.sending.delete(callId);
    if (outcome.ok) {
      if (approval !== null)
        await this.append(live, { type: 'answer.accepted', requestId: approval, status: outcome.status });
      return;
    }
    const words = oneLine(maskText(outcome.message));
    if (outcome.code === 'unknown')
      return this.settleUnknown(live, callId, `The connection broke while the call was being sent: ${words}`);
    await this.fail(live, callId, {
      code: serverUnreachableCode,
      message: `${call.server} did not take the call: ${words}. It was not run.`,
    });
  }

  /** I6: the same digest when it is sent as when it was approved; null when nothing changed. */
  private async changedSinceApproved(
    live: LiveSession,
    sending: { readonly call: Call; readonly arguments: JsonObject },
  ): Promise<string | null> {
    const { call } = sending;
    const requestId = approvalOf(live, call.callId);
    const digest = requestId === null ? null : (bookOf(live).requests.get(requestId)?.digest ?? null);
    if (digest === null) return null;
    // Asked for again: a server that redefines a tool need not say so.
    const tools = await this.connections.freshTools(live, call.server);
    if (!tools.ok)
      return `${tools.message} Whether ${call.tool} is still what was approved is not known. Nothing was sent.`;
    const definition = tools.value.find((tool) => tool.name === call.tool)?.definition;
    if (definition === undefined)
      return `${call.server} no longer offers ${call.tool}, so the approval is void. Nothing was sent.`;
    const now = digestOf({
      server: call.server,
      tool: call.tool,
      arguments: sending.arguments,
      definition,
      policyVersion: this.parts.settings.policyVersion,
    });
    return now === digest
      ? null
      : `${call.tool} changed its definition after it was approved, so the approval is void. Nothing was sent.`;
  }

  /** The agent cancelled: the call ends at once, and its server is told. */
  async cancel(live: LiveSession, callId: CallId, reason: string): Promise<void> {
    const agent: Actor = { kind: 'agent', id: live.agent.id, name: live.agent.name };
    const cancelled = await insist(this.parts, live, (book) => {
      const call = book.calls.get(callId);
      if (call === undefined || !isOpenCall(call)) return refuse('not_found');
      const events: Draft[] = [
        ...withdrawals(live, callId, 'The agent cancelled the call.'),
        ...(sentOf(call) === null ? voided(live, callId, 'The agent cancelled the call first.') : []),
        { actor: agent, body: { type: 'call.cancelled', callId, by: 'agent', reason: oneLine(reason) } },
      ];
      return { events, value: sentOf(call) };
    });
    if (!cancelled.ok || cancelled.value === null) return;
    const call = bookOf(live).calls.get(callId);
    const link = call === undefined ? null : await this.connections.ready(live, call.server);
    await link?.connection.cancelCall(callId, oneLine(reason));
  }

  async fail(
    live: LiveSession,
    callId: CallId,
    error: { readonly code: number; readonly message: string },
  ): Promise<void> {
    await this.end(live, callId, { type: 'call.failed', callId, error });
  }

  async settleUnknown(live: LiveSession, callId: CallId, why: string): Promise<void> {
    await this.end(live, callId, { type: 'call.indeterminate', callId, why });
  }

  private async end(live: LiveSession, callId: CallId, body: EventBody): Promise<void> {
    await insist(this.parts, live, (book) => {
      const call = book.calls.get(callId);
      const approvals = voided(live, callId, 'The call ended before the answer took effect.');
      // It ended by itself while it was being sent: only its approval is left to be told of.
      if (call === undefined || !isOpenCall(call)) return { events: approvals, value: null };
      return {
        events: [
          ...withdrawals(live, callId, 'The call ended first.'),
          ...undelivered(live, callId),
          ...approvals,
          { actor: holdpoint, body },
        ],
        value: null,
      };
    });
  }

  private async append(live: LiveSession, body: EventBody): Promise<void> {
    await insistSoon(this.parts, live, () => ({ events: [{ actor: holdpoint, body }], value: null }));
  }

  /** Effect of a call's end: who waits for it is told, after the commit (I2). */
  settle(live: LiveSession, callId: CallId, body: CallBody | null): void {
    const call = bookOf(live).calls.get(callId);
    const waiter = live.waiters.get(callId);
    if (call === undefined || waiter === undefined) return;
    live.waiters.delete(callId);
    waiter.stopHeartbeat?.();
    waiter.settle(outcomeOf(live, call, body));
  }
}

/** In JSON-RPC's range for servers: the outcome is ours to explain, not the server's. */
export const serverUnreachableCode = -32050;
export const approvalVoidCode = -32051;
export const cannotSaveCode = -32052;

/**
 * The record of sending, for the same commit as the reception of a call that is allowed: it spares one
 * (I3 holds, for nothing leaves before that commit). Null when the call must wait or its connection is not ready.
 */
function intentOf(
  book: Book,
  call: { readonly callId: CallId; readonly link: ServerLink; readonly events: readonly Draft[] },
): Draft | null {
  const { callId, link, events } = call;
  if (!events.some(({ body }) => body.type === 'call.allowed')) return null;
  if (book.connections.get(link.connectionId)?.state !== 'ready') return null;
  return { actor: holdpoint, body: { type: 'call.sent', callId, connectionId: link.connectionId, rpcId: callId } };
}
