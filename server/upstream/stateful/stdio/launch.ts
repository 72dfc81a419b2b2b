import { type ChildProcessWithoutNullStreams, spawn, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ServerEntry } from '@/server/engine/ports/servers';
import { shortened } from '../limits';
import { wordsOf } from '../words-of';
import { childEnvironment } from './environment';

export type StdioTransport = Extract<ServerEntry['transport'], { kind: 'stdio' }>;

export type LaunchOutcome =
  | { readonly ok: true; readonly child: ChildProcessWithoutNullStreams; readonly pid: number }
  | { readonly ok: false; readonly message: string };

/** Starts the child in a process group of its own, so that its whole tree can be ended. */
export async function launch(transport: StdioTransport): Promise<LaunchOutcome> {
  const { command, args, env, cwd } = transport;
  if (cwd !== null && !existsSync(cwd)) {
    return { ok: false, message: `Its folder ${shortened(cwd)} does not exist: correct "cwd" in the configuration.` };
  }
  let child: ChildProcessWithoutNullStreams;
  try {
    const options: SpawnOptionsWithoutStdio = {
      env: childEnvironment(env) as NodeJS.ProcessEnv,
      detached: true,
      windowsHide: true,
    };
    child = spawn(command, [...args], cwd === null ? options : { ...options, cwd });
  } catch (error) {
    return { ok: false, message: spawnWords(command, error) };
  }
  const failure = await new Promise<unknown>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', (error) => resolve(error));
  });
  // Later errors of the process are its exit, of its pipes their end.
  child.on('error', () => undefined);
  if (failure !== null || child.pid === undefined) return { ok: false, message: spawnWords(command, failure) };
  return { ok: true, child, pid: child.pid };
}

function spawnWords(command: string, error: unknown): string {
  const shown = shortened(command);
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') {
    return `The program ${shown} was not found: install it, or write its whole path into "command".`;
  }
  if (code === 'EACCES') return `The program ${shown} may not be run: make it executable for this user.`;
  return `The program ${shown} could not be started: ${wordsOf(error)}`;
}
