import type { Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { HelloReply } from '@/lib/protocol/command/hello';
import type { Command } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { type Push, readPush } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';
import { Answering } from './answering';
import { Attending } from './attending';
import { forgetDrafts, keepDrafts, keptDrafts } from './draft-storage';
import { Frames } from './frames';
import { Hearing } from './hearing';
import { ListingGate } from './listing-gate';
import { type LiveParts, readPatiently } from './live-parts';
import { Queueing } from './queueing';
import { Reading } from './reading';
import { type Line, lineAwaited, lineLost } from './state/line';
import { applyPushes, applyRequest, atStart } from './state/live-state';
import { SavedViews } from './saved-views';
import { LiveStore } from './store';
import type { Surroundings } from './surroundings';
import { WatchingGate } from './watching-gate';
import type { Send, Wire } from './wire';

/** What the rules screen keeps; it is another's part, and goes with the person. */
const rulesDraftKey = 'holdpoint.rules-draft';
const awaitedMs = 4_000;
const askAgainMs = 2_000;

/** The browser's side of the wire: what it hears it folds into the store, what people do it says. */
export class Live {
  readonly store = new LiveStore();
  readonly answering: Answering;
  readonly attending: Attending;
  readonly reading: Reading;
  readonly watching: WatchingGate;
  readonly listing: ListingGate;
  readonly queueing: Queueing;
  readonly views: SavedViews;
  readonly hearing = new Hearing();
  private readonly parts: LiveParts;
  private readonly frames: Frames<Push>;
  private state: 'stopped' | 'running' = 'stopped';
  private turn = 0;
  private stopKeeping: (() => void) | null = null;

  constructor(
    private readonly wire: Wire,
    private readonly around: Surroundings,
  ) {
    this.frames = new Frames(around, (batch) => this.take(batch));
    const isOnline = (): boolean => this.store.state.line.state === 'online';
    this.parts = { store: this.store, around, send: this.send, turn: () => this.turn, isOnline };
    this.answering = new Answering(this.parts);
    this.attending = new Attending(this.parts);
    this.reading = new Reading(this.parts);
    this.watching = new WatchingGate(this.parts);
    this.listing = new ListingGate(this.parts);
    this.views = new SavedViews(this.parts);
    this.queueing = new Queueing(this.parts, () => this.reading.follow());
  }

  start(): void {
    if (this.state === 'running') return;
    this.state = 'running';
    this.stopKeeping = this.store.api.subscribe((state, before) => {
      if (state.drafts !== before.drafts && state.person !== null)
        keepDrafts(this.around.storage, state.person.id, state.drafts);
    });
    const startedAt = this.around.now();
    this.around.later(awaitedMs, () => this.store.change(({ line }) => ({ line: lineAwaited(line, startedAt) })));
    this.wire.open({
      opened: () => void this.greet(),
      lost: () => this.lost(),
      refused: (code) => this.refused(code),
      pushed: (message) => {
        const push = readPush(message);
        if (push !== null) this.frames.add(push);
      },
    });
  }

  /** Ends the line; what is known stays. `start` takes it up again. */
  stop(): void {
    if (this.state === 'stopped') return;
    this.state = 'stopped';
    this.turn += 1;
    this.queueing.stop();
    this.frames.clear();
    this.stopKeeping?.();
    this.stopKeeping = null;
    this.wire.close();
    this.store.change(() => ({ line: atStart.line }));
  }

  /** Stops and forgets everything, drafts included: someone signs out. */
  forget(): void {
    this.stop();
    forgetDrafts(this.around.storage);
    this.around.storage?.removeItem(rulesDraftKey);
    this.store.reset();
  }

  /** Says one command. Nothing is repeated by itself: see `answering` for answers, `readPatiently` for reading. */
  readonly send: Send = async (command) => {
    const turn = this.turn;
    const reply = await this.wire.send(command);
    if (turn !== this.turn) return reply;
    // What was pushed before this reply is folded before it.
    this.frames.flush();
    if (!reply.ok && reply.code === 'not_signed_in') this.refused(reply.code);
    return reply;
  };

  /** Reads something that may be asked twice; null when the line went away. */
  read<C extends Command>(command: C): Promise<Result<ReplyOf[C['type']]> | null> {
    return readPatiently(this.parts, command);
  }

  /** Takes in a request that a command was answered with. */
  took(request: HoldRequest): void {
    this.store.change((state) => applyRequest(state, request));
  }

  private lost(): void {
    this.turn += 1;
    this.frames.flush();
    this.store.change(({ line }) => ({ line: lineLost(line, this.around.now()) }));
  }

  private refused(code: string): void {
    if (this.state === 'stopped') return;
    this.turn += 1;
    this.store.change(() => ({ line: { state: 'refused', code, sinceAt: this.around.now() } }));
    if (code !== 'not_signed_in') this.around.later(askAgainMs, () => this.wire.again());
  }

  private async greet(): Promise<void> {
    const turn = ++this.turn;
    const saidAt = this.around.now();
    const reply = await this.send({ type: 'hello', version: protocolVersion });
    if (turn !== this.turn || this.state === 'stopped') return;
    if (reply.ok) return this.welcomed(reply.value, (saidAt + this.around.now()) / 2);
    if (reply.code === 'old_page') this.ended({ state: 'old' });
    else if (reply.code !== 'not_signed_in')
      this.around.later(askAgainMs, () => turn === this.turn && void this.greet());
  }

  /** Only loading the page anew helps. */
  private ended(line: Line): void {
    this.turn += 1;
    this.wire.close();
    this.store.change(() => ({ line }));
  }

  private welcomed(hello: HelloReply, heardAt: number): void {
    const { person, storageOk, pauses, auditBroken } = hello;
    const before = this.store.state.person;
    // Someone else signed in meanwhile, in another tab: what is here is not theirs to see.
    if (before !== null && before.id !== person.id)
      return this.ended({ state: 'refused', code: 'other_person', sinceAt: this.around.now() });
    this.store.change(({ drafts, pauses: known }) => ({
      drafts: before === null ? keptDrafts(this.around.storage, person.id, this.around.now()) : drafts,
      line: { state: 'online' },
      person,
      clockOffsetMs: Math.round(hello.now - heardAt),
      storageOk,
      auditBroken,
      pauses: pauses.seq < known.seq ? known : pauses,
    }));
    this.answering.resync();
    this.queueing.resync();
    this.reading.resync();
    this.watching.resync();
    this.listing.resync();
    this.views.resync();
    this.attending.resync();
  }

  /** Tries the line now instead of at its next turn. */
  retry(): void {
    this.wire.again();
  }

  private take(batch: readonly Push[]): void {
    if (this.state === 'stopped') return;
    this.store.change((state) => applyPushes(state, batch, this.around.now() + state.clockOffsetMs));
    const person = batch.findLast((push) => push.type === 'person.changed');
    if (person !== undefined && person.person === null) return this.refused('not_signed_in');
    // Another role may do other things with what is on screen; other teams, or standing in for someone, see others.
    if (person !== undefined) {
      this.reading.resync();
      this.queueing.resync();
    }
    // What may be approved changes with what is paused.
    if (batch.some(({ type }) => type === 'pauses.changed')) this.reading.resync();
    this.readReturned(batch);
    this.reading.follow();
    this.listing.take(batch);
    this.watching.take(batch);
    this.queueing.told(batch);
    this.hearing.take(batch);
  }

  /** A request that could not be seen and is told of now can be. */
  private readReturned(batch: readonly Push[]): void {
    const { details } = this.store.state;
    for (const push of batch) {
      if (push.type !== 'request.changed') continue;
      const known = details.get(push.item.request.requestId);
      if (known?.status === 'failed' && known.failure.code === 'not_found')
        this.reading.read(push.item.request.requestId);
    }
  }
}
