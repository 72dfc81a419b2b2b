import { holdpoint } from '@/lib/domain/actor';
import type { Book } from '@/lib/domain/book';
import { type Call, type HeldCall, isOpenCall, isUnderWay } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EventBody } from '@/lib/domain/event';
import type { CallId, RequestId } from '@/lib/domain/ids';
import { isJsonObject } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import { pauseWords } from '@/lib/domain/pause-words';
import { type Result, refuse } from '@/lib/domain/refusal';
import { triesOf } from '@/lib/domain/turn-back';
import { oneLine } from './ask';
import { endCall } from './call-end';
import { permitsOf } from './call-requests';
import type { Connections } from './connections';
import { insist, insistSoon } from './insist';
import { interrupted, interruptedAgain, type Why } from './interruption';
import { bookOf, type EngineParts, type LiveSession, type Outgoing, type ServerLink, workOf } from './parts';
import type { SendOutcome } from './ports/upstream';
import { readBack } from './read-back';
import { approvalVoidCode, cannotSaveCode, pausedCode, serverUnreachableCode } from './rpc-codes';
import { sentDraft } from './sent-draft';
import type { Draft } from './session-log';
import { Staleness } from './staleness';

/** How long a server may take to come back before a person is asked whether a call should go again. */
const reconnectWithinMs = 30_000;
const leaveTriesMost = 2;
const again = ' It was to be sent again, and was not:';
const reconnectFirstMs = 200;
const reconnectMostMs = 3_000;

type Failed = Extract<SendOutcome, { ok: false }>;
type NotSent = { readonly ok: false; readonly code: number; readonly message: string };
interface Ready {
  readonly ok: true;
  readonly link: ServerLink;
  readonly outgoing: Outgoing;
  readonly policyVersion: string;
}
type Prepared = Ready | NotSent;

const keptNoMore: NotSent = {
  ok: false,
  code: cannotSaveCode,
  message: 'What this call was to send is no longer kept.',
};
const disowned = {
  code: cannotSaveCode,
  message: 'Holdpoint could not record this call in time. Nothing was sent.',
};
const notRecorded: NotSent = {
  ok: false,
  code: cannotSaveCode,
  message: 'Holdpoint could not record this call, so it was not sent. Try again.',
};

/** The way of a call that may leave, to its server: the intent is on disk before its first byte (I3). */
export class Sending {
  /** Calls on their way: an effect that is asked for twice sends once. */
  private readonly underWay = new Set<CallId>();
  /** Asked for while one was on its way: it may be over already, turned back and let go again. */
  private readonly askedAgain = new Set<CallId>();
  private readonly stale: Staleness;

  constructor(
    private readonly parts: EngineParts,
    private readonly connections: Connections,
  ) {
    this.stale = new Staleness(parts, connections);
  }

  /** Effect of `call.allowed`, of `call.urls_done`, and of an interruption after which it goes again. */
  async send(live: LiveSession, callId: CallId): Promise<void> {
    // What is left undone here is in the book, and the next start does it.
    if (this.parts.stopping) return;
    if (this.underWay.has(callId)) return void this.askedAgain.add(callId);
    this.underWay.add(callId);
    let failure: Failed | null = null;
    try {
      failure = await this.leave(live, callId);
    } catch (error) {
      this.parts.log.error({ err: error, callId }, 'a call could not be sent');
      failure = await this.afterBug(live, callId);
    } finally {
      this.underWay.delete(callId);
    }
    // Only now, for it may go again at once.
    if (failure !== null && !this.parts.stopping) await this.afterFailure(live, callId, failure);
    if (this.askedAgain.delete(callId) && this.isStillDue(live, callId)) await this.send(live, callId);
  }

  /** A bug of ours must not leave a call waiting for ever: what had not left is not sent, of the rest it is unknown. */
  private async afterBug(live: LiveSession, callId: CallId): Promise<Failed | null> {
    const message = 'Holdpoint failed on it. It has been logged.';
    const call = bookOf(live).calls.get(callId);
    if (call?.state !== 'held') return { ok: false, code: 'unknown', status: null, message };
    await this.notSent(live, call, { code: serverUnreachableCode, message });
    return null;
  }

  private async leave(live: LiveSession, callId: CallId, tries = 1): Promise<Failed | null> {
    const call = bookOf(live).calls.get(callId);
    if (call === undefined || !isOpenCall(call)) return null;
    if (live.disowned.delete(callId)) {
      await this.fail(live, callId, disowned);
      return null;
    }
    const outgoing = await this.outgoing(live, callId);
    // Reading back takes time, in which it may have ended.
    if (!isOpenNow(live, callId)) return null;
    const work = workOf(live, callId);
    const { intent } = work;
    work.intent = null;
    if (outgoing !== null && intent !== null)
      return this.sendRecorded(live, { call, outgoing, link: intent, permits: [] });
    if (call.state !== 'held') return null;
    const prepared = outgoing === null ? keptNoMore : await this.prepare(live, call, outgoing);
    if (this.parts.stopping) return null;
    if (!prepared.ok) {
      await this.notSent(live, call, prepared);
      return null;
    }
    const recorded = await this.recordIntent(live, call, prepared);
    // Other rules came in force meanwhile: they are asked before it leaves.
    if (!recorded.ok && recorded.code === 'stale_revision') return this.leave(live, callId, tries);
    // Its connection went while its tools were asked for: nothing was sent, and a new one takes the call.
    if (!recorded.ok && recorded.code === 'server_unreachable' && tries < leaveTriesMost)
      return this.leave(live, callId, tries + 1);
    if (recorded.ok)
      return this.sendRecorded(live, {
        call,
        outgoing: prepared.outgoing,
        link: prepared.link,
        permits: recorded.value,
      });
    if (recorded.code === 'cannot_save') await this.notSent(live, call, notRecorded);
    // Paused at the last moment: never silently sent, and never silently kept for later.
    if (recorded.code === 'paused') await this.notSent(live, call, { code: pausedCode, message: recorded.message });
    if (recorded.code === 'server_unreachable') {
      const message = `The connection to ${call.server} was lost before the call left.`;
      await this.notSent(live, call, { code: serverUnreachableCode, message });
    }
    return null;
  }

  private async prepare(live: LiveSession, call: HeldCall, outgoing: Outgoing): Promise<Prepared> {
    const paused = this.paused(live, call);
    if (paused !== null) return paused;
    const link = await this.linkFor(live, call);
    if (!link.ok) return { ok: false, code: serverUnreachableCode, message: link.message };
    // Rules that are saved from here on are seen when the intent is recorded.
    const policyVersion = this.parts.policy.version;
    const stale = await this.stale.of(live, { call, outgoing });
    if (stale !== null) return { ok: false, code: approvalVoidCode, message: stale };
    return { ok: true, link: link.value, outgoing, policyVersion };
  }

  private paused(live: LiveSession, call: HeldCall): NotSent | null {
    const pause = this.parts.pauses.of({ server: call.server, agentId: live.agent.id });
    return pause === null ? null : { ok: false, code: pausedCode, message: pauseWords(pause, this.parts.clock.now()) };
  }

  /** In memory until it has left, and from disk after that or after a restart. */
  private async outgoing(live: LiveSession, callId: CallId): Promise<Outgoing | null> {
    const work = workOf(live, callId);
    if (work.outgoing !== null) return work.outgoing;
    const { store } = this.parts;
    // What people made of them, or what the agent asked.
    const kind = bookOf(live).calls.get(callId)?.edited === true ? 'edited' : 'arguments';
    const [given, meta] = await readBack(this.parts, () =>
      Promise.all([store.payload(callId, kind), store.payload(callId, 'meta')]),
    );
    if (!isJsonObject(given)) return null;
    work.outgoing = { arguments: given, meta: isJsonObject(meta) ? meta : {} };
    return work.outgoing;
  }

  /** A server that is starting again is waited for, where somebody waits for that. */
  private async linkFor(live: LiveSession, call: HeldCall): Promise<Result<ServerLink>> {
    const { clock } = this.parts;
    const untilAt = clock.now() + reconnectWithinMs;
    const isAwaited = this.isAwaited(live, call);
    for (let waitMs = reconnectFirstMs; ; waitMs = Math.min(waitMs * 2, reconnectMostMs)) {
      const link = await this.connections.link(live, call.server);
      if (link.ok || !isAwaited || link.code !== 'server_unreachable') return link;
      if (clock.now() + waitMs > untilAt || this.parts.stopping || !this.isStillDue(live, call.callId)) return link;
      await new Promise<void>((resolve) => {
        clock.after(waitMs, resolve);
      });
    }
  }

  /** What ran before, or a person let go, is not given up because a server or the database is away for a moment. */
  private isAwaited(live: LiveSession, call: HeldCall): boolean {
    return call.interrupted !== null || permitsOf(live, call.callId).length > 0;
  }

  private isStillDue(live: LiveSession, callId: CallId): boolean {
    const call = bookOf(live).calls.get(callId);
    return call?.state === 'held' && call.reasons.includes('sending') && bookOf(live).session?.state === 'active';
  }

  private async recordIntent(
    live: LiveSession,
    call: HeldCall,
    { link, policyVersion }: Ready,
  ): Promise<Result<readonly RequestId[]>> {
    const { callId } = call;
    const { connectionId } = link;
    live.sending.add(callId);
    const decideNow = (book: Book) => {
      // A session that is ending has counted what is in flight already.
      if (!this.isStillDue(live, callId)) return refuse('not_allowed_now');
      if (this.parts.policy.version !== policyVersion) return refuse('stale_revision');
      const paused = this.paused(live, call);
      if (paused !== null) return refuse('paused', paused.message);
      const connection = book.connections.get(connectionId);
      if (connection === undefined || !isLiveConnection(connection)) return refuse('server_unreachable');
      const permits = permitsOf(live, callId).map(({ requestId }) => requestId);
      const events: Draft[] = [sentDraft(this.parts, live, { call, connection, run: call.runs + 1 })];
      for (const requestId of permits)
        events.push({ actor: holdpoint, body: { type: 'answer.sent', requestId, to: 'server' } });
      return { events, value: permits };
    };
    const recorded = await (this.isAwaited(live, call)
      ? insist(this.parts, live, decideNow)
      : live.log.change(decideNow));
    if (!recorded.ok) live.sending.delete(callId);
    return recorded;
  }

  /** The first byte of a call whose sending is on disk, over the very connection that was recorded. */
  private async sendRecorded(
    live: LiveSession,
    sending: {
      readonly call: Call;
      readonly outgoing: Outgoing;
      readonly link: ServerLink;
      readonly permits: readonly RequestId[];
    },
  ): Promise<Failed | null> {
    const { call, outgoing, link, permits } = sending;
    const { callId } = call;
    const now = bookOf(live).calls.get(callId);
    if (now?.state !== 'working') {
      // It ended before it could leave, and with it what let it go.
      live.sending.delete(callId);
      await endCall(this.parts, live, { callId, body: null });
      return null;
    }
    const { tool } = call;
    const { rpcId } = now;
    const meta = this.parts.tracing.upstreamMeta({ callId, rpcId }, outgoing.meta);
    const outcome = await link.connection.sendCall({ rpcId, tool, arguments: outgoing.arguments, meta });
    if (outcome.ok) {
      live.sending.delete(callId);
      // On disk it stays for as long as the call: a thousand calls that wait must not hold their arguments in memory.
      workOf(live, callId).outgoing = null;
      this.forgetIdleWork(live, callId);
      if (permits.length > 0)
        await this.append(
          live,
          permits.map((requestId) => ({ type: 'answer.accepted', requestId, status: outcome.status })),
        );
      return null;
    }
    return outcome;
  }

  /** What a failed sending means: known not to have been run, or unknown (I4). */
  private async afterFailure(live: LiveSession, callId: CallId, failure: Failed): Promise<void> {
    const call = bookOf(live).calls.get(callId);
    // Its server had it, and turned it back before its line broke.
    if (call?.state === 'held' && call.turnedBack > 0) return void live.sending.delete(callId);
    if (call === undefined || !isUnderWay(call)) {
      // It ended by itself while it was being sent: only its permit is left to be told of.
      live.sending.delete(callId);
      return endCall(this.parts, live, { callId, body: null });
    }
    const words = oneLine(maskText(failure.message));
    const { server } = call;
    switch (failure.code) {
      case 'unknown':
        return this.interrupt(live, callId, {
          why: `The connection to ${server} broke while the call was being sent: ${words}`,
          requests: `The connection to ${server} broke.`,
        });
      case 'gone':
        // The server did not know the session, so it ran nothing: a new connection takes the call.
        // A 400 in words may be about anything.
        if (triesOf(call) === 1 && failure.status !== 400)
          return this.interrupt(live, callId, {
            why: `${server} no longer knew the session when the call arrived, so it was not run: ${words}`,
            requests: `The connection to ${server} was lost.`,
            notRun: true,
          });
        break;
      case 'unsent':
      case 'refused':
        break;
      default:
        failure.code satisfies never;
    }
    if (triesOf(call) > 1)
      return this.interrupt(live, callId, {
        why: `It was to be sent to ${server} again, which did not take it: ${words}`,
        requests: `The connection to ${server} was lost.`,
      });
    await this.fail(live, callId, {
      code: serverUnreachableCode,
      message: `${server} did not take the call: ${words}. It was not run.`,
    });
  }

  /** Its outcome cannot come on this way any more. */
  async interrupt(live: LiveSession, callId: CallId, why: Why): Promise<void> {
    await insist(this.parts, live, (book, now) => {
      // Until here a loss of the connection left the call to its own sending.
      live.sending.delete(callId);
      const call = book.calls.get(callId);
      if (call === undefined || !isUnderWay(call)) return refuse('not_open');
      return { ...interrupted(this.parts, live, { call, why, now }), value: null };
    });
  }

  /** Nothing left this time: a first run fails, for a later one a person decides. */
  private async notSent(
    live: LiveSession,
    call: HeldCall,
    failure: { readonly code: number; readonly message: string },
  ): Promise<void> {
    if (this.parts.stopping) return;
    if (call.interrupted === null)
      return this.fail(live, call.callId, { code: failure.code, message: withNothingSent(failure.message) });
    const [before] = call.interrupted.why.split(again, 1);
    await insist(this.parts, live, (book, now) => {
      const current = book.calls.get(call.callId);
      if (current?.state !== 'held' || !current.reasons.includes('sending')) return refuse('not_open');
      const why = `${before}${again} ${failure.message}`;
      return { ...interruptedAgain(this.parts, live, { call: current, why, now }), value: null };
    });
  }

  async fail(
    live: LiveSession,
    callId: CallId,
    error: { readonly code: number; readonly message: string },
  ): Promise<void> {
    const deciding = (): void => void live.sending.delete(callId);
    await endCall(this.parts, live, { callId, body: { type: 'call.failed', callId, error }, deciding });
  }

  private async append(live: LiveSession, bodies: readonly EventBody[]): Promise<void> {
    const events = bodies.map((body): Draft => ({ actor: holdpoint, body }));
    await insistSoon(this.parts, live, () => ({ events, value: null }));
  }

  /** A call nobody of this process waits for needs nothing but its place in the book. */
  private forgetIdleWork(live: LiveSession, callId: CallId): void {
    const work = live.work.get(callId);
    if (work !== undefined && work.attached.size === 0 && work.stopGrace === null && work.patientUntilAt === null)
      live.work.delete(callId);
  }
}

function isOpenNow(live: LiveSession, callId: CallId): boolean {
  const call = bookOf(live).calls.get(callId);
  return call !== undefined && isOpenCall(call);
}

function withNothingSent(message: string): string {
  return message.includes('not sent') || message.endsWith('Nothing was sent.')
    ? message
    : `${message} Nothing was sent.`;
}
