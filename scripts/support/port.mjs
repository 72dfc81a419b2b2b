// Says before a long build, rather than after it, that the port is taken.
import { createServer } from 'node:net';
import { StepFailure } from './step.mjs';

export function wantedPort() {
  const text = process.env.PORT ?? '';
  if (text === '') return 3000;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new StepFailure(`PORT must be a whole number up to 65535, not "${text}".`);
  return port;
}

/** Throws a StepFailure when something already listens on the port, on any address. */
export async function requireFreePort(port, command) {
  if (port === 0) return;
  for (const host of ['::', '0.0.0.0', '127.0.0.1']) {
    const code = await new Promise((resolve) => {
      const probe = createServer();
      probe.once('error', (error) => resolve(error.code));
      probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve('free')));
    });
    if (code === 'EADDRINUSE') {
      throw new StepFailure(
        `Port ${port} is in use. Stop the program that uses it, or take another: PORT=${port + 1} ${command}`,
      );
    }
    if (code === 'EACCES') {
      throw new StepFailure(`Port ${port} may not be opened by this user. Take another: PORT=3000 ${command}`);
    }
  }
}
