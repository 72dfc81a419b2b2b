import type { RestoreOrder, UpstreamConnection } from '@/server/engine/ports/upstream';
import { ClientLease, createClient } from './client';
import { ClientBridge } from './client-bridge';
import { StatefulConnection } from './connection';
import { Feed } from './feed';
import { Gate } from './gate';
import type { OpenOrder } from './open';

export type RestoreParts = Pick<OpenOrder, 'inbox' | 'log' | 'timing' | 'clientVersion' | 'makeLeg' | 'closed'>;

/** A connection of an earlier life, as it was: nothing is sent until it is told to resume, or given something to send. */
export function restoreStateful(order: RestoreOrder, parts: RestoreParts): UpstreamConnection {
  const { inbox, log, timing, clientVersion, makeLeg, closed } = parts;
  const gate = new Gate(inbox, log);
  const feed = new Feed(gate, log);
  const { router } = feed;
  const leg = makeLeg(feed);
  const bridge = new ClientBridge(leg);
  feed.connect({ leg, bridge });
  for (const rpcId of order.calls) router.expect(rpcId);
  for (const rpcId of order.answered) router.asked.restoreAnswered(rpcId);
  for (const rpcId of order.questions) router.asked.restore(rpcId);
  feed.opened();
  bridge.opened();
  const connection: StatefulConnection = new StatefulConnection({
    facts: order.facts,
    leg,
    gate,
    router,
    client: new ClientLease(bridge, () => createClient(clientVersion, log)),
    bridge,
    timing,
    closed: () => closed(connection),
  });
  return connection;
}
