import type { Arrival, RestoreOrder, StreamPlace, Upstream, UpstreamConnection } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '@/server/upstream/timing';
import { createUpstream } from '@/server/upstream/upstream';
import { cleanUp, type LogLine, orderFor, recordingLog } from '@/tests/upstream/harness';
import { type InboxRecord, RecordingInbox } from '@/tests/upstream/recording-inbox';

type Life = { readonly connection: UpstreamConnection; readonly inbox: RecordingInbox };

/** What a store would have kept of a connection: its facts, each stream's last place, what is under way. */
export function leftBy(
  { connection, inbox }: Life,
  url: string,
  answered: readonly (string | number)[] = [],
): RestoreOrder {
  const { facts } = connection;
  const sent = inbox
    .of('traffic')
    .flatMap(({ args: [{ direction, message }] }) => (direction === 'out' ? [message as Record<string, unknown>] : []));
  const calls = sent.flatMap((message) => (message['method'] === 'tools/call' ? [String(message['id'])] : []));
  const over = new Set(
    [...inbox.of('callResult'), ...inbox.of('callError')].map(({ args: [outcome] }) => outcome.rpcId),
  );
  return {
    ...orderFor(url),
    mcpSessionId: facts.mcpSessionId ?? '',
    facts,
    cursors: placesOf(inbox),
    calls: calls.filter((rpcId) => !over.has(rpcId)),
    questions: inbox
      .of('serverRequest')
      .map(({ args: [request] }) => request.rpcId)
      .filter((rpcId) => !answered.includes(rpcId)),
    answered,
  };
}

/** The last place of each stream. */
export function placesOf(inbox: RecordingInbox): readonly StreamPlace[] {
  const last = new Map<string, StreamPlace>();
  for (const place of inbox.all.flatMap(placeIn)) last.set(place.stream, place);
  return [...last.values()];
}

export interface Restored extends Life {
  readonly upstream: Upstream;
  readonly logLines: readonly LogLine[];
}

/** A new life of ours, with nothing of the old one but what was kept. */
export function restore(order: RestoreOrder, timing: Partial<UpstreamTiming> = {}): Restored {
  const logLines: LogLine[] = [];
  const upstream = createUpstream({ log: recordingLog(logLines), clientVersion: '0.1.0', timing });
  cleanUp(() => upstream.stop());
  const inbox = new RecordingInbox();
  const outcome = upstream.restore(order, inbox);
  if (!outcome.ok) throw new Error(outcome.message);
  return { upstream, inbox, logLines, connection: outcome.connection };
}

function placeIn(record: InboxRecord): readonly StreamPlace[] {
  switch (record.kind) {
    case 'placeMoved':
      return record.args;
    case 'traffic':
    case 'callStreamLost':
    case 'lost':
    case 'reattaching':
    case 'reattached':
      return [];
    default: {
      const arrival = record.args.at(-1) as Arrival;
      return arrival.place === null ? [] : [arrival.place];
    }
  }
}
