import { type Actor, holdpoint } from '@/lib/domain/actor';
import { openCalls } from '@/lib/domain/book';
import { isOpenCall, sentOf } from '@/lib/domain/call';
import type { EventBody } from '@/lib/domain/event';
import { type CallId, mintId } from '@/lib/domain/ids';
import { deepestJson, isShallow, type JsonObject } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import type { Pause } from '@/lib/domain/pause';
import { pauseWords } from '@/lib/domain/pause-words';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { riskOf, type ToolAnnotations } from '@/lib/domain/tool';
import { isTaskOnly } from '@/lib/domain/tool-offer';
import { oneLine } from './ask';
import { voided, withdrawals } from './call-requests';
import type { Collecting } from './collecting';
import { type Connections, toolNameMost } from './connections';
import { heldDrafts, holdOf } from './holding';
import { insist } from './insist';
import { bookOf, type EngineParts, type LiveSession, type ServerLink, workOf } from './parts';
import type { CallListener, CallOrder, CallOutcome, ListedTool } from './ports/agents';
import type { AgentCall, Payload } from './ports/store';
import { serverUnreachableCode } from './rpc-codes';
import { sentDraft } from './sent-draft';
import type { SameCalls } from './same-calls';
import type { Draft } from './session-log';
import { isChoice } from './remembering';
import { titleArguments } from './masked-value';
import { isBelieved, ruleOn } from './ruling';
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

/** A call about to be recorded. */
interface Recording {
  readonly callId: CallId;
  readonly order: CallOrder;
  readonly listener: CallListener;
  readonly tool: JsonObject | null;
  readonly link: ServerLink | null;
  readonly digest: string;
  /** The idempotency key that this call uses up; null when there is none, or the same call may be asked for anew. */
  readonly key: string | null;
  /** The rules that decided; null when none did. */
  readonly policyVersion: string | null;
}

/** Which call the agent waits for from now on: its own, or one that is the same. */
interface Placed {
  readonly outcome: Promise<Result<CallOutcome>>;
}

/** A call's reception: checked, told from one that is the same, decided, recorded. */
export class Calls {
  constructor(
    private readonly parts: EngineParts,
    private readonly by: {
      readonly connections: Connections;
      readonly collecting: Collecting;
      readonly same: SameCalls;
    },
  ) {}

  /** Records and decides; the outcome comes when it is committed, however long people think. */
  async receive(live: LiveSession, order: CallOrder, listener: CallListener): Promise<Result<CallOutcome>> {
    if (!isShallow(order.arguments) || !isShallow(order.meta))
      return refuse('bad_input', `The arguments nest deeper than ${deepestJson} levels.`);
    if (order.tool.length > toolNameMost)
      return refuse('unknown_tool', `${order.server} has no tool named ${oneLine(order.tool)}.`);
    const { same } = this.by;
    const digest = same.digestOf(order);
    const placed = await same.oneAtATime(live, order, async (): Promise<Result<Placed>> => {
      const known = await same.known(live, order, digest);
      if (!known.ok) return known;
      if (known.value !== null)
        return done({ outcome: orForgotten(this.by.collecting.attach(live.agent, known.value, listener)) });
      return this.receiveNew(live, { order, listener, digest });
    });
    return placed.ok ? placed.value.outcome : placed;
  }

  private async receiveNew(
    live: LiveSession,
    given: { readonly order: CallOrder; readonly listener: CallListener; readonly digest: string },
  ): Promise<Result<Placed>> {
    const { order } = given;
    const bytes = Buffer.byteLength(JSON.stringify(order.arguments));
    const refusal = this.refusalOf(live, bytes);
    if (refusal !== null) return refusal;
    const callId = mintId('call', this.parts.random);
    const paused = this.pauseOf(live, order.server);
    if (paused !== null) return this.receivePaused(live, { ...given, callId }, paused);
    const tools = await this.by.connections.tools(live, order.server);
    if (!tools.ok)
      return tools.code === 'server_unreachable'
        ? this.receiveUnreachable(
            live,
            { ...given, callId, tool: null, link: null, key: order.idempotencyKey, policyVersion: null },
            tools.message,
          )
        : tools;
    const tool = tools.value.find((candidate) => candidate.name === order.tool);
    if (tool === undefined) return refuse('unknown_tool', `${order.server} has no tool named ${oneLine(order.tool)}.`);
    if (isTaskOnly(tool.definition)) return refuse('not_allowed_now', taskOnlyWords(order));
    const received: Received = { callId, order, tool, annotations: annotationsOf(tool.definition), bytes };
    // Rules that are saved from here on are seen when the call is recorded.
    const policyVersion = this.parts.policy.version;
    const drafts = this.decideCall(live, received);
    if (!drafts.ok) return drafts;
    const link = await this.by.connections.ready(live, order.server);
    const recording = { ...given, callId, tool: tool.definition, link, key: order.idempotencyKey, policyVersion };
    const placed = await this.record(live, recording, drafts.value);
    return !placed.ok && placed.code === 'stale_revision' ? this.receiveNew(live, given) : placed;
  }

  private refusalOf(live: LiveSession, bytes: number): Result<never> | null {
    const { settings } = this.parts;
    if (this.parts.stopping) return refuse('stopping');
    if (bookOf(live).session?.state !== 'active') return refuse('session_ended');
    if (bytes > settings.limits.argumentsBytes) {
      return refuse('too_large', `The arguments are ${bytes} bytes; ${settings.limits.argumentsBytes} are accepted.`);
    }
    const open = Math.max(live.work.size, openCalls(bookOf(live)).length);
    if (open >= settings.limits.openCallsPerSession) {
      return refuse('too_many', `This session has ${open} open calls, the most that are allowed. Wait for one to end.`);
    }
    return null;
  }

  /** The events of a call's reception and of what policy said of it. */
  private decideCall(live: LiveSession, received: Received): Result<readonly Draft[]> {
    const { callId, order, tool } = received;
    const { clock } = this.parts;
    const { server, arguments: given } = order;
    const asked = { server, tool: order.tool, definition: tool.definition, arguments: given };
    const verdict = ruleOn(this.parts, live, asked);
    const agent: Actor = { kind: 'agent', id: live.agent.id, name: live.agent.name };
    const trusted = this.parts.servers.get(server)?.trusted ?? false;
    // Claims of a definition nobody accepted make it neither harmless nor safe to repeat (I4).
    const annotations = isBelieved(this.parts, asked) ? received.annotations : {};
    const risk = riskOf(annotations, { trusted });
    const shown = titleArguments(this.parts.keeping.masking, asked);
    const title = oneLine(`${titleOf(tool.definition)}${objectOf(shown)}`);
    const reception: Draft = {
      actor: agent,
      body: {
        type: 'call.received',
        callId,
        server,
        tool: order.tool,
        title,
        annotations,
        risk,
        argumentsBytes: received.bytes,
        questionsTeam: verdict.questionsTeam,
        sampling: verdict.sampling,
      },
    };
    if (verdict.decision !== 'hold') {
      const type = verdict.decision === 'deny' ? 'call.denied' : 'call.allowed';
      return done([reception, { actor: holdpoint, body: { type, callId, rule: verdict.rule } }]);
    }
    const invalid = received.bytes > checkedArgumentsBytes ? null : argumentErrors(tool.definition, given);
    if (invalid !== null)
      return refuse('bad_input', `${order.tool} would refuse these arguments, so nobody was asked: ${invalid}`);
    const now = clock.now();
    const held = holdOf(this.parts, live, { asked, verdict, now, patientUntilAt: patientUntil(order, now) });
    return done([reception, ...heldDrafts(this.parts, held, { callId, title, risk })]);
  }

  private pauseOf(live: LiveSession, server: string): Pause | null {
    return this.parts.pauses.of({ server, agentId: live.agent.id });
  }

  /**
   * Recorded and rejected, before its server is asked anything, so that who watches sees what was wanted meanwhile. It
   * does not use up its key: the same call after the pause is another try.
   */
  private receivePaused(
    live: LiveSession,
    given: Pick<Recording, 'callId' | 'order' | 'listener' | 'digest'>,
    pause: Pause,
  ): Promise<Result<Placed>> {
    const { callId } = given;
    const words = `${pauseWords(pause, this.parts.clock.now())} Nothing was sent. Try again later.`;
    const denied: EventBody = { type: 'call.denied', callId, rule: { id: 'pause', words } };
    const recording = { ...given, tool: null, link: null, key: null, policyVersion: null };
    return this.record(live, recording, [unlistedReception(live, given), { actor: holdpoint, body: denied }]);
  }

  /** The call is the agent's to see even when its server is away: recorded, and failed. */
  private receiveUnreachable(live: LiveSession, recording: Recording, message: string): Promise<Result<Placed>> {
    const { callId } = recording;
    const failed: EventBody = {
      type: 'call.failed',
      callId,
      error: { code: serverUnreachableCode, message: `${message} Nothing was sent.` },
    };
    return this.record(live, recording, [unlistedReception(live, recording), { actor: holdpoint, body: failed }]);
  }

  /** Written in one commit: reception, decision, and for one that may leave at once the intent to send it. */
  private async record(live: LiveSession, recording: Recording, events: readonly Draft[]): Promise<Result<Placed>> {
    const { callId, order, listener, link, digest, policyVersion } = recording;
    const { collecting, same } = this.by;
    const now = this.parts.clock.now();
    // Known before the commit, so that an effect that follows it at once finds who waits.
    const outcome = collecting.wait(live, callId, listener);
    const work = workOf(live, callId);
    work.outgoing = { arguments: order.arguments, meta: order.meta };
    this.parts.tracing.received(callId, order.meta);
    work.patientUntilAt = patientUntil(order, now);
    const recorded = await live.log.change((book) => {
      if (book.session?.state !== 'active') return refuse('session_ended');
      if (policyVersion !== null && this.parts.policy.version !== policyVersion) return refuse('stale_revision');
      if (policyVersion !== null && this.pauseOf(live, order.server) !== null) return refuse('stale_revision');
      const twin = same.twinOf(live, order, digest);
      if (twin !== null) return { events: [], value: twin };
      same.note(live, order, { callId, digest });
      const intent = link === null ? null : this.intentOf(live, { callId, link, events, tool: order.tool });
      const written = {
        payloads: payloadsOf(recording),
        agentCalls: agentCallsOf(live, recording, now),
        value: callId,
      };
      if (intent === null) return { events, ...written };
      work.intent = link;
      live.sending.add(callId);
      return { events: [...events, intent], ...written };
    });
    if (recorded.ok && recorded.value === callId) {
      listener.received(callId);
      return done({ outcome: outcome.then((ended) => done(ended)) });
    }
    // A commit that was called lost may be on disk all the same: then it is a call like any other.
    const isKnown = recorded.ok || recorded.code !== 'cannot_save' || (await live.log.lookAgain());
    if (!recorded.ok && bookOf(live).calls.has(callId)) {
      listener.received(callId);
      return done({ outcome: outcome.then((ended) => done(ended)) });
    }
    live.work.delete(callId);
    live.sending.delete(callId);
    same.forget(live, callId);
    if (!isKnown) {
      live.disowned.add(callId);
      return refuse('cannot_save', notKnownYet);
    }
    return recorded.ok ? done({ outcome: collecting.attach(live.agent, recorded.value, listener) }) : recorded;
  }

  /**
   * The record of sending, for the same commit as the reception of a call that is allowed: it spares one
   * (I3 holds, for nothing leaves before that commit). Null when the call must wait or its connection is not ready.
   */
  private intentOf(
    live: LiveSession,
    sending: {
      readonly callId: CallId;
      readonly tool: string;
      readonly link: ServerLink;
      readonly events: readonly Draft[];
    },
  ): Draft | null {
    const { callId, tool, link, events } = sending;
    // A remembered choice stands for an approval: the tool is looked at anew before it is sent.
    if (!events.some(({ body }) => body.type === 'call.allowed' && !isChoice(body.rule))) return null;
    const connection = bookOf(live).connections.get(link.connectionId);
    if (connection?.state !== 'ready') return null;
    const call = { callId, server: link.server.name, tool };
    return sentDraft(this.parts, live, { call, connection, run: 1 });
  }

  /** The agent cancelled: the call ends at once, and its server is told. */
  async cancel(live: LiveSession, callId: CallId, reason: string): Promise<void> {
    const agent: Actor = { kind: 'agent', id: live.agent.id, name: live.agent.name };
    const cancelled = await insist(this.parts, live, (book) => {
      const call = book.calls.get(callId);
      if (call === undefined || !isOpenCall(call)) return refuse('not_found');
      const sent = call.state === 'held' ? null : sentOf(call);
      const events: Draft[] = [
        ...withdrawals(live, callId, 'The agent cancelled the call.'),
        ...(sent === null ? voided(live, callId, 'The agent cancelled the call first.') : []),
        { actor: agent, body: { type: 'call.cancelled', callId, by: 'agent', reason: oneLine(reason) } },
      ];
      return { events, value: sent };
    });
    if (!cancelled.ok || cancelled.value === null) return;
    const call = bookOf(live).calls.get(callId);
    const link = call === undefined ? null : await this.by.connections.ready(live, call.server);
    await link?.connection.cancelCall(cancelled.value.rpcId, oneLine(reason));
  }
}

/** Its key outlives a call that was purged, so that it is not run again. */
async function orForgotten(outcome: Promise<Result<CallOutcome>>): Promise<Result<CallOutcome>> {
  const found = await outcome;
  return found.ok || found.code !== 'not_found'
    ? found
    : refuse(
        'not_found',
        'This idempotency key was used for a call that is no longer kept. It is not run again. Use a new key for a new call.',
      );
}

/** Of a call whose server was not asked what its tools are. */
function unlistedReception(live: LiveSession, { callId, order }: Pick<Recording, 'callId' | 'order'>): Draft {
  return {
    actor: { kind: 'agent', id: live.agent.id, name: live.agent.name },
    body: {
      type: 'call.received',
      callId,
      server: order.server,
      tool: order.tool,
      title: oneLine(maskText(order.tool)),
      annotations: {},
      risk: 'destructive',
      argumentsBytes: Buffer.byteLength(JSON.stringify(order.arguments)),
      questionsTeam: null,
      sampling: 'person',
    },
  };
}

/** Its server would refuse it too, after a person had been asked for nothing. */
function taskOnlyWords({ server, tool }: CallOrder): string {
  return (
    `${oneLine(tool)} of ${server} can only be called as a task of that server (its definition says execution.taskSupport "required"), ` +
    `and Holdpoint does not begin tasks on servers. Nothing was sent. Do it with another tool, or have ${server} say "optional".`
  );
}

/** It must not be told that nothing was changed, for that is what is not known. */
const notKnownYet =
  'Cannot save right now. Nothing was sent. Try again in a moment, with an idempotency key: should this call have been recorded after all, it is then still one call.';

function patientUntil(order: CallOrder, now: number): number | null {
  return order.patienceMs === null ? null : now + order.patienceMs;
}

function payloadsOf({ callId, order, tool }: Recording): readonly Payload[] {
  return [
    { owner: callId, kind: 'arguments', body: order.arguments },
    ...(Object.keys(order.meta).length === 0 ? [] : [{ owner: callId, kind: 'meta' as const, body: order.meta }]),
    ...(tool === null ? [] : [{ owner: callId, kind: 'tool' as const, body: tool }]),
  ];
}

function agentCallsOf(live: LiveSession, recording: Recording, createdAt: number): readonly AgentCall[] {
  const { callId, order, digest, key } = recording;
  if (key === null && order.task === null) return [];
  const { sessionId, agent } = live;
  return [{ callId, sessionId, agentId: agent.id, key, digest, task: order.task, createdAt }];
}
