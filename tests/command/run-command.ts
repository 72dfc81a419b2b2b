import { execFile } from 'node:child_process';
import { commandFor } from '@/tests/servers/bundle-main';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `holdpoint …` in a process of its own, as an operator runs it, with this environment and no more. */
export async function runCommand(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const { command, args: before } = await commandFor('server/command.ts');
  const options = { env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env } as NodeJS.ProcessEnv };
  return new Promise((resolve) => {
    execFile(command, [...before, ...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
    });
  });
}
