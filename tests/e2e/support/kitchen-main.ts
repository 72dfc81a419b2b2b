import { appendFileSync } from 'node:fs';
import { hostOverHttp } from '@/tests/servers/http-host';
import { connectKitchen } from '@/tests/servers/kitchen/server';
import { Switchboard } from '@/tests/servers/kitchen/switchboard';
import { Records } from '@/tests/servers/records';

/**
 * The kitchen sink over Streamable HTTP as a process of its own. Environment: `PORT`; `KITCHEN_RECORDS`, a file that
 * gets every record as a JSON line. SIGUSR2 forgets every session: the next request with its id gets 404.
 */
async function main(): Promise<void> {
  const records = new Records();
  const file = String(process.env['KITCHEN_RECORDS']);
  records.onRecord((record) => appendFileSync(file, `${JSON.stringify(record)}\n`));
  records.add({ kind: 'process_started', sessionId: undefined, pid: process.pid });
  const switchboard = new Switchboard();
  const host = await hostOverHttp(
    (transport) => connectKitchen(transport, { records, switchboard, options: {} }),
    records,
    { port: Number(process.env['PORT']) },
  );
  process.on('SIGUSR2', () => void host.forgetSessions());
  console.log('listening');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
