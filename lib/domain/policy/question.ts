import type { JsonObject } from '../json';
import type { ToolAnnotations } from '../tool';

/** What a rule may look at: one call, as it came. */
export interface PolicyQuestion {
  readonly server: { readonly name: string; readonly trusted: boolean };
  readonly tool: {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    /** As the server states them: they count only from a trusted one. */
    readonly annotations: ToolAnnotations;
  };
  readonly agent: {
    readonly name: string;
    /** The e-mail address of who answers for it; null when nobody does. */
    readonly owner: string | null;
  };
  readonly session: {
    /** The agent's client, as it named itself; null when it did not. */
    readonly client: string | null;
    /** The one server of `/mcp/{server}`; null for all. */
    readonly scope: string | null;
  };
  readonly args: JsonObject;
}
