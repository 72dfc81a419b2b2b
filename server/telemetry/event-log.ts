import type { SessionEvent } from '@/lib/domain/event';
import type { Log } from '@/server/engine/ports/log';

type Level = 'info' | 'warn';

/** What is no stage of a life: it comes too often, or says nothing an operator acts on. */
const unsaid: ReadonlySet<SessionEvent['type']> = new Set<SessionEvent['type']>([
  'session.step',
  'call.progress',
  'call.log',
  'call.delivered',
  'call.agent_left',
  'call.agent_back',
  'request.claimed',
  'request.released',
  'request.noted',
  'answer.sent',
  'answer.accepted',
  'answer.moved_on',
]);

const troubles: ReadonlySet<SessionEvent['type']> = new Set<SessionEvent['type']>([
  'connection.lost',
  'call.failed',
  'call.indeterminate',
  'call.interrupted',
  'call.result_lost',
  'answer.undelivered',
]);

/** Members that are ids, counts, or words of this program and of the configuration: the rest is somebody's own (I14). */
const told = [
  'connectionId',
  'callId',
  'requestId',
  'server',
  'tool',
  'kind',
  'transport',
  'era',
  'protocolVersion',
  'hasSession',
  'deleteStatus',
  'end',
  'risk',
  'argumentsBytes',
  'resultBytes',
  'isError',
  'by',
  'next',
  'action',
  'vote',
  'tookMs',
  'writer',
] as const;

/** One line for each stage in the life of sessions, connections, calls and requests. */
export function logEvent(log: Log, event: SessionEvent): void {
  if (unsaid.has(event.type)) return;
  const level: Level = troubles.has(event.type) ? 'warn' : 'info';
  log[level](lineOf(event), event.type);
}

function lineOf(event: SessionEvent): Readonly<Record<string, unknown>> {
  const line: Record<string, unknown> = { sessionId: event.sessionId, seq: event.seq };
  const given: Readonly<Record<string, unknown>> = { ...event };
  for (const name of told) if (given[name] !== undefined && given[name] !== null) line[name] = given[name];
  if (event.type === 'session.started') line['agent'] = event.agent.id;
  if ('rule' in event) line['rule'] = event.rule.id;
  if (event.type === 'call.failed') line['code'] = event.error.code;
  if (event.actor.kind === 'person') line['person'] = event.actor.id;
  return line;
}
