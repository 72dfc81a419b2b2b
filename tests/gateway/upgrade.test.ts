import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { createGateway, type GatewayPorts } from '@/server/gateway/gateway';
import { Hub } from '@/server/gateway/hub';
import { MovableClock, silent } from '@/tests/engine/workplace';

it('an upgrade that nobody takes is not held open for ever', async () => {
  const clock = new MovableClock();
  const ports: Partial<GatewayPorts> = {
    hub: new Hub(silent),
    clock,
    log: silent,
    origins: [],
    directory: { personOf: async () => null, onPersonChanged() {} } as unknown as GatewayPorts['directory'],
  };
  const gateway = createGateway(ports as GatewayPorts);
  const http = createServer();
  gateway.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const heard = new Promise((resolve) => http.once('upgrade', resolve));
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.write('GET /anything HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await heard;
  clock.move(10_000);
  await closed;
  await gateway.stop();
  expect(socket.destroyed).toBe(true);
});
