import { createRequire } from 'node:module';
import { startChild } from '@/tests/servers/child';
import type { Command, RunningChild } from '@/tests/servers/child';
import { freePort } from '@/tests/servers/free-port';

export interface Everything {
  readonly url: string;
  readonly child: RunningChild;
  close(): Promise<void>;
}

const entry = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');

/** How a client starts `server-everything` on stdio. */
export const everythingOnStdio: Command = { command: process.execPath, args: [entry, 'stdio'] };

/** Runs `server-everything` over Streamable HTTP as a process of its own. It answers an unknown session with 400. */
export async function startEverything(port?: number): Promise<Everything> {
  const chosen = port ?? (await freePort());
  const child = startChild({
    command: process.execPath,
    args: [entry, 'streamableHttp'],
    env: { PORT: String(chosen) },
  });
  try {
    await child.untilOutput(/listening on port/);
  } catch (error) {
    await child.close();
    throw error;
  }
  return { url: `http://127.0.0.1:${chosen}/mcp`, child, close: () => child.close() };
}
