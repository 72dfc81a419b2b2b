import type { Handshake } from '@/lib/domain/server';

/** "MCP 2025-11-25, stateful". */
export function eraWords({ protocolVersion, era }: Pick<Handshake, 'protocolVersion' | 'era'>): string {
  return `MCP ${protocolVersion === '' ? 'of no stated version' : protocolVersion}, ${era}`;
}
