import { ToolSchema } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@/lib/domain/json';

export interface ReadableTools {
  readonly tools: readonly JsonObject[];
  /** Names of those left out. */
  readonly left: readonly string[];
}

/**
 * What a client can take. Clients read a list as a whole: one tool that is none, or a name that stands there twice, would
 * take the tools of every other server with it. Of one name the first stays, which is the one that is called.
 */
export function readableTools(tools: readonly JsonObject[]): ReadableTools {
  const readable = new Map<string, JsonObject>();
  const left: string[] = [];
  for (const tool of tools) {
    const { name: given } = tool;
    const name = typeof given === 'string' ? given : '';
    if (!readable.has(name) && ToolSchema.safeParse(tool).success) readable.set(name, tool);
    else left.push(name);
  }
  return { tools: [...readable.values()], left };
}
