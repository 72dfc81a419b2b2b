import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';

/** What a child gets to see: the few variables any program needs and the configured ones, never all of ours. */
export function childEnvironment(configured: Readonly<Record<string, string>>): Record<string, string> {
  return { ...getDefaultEnvironment(), ...configured };
}
