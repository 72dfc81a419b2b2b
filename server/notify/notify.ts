import type { Kysely } from 'kysely';
import type { RequestId } from '@/lib/domain/ids';
import type { Channel } from '@/lib/domain/notice';
import type { Change } from '@/server/engine/ports/publisher';
import type { LocalAddresses } from './channel/local-addresses';
import { DeadlineWatch } from './deadline-watch';
import { Dispatcher } from './dispatcher';
import { EndpointHealth } from './endpoint-health';
import { EndpointStore } from './endpoint-store';
import { Intake } from './intake';
import type { MailSettings } from './mail-settings';
import { markSlackMs, NoticeStore } from './notice-store';
import { Notices } from './notices';
import { type Occasion, occasionOf, occasionOfAlarm, type RequestOccasion, routeKey } from './occasions';
import { Planner } from './planner';
import type { NotifyPorts } from './ports';
import { PreferenceStore } from './preference-store';
import { Seal } from './seal';
import { Sender } from './sender';
import type { NotifyDb } from './tables';

export interface NotifyOptions<Tables> extends NotifyPorts {
  /** Shared with the store; `migrateNotify` has run on it. */
  readonly db: Kysely<Tables>;
  /** Of the server; what seals addresses is derived from it. At least 32 characters. */
  readonly secret: string;
  /** Without a path. */
  readonly baseUrl: string;
  /** Null: no mail is sent. */
  readonly mail: MailSettings | null;
  readonly local: LocalAddresses;
}

/** Tells people what waits for them. */
export interface Notify {
  readonly notices: Notices;
  /** What the engine publishes; to be connected before the engine runs. Never throws. */
  hear(change: Change): void;
  /** Takes up what is pending, catches up with what came while we were not there, and begins. */
  run(): Promise<void>;
  /** Resolves when everything heard is written down. */
  settled(): Promise<void>;
  /** Ends in order: what is under way may finish for a moment, the rest stays pending for the next start. */
  drain(): Promise<void>;
  /** Ends at once. */
  stop(): Promise<void>;
}

const channels: readonly Channel[] = ['desktop', 'email', 'slack', 'webhook'];
/** For what is under way when we stop. */
const graceMs = 2_000;
const keptMs = 30 * 86_400_000;
const purgeEveryMs = 6 * 3_600_000;
/** Reads a little at a time, so that a long queue does not hold up a start. */
const catchUpPauseEvery = 100;

export async function createNotify<Tables>(options: NotifyOptions<Tables>): Promise<Notify> {
  // The store's handle knows only its own tables; ours are in the same database.
  const db = options.db as unknown as NotifyDb;
  const preferences = new PreferenceStore(db);
  const { audit, random } = options;
  const seal = new Seal(options.secret);
  const endpoints = new EndpointStore({ db, seal, random, ...(audit === undefined ? {} : { audit }) });
  await preferences.load();
  await endpoints.load();
  return new NotifyService(options, { store: new NoticeStore(db, options.random), preferences, endpoints });
}

interface Stores {
  readonly store: NoticeStore;
  readonly preferences: PreferenceStore;
  readonly endpoints: EndpointStore;
}

type ServiceOptions = NotifyPorts & Pick<NotifyOptions<never>, 'baseUrl' | 'mail' | 'local'>;

class NotifyService implements Notify {
  readonly notices: Notices;
  private readonly sender: Sender;
  private readonly planner: Planner;
  private readonly dispatchers: readonly Dispatcher[];
  private readonly intake: Intake<Occasion | 'catch-up'>;
  private readonly deadlines: DeadlineWatch;
  private life: 'new' | 'running' | 'stopped' = 'new';
  private cancelPurge: () => void = () => undefined;

  constructor(
    private readonly options: ServiceOptions,
    private readonly stores: Stores,
  ) {
    const { clock, log, random, baseUrl, mail, local } = options;
    const { store, preferences, endpoints } = stores;
    this.sender = new Sender({ ports: options, preferences, endpoints, mail, local, baseUrl });
    this.planner = new Planner({ ports: options, ...stores, mail: mail === null ? 'no-mail' : 'mail' });
    const health = new EndpointHealth(endpoints, store, { clock, log });
    const shared = { store, sender: this.sender, health, clock, log, random };
    this.dispatchers = channels.map((channel) => new Dispatcher({ ...shared, channel }));
    this.intake = new Intake<Occasion | 'catch-up'>({
      clock,
      log,
      take: (item) => (item === 'catch-up' ? this.catchUp() : this.take(item)),
      overflowed: () => this.intake.add('catch-up'),
    });
    this.deadlines = new DeadlineWatch(clock, (id) => this.intake.add(occasionBySelf(id, 'expiring', 'once')));
    this.notices = new Notices({ ports: options, ...stores, sender: this.sender, local });
  }

  hear(change: Change): void {
    if (change.change === 'request') {
      const { request } = change.item;
      const { requestId, openedAt, deadline } = request;
      const isForPeople = request.state === 'open' && request.writer === 'person';
      if (isForPeople) this.deadlines.watch(requestId, { openedAt, deadlineAt: deadline.at });
      else this.deadlines.forget(requestId);
    }
    if (change.change === 'alarm') this.intake.add(occasionOfAlarm(change.alarm));
    if (change.change !== 'events') return;
    for (const event of change.events) {
      const occasion = occasionOf(event);
      if (occasion !== null) this.intake.add(occasion);
    }
  }

  async run(): Promise<void> {
    this.life = 'running';
    try {
      await this.catchUp();
    } catch (error) {
      this.options.log.warn({ err: error }, 'catching up with notices failed; it is tried again');
      this.intake.add('catch-up');
    }
    if (this.life !== 'running') return;
    this.intake.run();
    for (const dispatcher of this.dispatchers) dispatcher.run();
    this.purge();
  }

  settled(): Promise<void> {
    return this.intake.settled();
  }

  async drain(): Promise<void> {
    this.end();
    const grace = new Promise<void>((resolve) => void this.options.clock.after(graceMs, resolve));
    await Promise.race([this.intake.settled(), grace]);
    await Promise.race([Promise.all(this.dispatchers.map((dispatcher) => dispatcher.drain())), grace]);
    await this.stop();
  }

  async stop(): Promise<void> {
    this.end();
    await Promise.all([this.intake.stop(), ...this.dispatchers.map((dispatcher) => dispatcher.stop())]);
    await this.sender.close();
  }

  private end(): void {
    this.life = 'stopped';
    this.deadlines.stop();
    this.cancelPurge();
  }

  private async take(occasion: Occasion): Promise<void> {
    const added = await this.planner.plan(occasion);
    if (added > 0) for (const dispatcher of this.dispatchers) dispatcher.wake();
  }

  /** What was committed and not written down here before we died is found again; what was written is not told twice. */
  private async catchUp(): Promise<void> {
    const { store } = this.stores;
    await this.replay();
    const open = await this.options.openRequests();
    const untold = new Set(await store.untold(open.map(({ requestId }) => requestId)));
    for (const [index, waits] of open.entries()) {
      const { requestId } = waits;
      if (index % catchUpPauseEvery === 0) await new Promise((resolve) => setImmediate(resolve));
      if (this.life === 'stopped') return;
      this.deadlines.watch(requestId, waits);
      // What was told is not read again: a long queue would hold up a start.
      const subject = untold.has(requestId) ? await this.options.requestOf(requestId) : null;
      if (subject?.state !== 'open' || subject.forModel) continue;
      await this.take(occasionBySelf(requestId, 'opened', routeKey(subject)));
    }
  }

  /** `eventsSince` may return a part: the next begins where it ended. */
  private async replay(): Promise<void> {
    const { store } = this.stores;
    let markAt = await store.mark();
    while (markAt !== null) {
      const events = await this.options.eventsSince(markAt - markSlackMs);
      for (const event of [...events].sort((a, b) => a.at - b.at)) {
        const occasion = occasionOf(event);
        if (occasion !== null) await this.take(occasion);
      }
      const reachedAt = await store.mark();
      if (reachedAt === markAt) return;
      markAt = reachedAt;
    }
  }

  private purge(): void {
    if (this.life !== 'running') return;
    const { clock, log } = this.options;
    this.stores.store
      .purge(clock.now() - keptMs)
      .catch((error: unknown) => log.warn({ err: error }, 'old notices could not be forgotten'));
    this.cancelPurge = clock.after(purgeEveryMs, () => this.purge());
  }
}

function occasionBySelf(requestId: RequestId, kind: 'opened' | 'expiring', occurrence: string): RequestOccasion {
  return { requestId, occurrence, unless: 'told-any', cause: { kind }, by: null, at: null };
}
