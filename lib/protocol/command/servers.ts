import { z } from 'zod';
import type { ServerRow } from '@/lib/domain/directory';
import type { JsonObject } from '@/lib/domain/json';
import type { ServerOrder, ServerPage, ServerSettings, ServerTest, ToolVersion, Tried } from '@/lib/domain/server';
import { idSchema } from './ids';

const longestName = 64;
const longestUrl = 4_000;
const longestHeader = 8_000;
const mostHeaders = 50;
const mostPatterns = 200;
const longestTool = 512;
const mostAccepted = 500;
const dayMs = 86_400_000;

const name = z.string().min(1).max(longestName);
const tool = z.string().min(1).max(longestTool);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const limit = z
  .int()
  .min(1)
  .max(365 * dayMs)
  .nullable();

/** There is no way to say a program to start: a server added here is one on the network. */
const orderSchema = z.strictObject({
  name,
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('url'), url: z.string().max(longestUrl).nullable() }),
    z.strictObject({
      kind: z.literal('agentcore'),
      arn: z.string().max(longestUrl),
      qualifier: z.string().max(longestName).nullable(),
    }),
  ]),
  headers: z
    .array(z.strictObject({ name: z.string().min(1).max(200), value: z.string().max(longestHeader).nullable() }))
    .max(mostHeaders),
  trusted: z.boolean(),
  repeatable: z.array(tool).max(mostPatterns),
  limits: z.strictObject({ requestMs: limit, idleMs: limit, lifetimeMs: limit, streamMs: limit }),
}) satisfies z.ZodType<ServerOrder>;

export const serversListCommand = z.strictObject({ type: z.literal('servers.list') });
export interface ServersListReply {
  readonly servers: readonly ServerRow[];
}

export const serversReadCommand = z.strictObject({ type: z.literal('servers.read'), name });
export type ServersReadReply = ServerPage;

/** Every definition that is kept of one tool. */
export const serversToolCommand = z.strictObject({ type: z.literal('servers.tool'), server: name, tool });
export interface ServersToolReply {
  readonly versions: readonly ToolVersion[];
}

export const serversAddCommand = z.strictObject({ type: z.literal('servers.add'), server: orderSchema });
export type ServersAddReply = ServerSettings;

/** Refused when another changed it since `revision`. */
export const serversChangeCommand = z.strictObject({
  type: z.literal('servers.change'),
  server: orderSchema,
  revision: z.int().min(1),
});
export type ServersChangeReply = ServerSettings;

export const serversRemoveCommand = z.strictObject({
  type: z.literal('servers.remove'),
  name,
  revision: z.int().min(1),
});
export type ServersRemoveReply = true;

/** A trial connection: to a server in force, or to one as it would be. Nothing is kept of it. */
export const serversTestCommand = z.strictObject({
  type: z.literal('servers.test'),
  of: z.union([z.strictObject({ name }), z.strictObject({ order: orderSchema })]),
});
export type ServersTestReply = ServerTest;

/** Tools whose definitions an admin saw and accepts, as they were when they saw them. */
export const serversAcceptCommand = z.strictObject({
  type: z.literal('servers.accept'),
  server: name,
  tools: z.array(z.strictObject({ tool, digest })).min(1).max(mostAccepted),
});
export interface ServersAcceptReply {
  readonly accepted: number;
}

/** Calls a tool as a person, on the way of any agent's call; answered once it is recorded. */
export const serversTryCommand = z.strictObject({
  type: z.literal('servers.try'),
  server: name,
  tool,
  arguments: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
});
export type ServersTryReply = Tried;

export const serversTriedCommand = z.strictObject({ type: z.literal('servers.tried'), callId: idSchema('call') });
export type ServersTriedReply = Tried;

export const serversCancelTryCommand = z.strictObject({
  type: z.literal('servers.cancel_try'),
  callId: idSchema('call'),
});
export type ServersCancelTryReply = Tried;
