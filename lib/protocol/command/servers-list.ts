import { z } from 'zod';
import type { ServerRow } from '@/lib/domain/directory';

/** The configured servers. */
export const serversListCommand = z.strictObject({ type: z.literal('servers.list') });

export interface ServersListReply {
  readonly servers: readonly ServerRow[];
}
