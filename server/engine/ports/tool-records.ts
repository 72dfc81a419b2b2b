import type { JsonObject } from '@/lib/domain/json';
import type { ToolChange } from '@/lib/domain/tool-change';
import type { ListedTool } from './agents';

export type ToolStanding =
  | { readonly is: 'accepted' }
  /** Not the definition that was accepted: which parts, in words, and since when. */
  | { readonly is: 'changed'; readonly parts: string; readonly sinceAt: number | null }
  /** Nothing is known of the tool: its server lists more than is kept, or it could not be saved. */
  | { readonly is: 'unrecorded' };

/** What servers said their tools are, and which of it people accepted. Implemented by `server/servers`. */
export interface ToolRecords {
  /** A server's whole list. On disk when it resolves; `unsaved`: what is new in it stays unrecorded. Never throws. */
  saw(server: string, tools: readonly ListedTool[]): Promise<'saved' | 'unsaved'>;
  /** From memory, at once. */
  standing(server: string, tool: string, definition: JsonObject): ToolStanding;
  /** How a definition differs from the accepted one; null when it does not, or that is not kept. May throw. */
  change(server: string, tool: string, definition: JsonObject): Promise<ToolChange | null>;
}

/** Every definition is taken as it is. */
export const noRecords: ToolRecords = {
  saw: () => Promise.resolve('saved'),
  standing: () => ({ is: 'accepted' }),
  change: () => Promise.resolve(null),
};
