import { isJsonObject, type JsonObject } from './json';

/**
 * What agents get of a tool as its server defines it. Clients read a list of tools as a whole: one definition that they
 * cannot take would take every other tool with it, those of other servers too.
 */
export type ToolOffer =
  | { readonly is: 'whole' }
  /** Listed without its `outputSchema`, which MCP leaves to the server: it can be called as before. */
  | { readonly is: 'without_output'; readonly why: OutputFault; readonly detail: string }
  | { readonly is: 'left_out'; readonly why: LeftOut; readonly detail: string };

/**
 * `broken`: no client can compile it. `too_large`, `too_slow`: more than one may be made to. `named`: by an `$id` inside
 * it could stand for another tool's. `async`: a result that does not fit would be an unhandled rejection in the client.
 */
export type OutputFault = 'broken' | 'too_large' | 'too_slow' | 'named' | 'async';

/** `task_only`: it can only be called as a task, which Holdpoint does not do. */
export type LeftOut = 'unreadable' | 'task_only';

export const wholeOffer: ToolOffer = { is: 'whole' };

/** Whether its server refuses a plain call of it (`execution.taskSupport`, MCP 2025-11-25). */
export function isTaskOnly(definition: JsonObject): boolean {
  const { execution } = definition;
  return isJsonObject(execution) && execution['taskSupport'] === 'required';
}
