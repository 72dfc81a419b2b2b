import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';

const alsoSafe = ['LANG', 'LC_ALL', 'TMPDIR', 'TZ'] as const;

/** What a child gets to see: the few variables any program needs and the configured ones, never all of ours. */
export function childEnvironment(configured: Readonly<Record<string, string>>): Record<string, string> {
  const environment = getDefaultEnvironment();
  for (const name of alsoSafe) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...configured };
}
