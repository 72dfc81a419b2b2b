import { z } from 'zod';
import type { AgentRow } from '@/lib/domain/directory';
import { idSchema } from './ids';

export const agentsListCommand = z.strictObject({ type: z.literal('agents.list') });
export interface AgentsListReply {
  readonly agents: readonly AgentRow[];
}

export const agentsCreateCommand = z.strictObject({
  type: z.literal('agents.create'),
  name: z.string().trim().min(1).max(60),
  servers: z.array(z.string().max(64)).max(200).nullable(),
  /** Who answers for it; null for nobody. */
  owner: idSchema('person').nullable(),
});
export interface AgentsCreateReply {
  readonly agent: AgentRow;
  /** Shown once. */
  readonly key: string;
}

export const agentsRevokeCommand = z.strictObject({ type: z.literal('agents.revoke'), agentId: idSchema('agent') });
export type AgentsRevokeReply = AgentRow;

export const agentsSetOwnerCommand = z.strictObject({
  type: z.literal('agents.set_owner'),
  agentId: idSchema('agent'),
  owner: idSchema('person').nullable(),
});
export type AgentsSetOwnerReply = AgentRow;
