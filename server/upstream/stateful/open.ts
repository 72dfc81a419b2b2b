import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { isJsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { ConnectionFacts, OpenOutcome, UpstreamConnection, UpstreamInbox } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '../timing';
import { ClientBridge } from './client-bridge';
import { ClientLease, createClient } from './client';
import { StatefulConnection } from './connection';
import { Feed } from './feed';
import { Gate } from './gate';
import type { Leg, LegListener } from './leg';
import { shortened } from './limits';
import { openFailure } from './open-failure';
import { Deadline } from './too-late';

export interface OpenOrder {
  readonly inbox: UpstreamInbox;
  readonly log: Log;
  readonly timing: UpstreamTiming;
  readonly clientVersion: string;
  readonly makeLeg: (listener: LegListener) => Leg;
  readonly isSigned: boolean;
  readonly closed: (connection: UpstreamConnection) => void;
  /** Work that goes on after the outcome is known. */
  readonly background: (work: Promise<unknown>) => void;
  readonly stopping: AbortSignal;
}

const setLevelMs = 10_000;
const failedGraceMs = 2_000;

/** Opens a connection in the stateful era: the transport, the handshake, the standalone stream. Never throws. */
export async function openStateful(order: OpenOrder): Promise<OpenOutcome> {
  const { inbox, log, timing, makeLeg, clientVersion } = order;
  const gate = new Gate(inbox, log);
  const feed = new Feed(gate, log);
  const leg = makeLeg(feed);
  const bridge = new ClientBridge(leg);
  feed.connect({ leg, bridge });
  const started = await leg.start();
  if (!started.ok) return { ok: false, code: 'spawn_failed', message: started.message };
  const client = createClient(clientVersion, log);
  const late = new Deadline(timing.handshakeMs, order.stopping);
  try {
    await Promise.race([client.connect(bridge, { timeout: timing.handshakeMs }), late.passed]);
    await Promise.race([leg.attach(), late.passed]);
    const facts = readFacts(leg, client, bridge);
    if (leg.downWhy !== null) throw new Error(leg.downWhy);
    bridge.opened();
    const connection: StatefulConnection = new StatefulConnection({
      facts,
      leg,
      gate,
      router: feed.router,
      client: new ClientLease(bridge, () => createClient(clientVersion, log)),
      bridge,
      timing,
      closed: () => order.closed(connection),
    });
    feed.opened();
    if (facts.capabilities['logging'] !== undefined) {
      void connection.request('logging/setLevel', { level: 'info' }, setLevelMs);
    }
    return { ok: true, connection };
  } catch (error) {
    gate.shut();
    await bridge.close();
    const { downWhy } = leg;
    // A session that was begun is ended, but the caller does not wait for it.
    order.background(leg.close({ terminate: true, graceMs: failedGraceMs }));
    return openFailure(error, { kind: leg.kind, downWhy, handshakeMs: timing.handshakeMs, isSigned: order.isSigned });
  } finally {
    late.cancel();
  }
}

function readFacts(leg: Leg, client: Client, bridge: ClientBridge): ConnectionFacts {
  const raw = isJsonObject(bridge.initializeResult) ? bridge.initializeResult : {};
  const info = client.getServerVersion();
  const capabilitiesOfServer = raw['capabilities'];
  const { protocolVersion, instructions, serverInfo } = raw;
  const introduction = isJsonObject(serverInfo) ? serverInfo : {};
  return {
    transport: leg.kind,
    protocolVersion: typeof protocolVersion === 'string' ? protocolVersion : '',
    serverInfo: { ...introduction, name: shortened(info?.name ?? ''), version: shortened(info?.version ?? '') },
    capabilities: isJsonObject(capabilitiesOfServer) ? capabilitiesOfServer : {},
    instructions: typeof instructions === 'string' ? instructions : null,
    mcpSessionId: leg.mcpSessionId,
    process: leg.process,
  };
}
