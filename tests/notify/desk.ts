import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { Alarm } from '@/lib/domain/alarm';
import type { SessionEvent } from '@/lib/domain/event';
import { type CallId, mintId, type PersonId, type RequestId, readTeamId, type TeamId } from '@/lib/domain/ids';
import type { Roster, RosterPerson, RosterTeam } from '@/lib/domain/notice/recipients';
import { unknownPace } from '@/lib/domain/pace';
import type { Person } from '@/lib/domain/permission';
import type { TeamRef } from '@/lib/domain/team';
import type { Clock } from '@/server/engine/ports/clock';
import type { MailSettings } from '@/server/notify/mail-settings';
import { migrateNotify } from '@/server/notify/migrate';
import { createNotify, type Notify } from '@/server/notify/notify';
import type { CallSubject, DesktopNotice, NoticeSubject } from '@/server/notify/ports';
import type { NoticeTable, NotifyDb } from '@/server/notify/tables';
import { type Opened, opened } from '@/tests/store/opened';
import { recordingLog } from '@/tests/store/silent-log';

/** A clock whose time moves only when a test says so; what is due then runs. */
export class MovableClock implements Clock {
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor(private at = Date.now()) {}

  now(): number {
    return this.at;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.at + delayMs, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  move(ms: number): void {
    this.at += ms;
    for (const timer of [...this.timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.at || !this.timers.delete(timer)) continue;
      timer.run();
    }
  }
}

export const random = (count: number): Uint8Array => randomBytes(count);
export const secret = 'a secret of the server, long enough to be one';
export const baseUrl = 'https://holdpoint.example.com';

export function teamId(text: string): TeamId {
  const id = readTeamId(text);
  if (id === null) throw new Error(`${text} is no team id`);
  return id;
}

export const payments: TeamRef = { id: teamId('payments'), name: 'Payments' };
export const ops: TeamRef = { id: teamId('ops'), name: 'Ops' };

export function someone(name: string, change: Partial<RosterPerson> = {}): RosterPerson {
  const id = `per_${name}` as PersonId;
  return { id, name, email: `${name}@example.com`, role: 'approver', away: null, disabled: false, ...change };
}

export const ana = someone('ana', { role: 'admin' });
export const ben = someone('ben');
export const cleo = someone('cleo');
export const dora = someone('dora', { role: 'observer' });

export function asPerson({ id, name, email, role }: RosterPerson): Person {
  return { id, name, email, role, teams: [], covers: [] };
}

type Draft<E = SessionEvent> = E extends SessionEvent ? Omit<E, 'sessionId' | 'seq' | 'at' | 'actor'> : never;

export interface DeskOptions {
  readonly mail?: MailSettings | null;
  readonly people?: readonly RosterPerson[];
  readonly teams?: readonly RosterTeam[];
  readonly clock?: MovableClock;
  readonly databaseUrl?: string;
}

/** Notifications with a real database; people, requests and the clock are the test's. */
export class Desk {
  readonly clock: MovableClock;
  readonly subjects = new Map<RequestId, NoticeSubject>();
  readonly calls = new Map<CallId, CallSubject>();
  readonly events: SessionEvent[] = [];
  readonly pushed: { readonly to: PersonId; readonly notice: DesktopNotice }[] = [];
  readonly lines: readonly string[];
  roster: Roster;
  /** What was written down before is away while this is set. */
  away = false;
  browsers = 1;
  /** With no browser: whether one was there until just now. */
  wasAtBrowser = true;
  notify: Notify;
  private seq = 0;

  private constructor(
    private readonly options: DeskOptions,
    private readonly opening: Opened,
    private readonly folder: string | null,
  ) {
    this.clock = options.clock ?? new MovableClock();
    this.roster = { people: options.people ?? [ana, ben], teams: options.teams ?? [] };
    const { lines } = this.logging;
    this.lines = lines;
    this.notify = null as unknown as Notify;
  }

  private readonly logging = recordingLog();

  static async open(options: DeskOptions = {}): Promise<Desk> {
    const folder = options.databaseUrl === undefined ? await mkdtemp(path.join(tmpdir(), 'holdpoint-notify-')) : null;
    const opening = await opened(options.databaseUrl ?? `sqlite:${path.join(folder ?? '', 'holdpoint.db')}`);
    await migrateNotify(opening.db, opening.kind);
    const desk = new Desk(options, opening, folder);
    desk.notify = await desk.create();
    return desk;
  }

  get db(): NotifyDb {
    return this.opening.db as unknown as NotifyDb;
  }

  get store(): Opened {
    return this.opening;
  }

  private create(): Promise<Notify> {
    return createNotify({
      db: this.opening.db as Kysely<unknown>,
      clock: this.clock,
      audit: this.opening.audit,
      log: this.logging.log,
      random,
      secret,
      baseUrl,
      mail: this.options.mail ?? null,
      local: 'allow-local',
      requestOf: async (id) => {
        if (this.away) throw new Error('the database is away');
        return this.subjects.get(id) ?? null;
      },
      callOf: async (id) => {
        if (this.away) throw new Error('the database is away');
        return this.calls.get(id) ?? null;
      },
      roster: () => this.roster,
      openRequests: async () => [...this.subjects.values()].filter(({ state }) => state === 'open'),
      eventsSince: async (at) => this.events.filter((event) => event.at >= at),
      isAtBrowser: () => this.wasAtBrowser || this.browsers > 0,
      pushToPerson: (to, notice) => {
        if (this.browsers > 0) this.pushed.push({ to, notice });
        return this.browsers;
      },
    });
  }

  /** Another life on the same database. */
  async again(): Promise<void> {
    this.notify = await this.create();
  }

  async close(): Promise<void> {
    await this.notify.stop();
    await this.opening.store.close();
    if (this.folder !== null) await rm(this.folder, { recursive: true, force: true });
  }

  /** A request that waits, as the engine would know it. */
  subject(change: Partial<NoticeSubject> = {}): NoticeSubject {
    const now = this.clock.now();
    const subject: NoticeSubject = {
      requestId: mintId('request', random),
      sessionId: mintId('session', random),
      kind: 'approval',
      state: 'open',
      server: 'shell',
      tool: 'run',
      agent: 'deploy-bot',
      risk: 'destructive',
      team: null,
      alsoTeams: [],
      assignedTo: null,
      openedAt: now,
      deadlineAt: now + 30 * 60_000,
      answeredBy: [],
      forModel: false,
      safe: [],
      ...change,
    };
    this.subjects.set(subject.requestId, subject);
    return subject;
  }

  change(id: RequestId, change: Partial<NoticeSubject>): void {
    const subject = this.subjects.get(id);
    if (subject !== undefined) this.subjects.set(id, { ...subject, ...change });
  }

  /** A call under way, as the store would know it. */
  call(change: Partial<CallSubject> = {}): CallSubject {
    const subject: CallSubject = {
      callId: mintId('call', random),
      sessionId: mintId('session', random),
      server: 'shell',
      tool: 'run',
      agent: 'deploy-bot',
      risk: 'destructive',
      team: null,
      owner: null,
      underWay: { lastSignAt: this.clock.now(), pace: unknownPace, isAsking: false },
      ...change,
    };
    this.calls.set(subject.callId, subject);
    return subject;
  }

  async alarm(alarm: Alarm): Promise<void> {
    this.notify.hear({ change: 'alarm', alarm });
    await this.notify.settled();
  }

  /** An event as it is committed, without anyone hearing of it. */
  commit(draft: Draft, by: RosterPerson | null = null): SessionEvent {
    this.seq += 1;
    const actor = by === null ? { kind: 'holdpoint' } : { kind: 'person', id: by.id, name: by.name };
    const sessionId = mintId('session', random);
    const event = { ...draft, sessionId, seq: this.seq, at: this.clock.now(), actor } as SessionEvent;
    this.events.push(event);
    return event;
  }

  /** Committed and told. */
  async tell(draft: Draft, by: RosterPerson | null = null): Promise<void> {
    const event = this.commit(draft, by);
    this.notify.hear({ change: 'events', sessionId: event.sessionId, events: [event] });
    await this.notify.settled();
  }

  /** Opens a request and tells of it. */
  async open(change: Partial<NoticeSubject> = {}): Promise<NoticeSubject> {
    const subject = this.subject(change);
    await this.tell(openedEvent(subject));
    return subject;
  }

  rows(): Promise<NoticeTable[]> {
    return this.db.selectFrom('hp_notice').selectAll().orderBy('created_at').orderBy('id').execute();
  }

  /** Waits until the rows are so; the test's own time limit ends it. */
  async until(isSo: (rows: readonly NoticeTable[]) => boolean): Promise<readonly NoticeTable[]> {
    for (;;) {
      const rows = await this.rows();
      if (isSo(rows)) return rows;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until nothing waits that is due. */
  async quiet(): Promise<readonly NoticeTable[]> {
    return this.until((rows) =>
      rows.every(({ state, next_at }) => state !== 'pending' || Number(next_at) > this.clock.now()),
    );
  }
}

export function openedEvent({
  requestId,
  kind,
  server,
  tool,
  risk,
  team,
  alsoTeams,
  ...subject
}: NoticeSubject): Draft {
  const deadline = { at: subject.deadlineAt, cause: 'default', reason: '', onExpiry: 'deny' } as const;
  return {
    type: 'request.opened',
    requestId,
    kind,
    callId: null,
    candidates: [],
    server,
    tool,
    title: 'never to be told: sk-title0123456789abcdef',
    risk,
    deadline,
    upstream: null,
    digest: null,
    elicitationId: null,
    earlier: null,
    team,
    alsoTeams,
    assignedTo: subject.assignedTo,
    approval: null,
    writer: subject.forModel ? 'model' : 'person',
  };
}
