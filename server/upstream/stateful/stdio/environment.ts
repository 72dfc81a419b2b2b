import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';

/** Tells a child of ours, and what it starts, from other processes after we died. */
export const mark = { name: 'HOLDPOINT_STDIO_SERVER', value: '1' } as const;

/** What a child gets to see: the few variables any program needs and the configured ones, never all of ours. */
export function childEnvironment(configured: Readonly<Record<string, string>>): Record<string, string> {
  return { ...getDefaultEnvironment(), ...configured, [mark.name]: mark.value };
}
