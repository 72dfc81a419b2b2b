import { z } from 'zod';
import type { ServerRow } from '@/lib/domain/directory';
import type { PolicyRule } from '@/lib/domain/policy';

/** The configured servers and rules. */
export const serversListCommand = z.strictObject({ type: z.literal('servers.list') });

export interface ServersListReply {
  readonly servers: readonly ServerRow[];
  readonly rules: readonly PolicyRule[];
}
