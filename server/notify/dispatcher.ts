import type { RandomBytes } from '@/lib/domain/ids';
import type { Channel } from '@/lib/domain/notice';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { failed, type SendOutcome } from './channel/outcome';
import type { Message } from './content/messages';
import type { Delivery } from './delivery';
import type { EndpointHealth } from './endpoint-health';
import type { Ending, NoticeStore } from './notice-store';
import { waitAfter } from './schedule';
import type { Sender } from './sender';

export interface DispatcherParts {
  readonly channel: Channel;
  readonly store: NoticeStore;
  readonly sender: Pick<Sender, 'send' | 'whyNot'>;
  readonly health: EndpointHealth;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
}

const atOnce: { readonly [C in Channel]: { readonly all: number; readonly perRecipient: number } } = {
  desktop: { all: 32, perRecipient: 1 },
  email: { all: 4, perRecipient: 1 },
  slack: { all: 8, perRecipient: 1 },
  webhook: { all: 16, perRecipient: 4 },
};

/** A try that takes longer counts as failed. */
export const sendMs = 20_000;
/** After the database was away. */
const databasePauseMs = 5_000;
/** Timers may not be longer than about 24 days. */
const longestSleepMs = 3_600_000;

/** Sends what is due on one channel: some at once, few to each recipient, so that a place that hangs holds up no other. */
export class Dispatcher {
  private readonly underWay = new Map<string, Delivery>();
  private readonly aborts = new Set<AbortController>();
  private readonly running = new Set<Promise<void>>();
  private life: 'new' | 'running' | 'draining' | 'stopped' = 'new';
  private look: 'idle' | 'looking' | 'again' = 'idle';
  private cancelTimer: () => void = () => undefined;
  private readonly pauses = new Set<() => void>();

  constructor(private readonly parts: DispatcherParts) {}

  run(): void {
    this.life = 'running';
    this.wake();
  }

  /** Something may be due. */
  wake(): void {
    if (this.life !== 'running') return;
    if (this.look !== 'idle') {
      this.look = 'again';
      return;
    }
    this.track(this.lookAround());
  }

  /** Takes nothing new; resolves when what is under way has ended. */
  async drain(): Promise<void> {
    if (this.life !== 'stopped') this.life = 'draining';
    this.cancelTimer();
    for (const go of this.pauses) go();
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Breaks off what is under way: it stays pending and is tried again at the next start. */
  async stop(): Promise<void> {
    this.life = 'stopped';
    for (const abort of this.aborts) abort.abort();
    await this.drain();
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.parts.log.error({ err: error, channel: this.parts.channel }, 'notices failed'))
      .finally(() => this.running.delete(tracked));
    this.running.add(tracked);
  }

  private async lookAround(): Promise<void> {
    try {
      let nextAt: number | null;
      do {
        this.look = 'looking';
        nextAt = await this.startDue();
      } while (this.lookedAgain());
      this.sleepUntil(nextAt);
    } catch (error) {
      this.parts.log.warn({ err: error, channel: this.parts.channel }, 'deliveries could not be read');
      this.wakeAfter(databasePauseMs);
    } finally {
      const missed = this.look === 'again';
      this.look = 'idle';
      if (missed) this.wake();
    }
  }

  private lookedAgain(): boolean {
    return this.look === 'again' && this.life === 'running';
  }

  /** Resolves with when the next is due; null when none is, or when the end of one under way wakes us anyhow. */
  private async startDue(): Promise<number | null> {
    const { channel, store, clock } = this.parts;
    const { all } = atOnce[channel];
    while (this.life === 'running' && this.aborts.size < all) {
      const rows = await store.upcoming(channel, this.busy(), all - this.aborts.size);
      const now = clock.now();
      const due = rows.filter(({ nextAt }) => nextAt <= now);
      for (const leader of due) await this.start(leader, now);
      if (due.length === 0) return rows[0]?.nextAt ?? null;
    }
    return null;
  }

  private async start(leader: Delivery, now: number): Promise<void> {
    // Gathered, or its recipient made busy, by one before it in the same look.
    if (this.underWay.has(leader.id) || this.busy().recipients.includes(leader.recipient)) return;
    const batch = await this.parts.store.batchOf(leader, now);
    if (this.life !== 'running') return;
    for (const each of batch) this.underWay.set(each.id, each);
    const abort = new AbortController();
    this.aborts.add(abort);
    this.track(this.deliver(batch, abort).finally(() => this.release(batch, abort)));
  }

  private release(batch: readonly Delivery[], abort: AbortController): void {
    for (const { id } of batch) this.underWay.delete(id);
    this.aborts.delete(abort);
    this.wake();
  }

  private busy(): { readonly ids: readonly string[]; readonly recipients: readonly string[] } {
    const messages = new Map<string, Set<string>>();
    for (const { id, batch, recipient } of this.underWay.values())
      messages.set(recipient, (messages.get(recipient) ?? new Set()).add(batch ?? id));
    const most = atOnce[this.parts.channel].perRecipient;
    const recipients = [...messages].filter(([, ids]) => ids.size >= most).map(([recipient]) => recipient);
    return { ids: [...this.underWay.keys()], recipients };
  }

  private sleepUntil(nextAt: number | null): void {
    if (nextAt === null) return;
    const waitMs = nextAt - this.parts.clock.now();
    if (waitMs > 0) this.wakeAfter(Math.min(waitMs, longestSleepMs));
    // It became due while we looked.
    else this.look = 'again';
  }

  private wakeAfter(waitMs: number): void {
    this.cancelTimer();
    if (this.life === 'running') this.cancelTimer = this.parts.clock.after(waitMs, () => this.wake());
  }

  private async deliver(batch: readonly Delivery[], abort: AbortController): Promise<void> {
    const going = await this.stillWanted(batch);
    const [first, ...rest] = going;
    if (first === undefined) return;
    const id = first.batch ?? first.id;
    const outcome = await this.tryOnce(
      first,
      { id, contents: [first.content, ...rest.map(({ content }) => content)] },
      abort,
    );
    // Broken off by our own stop: nothing is known, so nothing is written.
    if (outcome.outcome === 'failed' && this.life === 'stopped') return;
    await this.record(going, first, outcome);
  }

  /** Nothing, after a pause, while the database is away: it stays pending. */
  private async stillWanted(batch: readonly Delivery[]): Promise<readonly Delivery[]> {
    const { sender, store, log } = this.parts;
    const going: Delivery[] = [];
    try {
      for (const delivery of batch) {
        const why = await sender.whyNot(delivery);
        if (why === null) going.push(delivery);
        else await store.end([delivery.id], { state: 'dropped', words: why, status: null }, delivery.attempts);
      }
      return going;
    } catch (error) {
      log.warn({ err: error }, 'what a notice is about could not be read');
      await this.pause();
      return [];
    }
  }

  private async tryOnce(first: Delivery, message: Message, abort: AbortController): Promise<SendOutcome> {
    const cancel = this.parts.clock.after(sendMs, () => abort.abort());
    try {
      return await this.parts.sender.send(first, message, abort.signal);
    } catch (error) {
      this.parts.log.error({ err: error, channel: first.channel, delivery: first.id }, 'a notice could not be made');
      return failed('It could not be made into a message.');
    } finally {
      cancel();
    }
  }

  private async record(going: readonly Delivery[], first: Delivery, outcome: SendOutcome): Promise<void> {
    const { store, health, clock, random, channel, log } = this.parts;
    const attempts = first.attempts + 1;
    const now = clock.now();
    const ids = going.map(({ id }) => id);
    const ending = endingOf(outcome, {
      now,
      attempts,
      waitMs: outcome.outcome === 'failed' ? waitAfter(channel, attempts, random) : null,
    });
    if (outcome.outcome !== 'sent')
      log.info(
        { channel, delivery: first.id, attempts, status: outcome.status, why: outcome.words },
        'a notice was not sent',
      );
    await this.written(() => store.end(ids, ending, attempts));
    await this.written(() => health.note(first, outcome, ending));
  }

  /** Until it is written the delivery counts as under way, so that it is not sent a second time meanwhile. */
  private async written(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        this.parts.log.warn({ err: error }, 'what became of a notice could not be written');
        if (this.life !== 'running') return;
        await this.pause();
      }
    }
  }

  /** Cut short by a stop. */
  private async pause(): Promise<void> {
    if (this.life !== 'running') return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        cancel();
        this.pauses.delete(go);
        resolve();
      };
      const cancel = this.parts.clock.after(databasePauseMs, go);
      this.pauses.add(go);
    });
  }
}

function endingOf(
  outcome: SendOutcome,
  { now, attempts, waitMs }: { readonly now: number; readonly attempts: number; readonly waitMs: number | null },
): Ending {
  const { status } = outcome;
  switch (outcome.outcome) {
    case 'sent':
      return { state: 'sent', at: now, status };
    case 'refused':
      return { state: 'failed', words: outcome.words, status };
    case 'gone':
      return { state: 'dropped', words: outcome.words, status };
    case 'failed':
      return waitMs === null
        ? { state: 'failed', words: `Given up after ${attempts} tries. ${outcome.words}`, status }
        : {
            state: 'pending',
            words: outcome.words,
            status,
            nextAt: now + Math.max(waitMs, outcome.retryAfterMs ?? 0),
          };
  }
}
