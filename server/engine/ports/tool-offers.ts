import { type ToolOffer, wholeOffer } from '@/lib/domain/tool-offer';
import type { ListedTool } from './agents';

/** What agents get of the tools their servers list. Implemented by `server/servers`. */
export interface ToolOffers {
  /** Of one server's tools, in their order. Answers within seconds whatever they are, and never throws. */
  of(server: string, tools: readonly ListedTool[]): Promise<readonly ToolOffer[]>;
}

/** Every tool is offered as it is. */
export const wholeOffers: ToolOffers = { of: (_server, tools) => Promise.resolve(tools.map(() => wholeOffer)) };
