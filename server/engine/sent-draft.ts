import { holdpoint } from '@/lib/domain/actor';
import type { CallFacts } from '@/lib/domain/call';
import type { Connection } from '@/lib/domain/connection';
import { callLimits } from './deadlines';
import type { EngineParts, LiveSession } from './parts';
import { rpcIdOf } from './rpc-ids';
import type { Draft } from './session-log';

/** The intent to send a call, with what is usual for its tool and who gives it up when. */
export function sentDraft(
  parts: EngineParts,
  live: LiveSession,
  sending: {
    readonly call: Pick<CallFacts, 'callId' | 'server' | 'tool'>;
    readonly connection: Connection;
    readonly run: number;
  },
): Draft {
  const { call, connection, run } = sending;
  const { callId, server, tool } = call;
  const entry = parts.servers.get(server);
  const patientUntilAt = live.work.get(callId)?.patientUntilAt ?? null;
  const times = { now: parts.clock.now(), patientUntilAt, connectedAt: connection.openedAt };
  return {
    actor: holdpoint,
    body: {
      type: 'call.sent',
      callId,
      connectionId: connection.connectionId,
      rpcId: rpcIdOf(callId, run),
      pace: parts.paces.paceOf(server, tool),
      limits: entry === undefined ? [] : callLimits(entry, times),
    },
  };
}
