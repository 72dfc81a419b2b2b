import { connectAttacked } from '@/tests/chaos/servers/attacked-server';
import { Journal } from '@/tests/chaos/servers/journal';
import { hostOverHttp } from '@/tests/servers/http-host';
import { Records } from '@/tests/servers/records';

/**
 * SDK v1 over Streamable HTTP. Environment: `PORT`, `JOURNAL` (a file), `EVENTS` (`kept` or `none`). SIGUSR2 ends
 * every session from this side: the next request with its id gets 404.
 */
async function main(): Promise<void> {
  const journal = new Journal(String(process.env['JOURNAL']));
  const host = await hostOverHttp((transport) => connectAttacked(transport, journal), new Records(), {
    port: Number(process.env['PORT']),
    events: process.env['EVENTS'] === 'none' ? 'none' : 'kept',
  });
  process.on('SIGUSR2', () => void host.forgetSessions());
  journal.write({ kind: 'booted', pid: process.pid });
  console.log('listening');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
