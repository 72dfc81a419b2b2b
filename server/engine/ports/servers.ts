import type { PolicyRule } from '@/lib/domain/policy';

/** One upstream MCP server, as configured. */
export interface ServerEntry {
  /** Letters, digits, `-`, `_`, `.`; never `__`. */
  readonly name: string;
  readonly transport:
    | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
    | {
        readonly kind: 'stdio';
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, string>>;
        readonly cwd: string | null;
      };
  /** Whether its annotations are believed. */
  readonly trusted: boolean;
  readonly limits: ServerLimits;
}

/** The server's own limits, milliseconds; null when it states none (I8). */
export interface ServerLimits {
  readonly requestMs: number | null;
  readonly idleMs: number | null;
  readonly lifetimeMs: number | null;
}

/** What the configuration file says, parsed once. */
export interface Settings {
  readonly servers: readonly ServerEntry[];
  readonly rules: readonly PolicyRule[];
  /** Identifies the rules an approval was given under (I6). */
  readonly policyVersion: string;
  /** A session without open calls and without contact ends after this. */
  readonly idleSessionMs: number;
  /** How long a person has when nothing else says so. */
  readonly requestDeadlineMs: number;
  /** How often an agent that gave a progress token hears that a person is being asked. */
  readonly heartbeatMs: number;
  /** How long an ending waits for servers to answer a cancel, and for DELETE. */
  readonly endingGraceMs: number;
  readonly limits: {
    readonly sessionsPerAgent: number;
    readonly openCallsPerSession: number;
    /** Largest JSON body of a call, bytes. */
    readonly argumentsBytes: number;
  };
}
