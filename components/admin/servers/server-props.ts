import type { CallId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Result } from '@/lib/domain/refusal';
import type { ServerOrder, ServerSettings, ServerTest, ToolVersion, Tried } from '@/lib/domain/server';

/** What the screens of servers ask of Holdpoint. */
export interface ServersDesk {
  readonly add: (order: ServerOrder) => Promise<Result<ServerSettings>>;
  readonly change: (order: ServerOrder, revision: number) => Promise<Result<ServerSettings>>;
  readonly remove: (name: string, revision: number) => Promise<Result<true>>;
  /** Of one in force, by its name, or of one as it would be. */
  readonly test: (of: { readonly name: string } | { readonly order: ServerOrder }) => Promise<Result<ServerTest>>;
  readonly tool: (server: string, tool: string) => Promise<Result<{ readonly versions: readonly ToolVersion[] }>>;
  readonly accept: (
    server: string,
    tools: readonly { readonly tool: string; readonly digest: string }[],
  ) => Promise<Result<{ readonly accepted: number }>>;
  readonly try: (server: string, tool: string, given: JsonObject) => Promise<Result<Tried>>;
  readonly tried: (callId: CallId) => Promise<Result<Tried>>;
  readonly cancelTry: (callId: CallId) => Promise<Result<Tried>>;
  /** Hears how tools that are tried stand, until the returned function is called. */
  readonly onTried: (listener: (tried: Tried) => void) => () => void;
}
