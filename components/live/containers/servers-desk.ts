import { useMemo } from 'react';
import type { ServersDesk } from '@/components/admin/servers/server-props';
import type { ServerOrder } from '@/lib/domain/server';
import type { CommandOf } from '@/lib/protocol/commands';
import { useLivePart } from '../hooks';
import { useAct } from './use-read';

/** What the screens of servers ask, over the socket; `changed` is told of each success. */
export function useServersDesk(changed: () => void): ServersDesk {
  const act = useAct();
  const live = useLivePart();
  return useMemo(() => {
    const nothing = (): void => undefined;
    return {
      add: (order) => act({ type: 'servers.add', server: onWire(order) }, changed),
      change: (order, revision) => act({ type: 'servers.change', server: onWire(order), revision }, changed),
      remove: (name, revision) => act({ type: 'servers.remove', name, revision }, changed),
      test: (of) =>
        act({ type: 'servers.test', of: 'order' in of ? { order: onWire(of.order) } : { name: of.name } }, changed),
      tool: (server, tool) => act({ type: 'servers.tool', server, tool }, nothing),
      accept: (server, tools) =>
        act({ type: 'servers.accept', server, tools: tools.map((one) => ({ ...one })) }, changed),
      try: (server, tool, given) => act({ type: 'servers.try', server, tool, arguments: given }, nothing),
      tried: (callId) => act({ type: 'servers.tried', callId }, nothing),
      cancelTry: (callId) => act({ type: 'servers.cancel_try', callId }, nothing),
      onTried: (listener) => live.hearing.on('server.tried', ({ tried }) => listener(tried)),
    };
  }, [act, live, changed]);
}

/** The same with lists the wire's types take. */
function onWire(order: ServerOrder): CommandOf<'servers.add'>['server'] {
  return {
    ...order,
    headers: order.headers.map((header) => ({ ...header })),
    repeatable: [...order.repeatable],
  };
}
