import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import type { RequestKind, SessionEvent } from '@/lib/domain/event';
import type { ConnectionId } from '@/lib/domain/ids';
import { sessionEnds } from '@/lib/domain/session-query';
import { type EndedStory, outcomes, type SpanDraft } from './call-story';

/** What a process holds at this moment, asked for whenever figures are read. */
export interface Census {
  readonly sessions: number;
  readonly storageOk: boolean;
  /** By state. */
  readonly calls: ReadonlyMap<string, number>;
  /** Open to people, by kind. */
  readonly requests: ReadonlyMap<string, number>;
  /** Live, by server. */
  readonly connections: ReadonlyMap<string, number>;
  readonly browsers: number;
  readonly audit: AuditFigures;
}

/** What was found of the audit log when it was verified last. */
export interface AuditFigures {
  readonly isBroken: boolean;
  readonly provenUpTo: number;
  /** Epoch milliseconds; null before it was verified. */
  readonly wholeAt: number | null;
}

/** Seconds: machines answer in the first of them, people in the last. */
const workBounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];
const peopleBounds = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400];

interface Instruments {
  readonly calls: Counter;
  readonly callSeconds: Histogram;
  readonly workSeconds: Histogram;
  readonly humanSeconds: Histogram;
  readonly modelSeconds: Histogram;
  readonly opened: Counter;
  readonly settled: Counter;
  readonly undelivered: Counter;
  readonly sessions: Counter;
  readonly ended: Counter;
  readonly lost: Counter;
  readonly commits: Counter;
}

/**
 * Counts what is committed, on every meter it is given. Labels are what the configuration or this program names, never
 * what a server or an agent chose: those could be without number.
 */
export class Figures {
  private readonly all: readonly Instruments[];
  private readonly servers = new Set<string>();
  /** Whose each live connection is, as far as this life of ours opened it. */
  private readonly serverOf = new Map<ConnectionId, string>();

  constructor(meters: readonly Meter[], census: () => Census) {
    this.all = meters.map(instrumentsOf);
    for (const meter of meters) observe(meter, census);
    for (const each of this.all) begin(each);
  }

  take(event: SessionEvent): void {
    if (event.type === 'connection.opening') this.serverOf.set(event.connectionId, event.server);
    if (event.type === 'call.received' || event.type === 'connection.opening') this.meet(event.server);
    for (const each of this.all) this.count(each, event);
    if (event.type === 'connection.lost' || event.type === 'connection.closed')
      this.serverOf.delete(event.connectionId);
  }

  /** A server's outcomes are there before the first of each: from nothing to one is no rise to who reads figures. */
  private meet(server: string): void {
    if (this.servers.has(server)) return;
    this.servers.add(server);
    for (const { calls } of this.all) for (const outcome of outcomes) calls.add(0, { server, outcome });
    for (const { lost } of this.all) lost.add(0, { server });
  }

  private count(to: Instruments, event: SessionEvent): void {
    if (event.type !== 'connection.lost') return count(to, event);
    const server = this.serverOf.get(event.connectionId);
    // One that an earlier life opened: its server is in the log.
    to.lost.add(1, { server: server ?? 'unknown' });
  }

  /** A session's events were committed. */
  committed(): void {
    for (const each of this.all) each.commits.add(1);
  }

  ended({ server, outcome, spans }: EndedStory): void {
    const [call] = spans;
    if (call === undefined) return;
    for (const each of this.all) {
      each.calls.add(1, { server, outcome });
      each.callSeconds.record(secondsOf(call), { server, outcome });
      const work = spans.filter(({ key }) => key.of === 'send');
      if (work.length > 0) each.workSeconds.record(workSeconds(spans), { server });
      for (const span of spans) {
        const kind = String(span.facts['holdpoint.request.kind'] ?? '');
        const answer = String(span.facts['holdpoint.answer'] ?? 'none');
        if (span.key.of === 'human wait') each.humanSeconds.record(secondsOf(span), { kind, answer });
        if (span.key.of === 'model') each.modelSeconds.record(secondsOf(span), { answer });
      }
    }
  }
}

/** With its server, less what it spent waiting for people and models there. */
function workSeconds(spans: readonly SpanDraft[]): number {
  const at = spans.filter(({ key }) => key.of === 'send').reduce((sum, span) => sum + secondsOf(span), 0);
  const asked = spans.filter(({ key, parent }) => key.of !== 'send' && parent?.of === 'send');
  return Math.max(0, at - asked.reduce((sum, span) => sum + secondsOf(span), 0));
}

function secondsOf({ startAt, endAt }: SpanDraft): number {
  return Math.max(0, endAt - startAt) / 1_000;
}

function instrumentsOf(meter: Meter): Instruments {
  const seconds = (name: string, description: string, bounds: readonly number[]): Histogram =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: [...bounds] } });
  const counter = (name: string, description: string): Counter => meter.createCounter(name, { description });
  return {
    calls: counter('holdpoint.calls', 'Calls that ended, by server and outcome'),
    callSeconds: seconds('holdpoint.call.duration.seconds', 'From reception to outcome, people included', peopleBounds),
    workSeconds: seconds('holdpoint.call.work.seconds', 'Time with the server, without people and models', workBounds),
    humanSeconds: seconds(
      'holdpoint.request.wait.seconds',
      'From opening a request to its answer or end',
      peopleBounds,
    ),
    modelSeconds: seconds('holdpoint.model.wait.seconds', 'Time a model took to answer', workBounds),
    opened: counter('holdpoint.requests.opened', 'Requests opened, by kind'),
    settled: counter('holdpoint.requests.settled', 'Requests answered, expired or withdrawn, by how'),
    undelivered: counter('holdpoint.answers.undelivered', 'Answers that did not reach whom they were for'),
    sessions: counter('holdpoint.sessions.started', 'Sessions started'),
    ended: counter('holdpoint.sessions.ended', 'Sessions ended, by how'),
    lost: counter('holdpoint.connections.lost', 'Connections lost, by server'),
    commits: counter('holdpoint.commits', 'Commits that recorded events, one for each session in them'),
  };
}

const personKinds: readonly RequestKind[] = ['form', 'url', 'approval', 'sampling', 'recovery'];

/** Told as none from the start, so that the first of each is seen as a rise. */
function begin({ opened, settled, undelivered, sessions, ended, commits }: Instruments): void {
  for (const kind of personKinds) opened.add(0, { kind, writer: 'person' });
  for (const how of ['accept', 'decline', 'cancel', 'expired', 'withdrawn']) settled.add(0, { how });
  for (const end of sessionEnds) ended.add(0, { end });
  for (const one of [undelivered, sessions, commits]) one.add(0);
}

function count(to: Instruments, event: SessionEvent): void {
  switch (event.type) {
    case 'session.started':
      return to.sessions.add(1);
    case 'session.ended':
      return to.ended.add(1, { end: event.end });
    case 'request.opened':
      return to.opened.add(1, { kind: event.kind, writer: event.writer });
    case 'request.answered':
      return to.settled.add(1, { how: event.action });
    case 'request.expired':
      return to.settled.add(1, { how: 'expired' });
    case 'request.withdrawn':
      return to.settled.add(1, { how: 'withdrawn' });
    case 'answer.undelivered':
      return to.undelivered.add(1);
    default:
  }
}

function observe(meter: Meter, census: () => Census): void {
  const gauge = (name: string, description: string, read: (now: Census) => ReadonlyMap<string, number> | number) => {
    // What is not reported keeps its last value: what is no more has to be told as none.
    const known = new Set<string>();
    const label = labels[name] ?? 'of';
    meter.createObservableGauge(name, { description }).addCallback((result) => {
      const value = read(census());
      if (typeof value === 'number') return result.observe(value);
      for (const of of value.keys()) known.add(of);
      for (const of of known) result.observe(value.get(of) ?? 0, { [label]: of });
    });
  };
  gauge('holdpoint.sessions.live', 'Sessions that have not ended', ({ sessions }) => sessions);
  gauge('holdpoint.calls.open', 'Calls without an outcome, by state', ({ calls }) => calls);
  gauge('holdpoint.requests.open', 'Requests that wait for people, by kind', ({ requests }) => requests);
  gauge('holdpoint.connections.live', 'Connections to servers, by server', ({ connections }) => connections);
  gauge('holdpoint.browsers', 'Pages that are connected', ({ browsers }) => browsers);
  gauge('holdpoint.storage.ok', '1 while the database takes writes', ({ storageOk }) => (storageOk ? 1 : 0));
  gauge('holdpoint.audit.chain.broken', '1 while the audit log is not as it was written', ({ audit }) =>
    audit.isBroken ? 1 : 0,
  );
  gauge(
    'holdpoint.audit.verified.entries',
    'The last entry of the audit log up to which all verified',
    ({ audit }) => audit.provenUpTo,
  );
  gauge(
    'holdpoint.audit.verified.timestamp.seconds',
    'When all of the audit log was whole last; 0: not yet',
    ({ audit }) => (audit.wholeAt ?? 0) / 1_000,
  );
}

const labels: Readonly<Record<string, string>> = {
  'holdpoint.calls.open': 'state',
  'holdpoint.requests.open': 'kind',
  'holdpoint.connections.live': 'server',
};
