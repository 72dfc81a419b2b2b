import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { splitToolName } from '@/lib/domain/tool';
import type { CallOrder } from '@/server/engine/ports/agents';
import { idempotencyKeyOf, idempotencyMember } from './idempotency';
import { isRpcId, type RpcId } from './message';

/** `tools/call` as it came, its shape checked. */
export interface ToolCallParams {
  /** As the agent names it. */
  readonly name: string;
  readonly arguments: JsonObject;
  /** Without the progress token. */
  readonly meta: JsonObject;
  readonly progressToken: RpcId | null;
}

export function readToolCall(params: JsonObject): Result<ToolCallParams> {
  const { name, arguments: given, _meta } = params;
  if (typeof name !== 'string') return refuse('bad_input', 'tools/call needs the name of a tool, a text.');
  if (given !== undefined && !isJsonObject(given))
    return refuse('bad_input', 'The arguments of tools/call must be an object.');
  if (_meta !== undefined && !isJsonObject(_meta)) return refuse('bad_input', '_meta must be an object.');
  const { progressToken, ...meta } = _meta ?? {};
  return done({ name, arguments: given ?? {}, meta, progressToken: isRpcId(progressToken) ? progressToken : null });
}

/** What is ordered of a server; on `/mcp` (scope null) the tool's name begins with its server's. */
export function orderOf(
  call: ToolCallParams,
  where: { readonly scope: string | null; readonly keyHeader: string | null },
): Result<Omit<CallOrder, 'task' | 'patienceMs'>> {
  const { scope, keyHeader } = where;
  const tool = scope === null ? splitToolName(call.name) : { server: scope, tool: call.name };
  if (tool === null)
    return refuse('unknown_tool', 'There is no such tool. Tools are named server__tool here; tools/list shows them.');
  const key = idempotencyKeyOf(call.meta, keyHeader);
  if (!key.ok) return key;
  // The key is between the agent and us.
  const { [idempotencyMember]: _key, ...meta } = call.meta;
  return done({ ...tool, arguments: call.arguments, meta, idempotencyKey: key.value });
}
