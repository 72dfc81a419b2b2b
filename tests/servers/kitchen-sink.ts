import { hostOverHttp } from '@/tests/servers/http-host';
import type { HostOptions, HttpHost } from '@/tests/servers/http-host';
import { connectKitchen } from '@/tests/servers/kitchen/server';
import type { KitchenOptions } from '@/tests/servers/kitchen/server';
import { Switchboard } from '@/tests/servers/kitchen/switchboard';
import { Records } from '@/tests/servers/records';

export interface KitchenSinkOptions extends HostOptions, KitchenOptions {}

export interface KitchenSink extends HttpHost {
  readonly records: Records;
  /** Lets every waiting `slow` call return. */
  release(): void;
  /** Sends `notifications/elicitation/complete` for an `ask_url` under way, and lets that call return. */
  completeElicitation(elicitationId: string): Promise<void>;
  /** Adds a tool and tells every session that the list has changed. */
  addTool(name: string): Promise<void>;
}

/** A server for tests with everything in it, in this process, over Streamable HTTP in the stateful era. */
export async function startKitchenSink(options: KitchenSinkOptions = {}): Promise<KitchenSink> {
  const records = new Records();
  const switchboard = new Switchboard();
  const connect = (transport: Parameters<typeof connectKitchen>[0]): Promise<void> =>
    connectKitchen(transport, { records, switchboard, options });
  const host = await hostOverHttp(connect, records, options);
  return {
    ...host,
    records,
    release: () => switchboard.release(),
    completeElicitation: (elicitationId) => switchboard.completeElicitation(elicitationId),
    addTool: (name) => switchboard.addTool(name),
  };
}
