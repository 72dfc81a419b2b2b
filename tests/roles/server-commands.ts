import type { CallId } from '@/lib/domain/ids';
import type { Command } from '@/lib/protocol/commands';

const limits = { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null };
const server = {
  name: 'absent',
  target: { kind: 'url', url: 'not a url' },
  headers: [],
  trusted: false,
  repeatable: [],
  limits,
} as const;
const order = { ...server, target: { ...server.target }, headers: [], repeatable: [] };

/** What is said about servers, of ones that do not exist. */
export const serverCommands: readonly Command[] = [
  { type: 'servers.read', name: 'absent' },
  { type: 'servers.tool', server: 'absent', tool: 'none' },
  { type: 'servers.add', server: order },
  { type: 'servers.change', server: order, revision: 1 },
  { type: 'servers.remove', name: 'absent', revision: 1 },
  { type: 'servers.test', of: { order } },
  { type: 'servers.accept', server: 'absent', tools: [{ tool: 'none', digest: '0'.repeat(64) }] },
  { type: 'servers.try', server: 'absent', tool: 'none', arguments: {} },
  { type: 'servers.tried', callId: 'call_000000000000' as CallId },
  { type: 'servers.cancel_try', callId: 'call_000000000000' as CallId },
];
