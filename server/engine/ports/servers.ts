import type { MailEntry } from './mail-entry';
import type { ModelEntry } from './model-entry';
import type { PaceLimits } from '@/lib/domain/pace/history';
import type { MaskingRule } from '@/lib/domain/masking/rule';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { Retention } from '@/lib/domain/retention';

/** One upstream MCP server, as configured. */
export interface ServerEntry {
  /** Letters, digits, `-`, `_`, `.`; never `__`. */
  readonly name: string;
  readonly transport:
    | {
        readonly kind: 'http';
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
        /** Every request is signed for this AWS service (SigV4); null when it is not. */
        readonly sign: { readonly service: string; readonly region: string } | null;
        /** Of one added in the browser: where it may stand. Absent for the file's, which may stand anywhere. */
        readonly reach?: ServerReach;
      }
    | {
        readonly kind: 'stdio';
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, string>>;
        readonly cwd: string | null;
      };
  /** Whether its annotations are believed. */
  readonly trusted: boolean;
  /** Patterns of tools that the configuration declares safe to repeat, whatever their annotations say (I4). */
  readonly repeatable: readonly string[];
  readonly limits: ServerLimits;
  readonly pace: PaceSettings;
}

/** From when on its quiet calls count as slow and stalled, as far as the configuration says. */
export interface PaceSettings extends PaceLimits {
  /** The first that matches a tool's name wins, over what is said for the whole server. */
  readonly tools: readonly (PaceLimits & { readonly tool: string })[];
}

/** All is learned. */
export const learnedPace: PaceSettings = { slowAfterMs: null, stalledAfterMs: null, tools: [] };

/** `private`: everywhere but where no server of anybody's is (0020). `public`: the public internet alone. */
export type ServerReach = 'private' | 'public';

/** The server's own limits, milliseconds; null when it states none (I8). */
export interface ServerLimits {
  readonly requestMs: number | null;
  readonly idleMs: number | null;
  readonly lifetimeMs: number | null;
  /** How long one response stream lives; a limit of a question only where the stream cannot be resumed. */
  readonly streamMs: number | null;
}

/** How long the programs that call tools wait, and what becomes of a call whose agent left. */
export interface AgentSettings {
  readonly onDisconnect: 'keep' | 'cancel';
  /** How long an agent may be away before `cancel` takes effect. */
  readonly disconnectGraceMs: number;
  /** How long a client that no profile knows is made to wait before it gets a ticket; null: for ever. */
  readonly holdMs: number | null;
  /** The first that matches wins. */
  readonly clients: readonly ClientProfile[];
}

export interface ClientProfile {
  /** Pattern of `clientInfo.name`, with `*`. */
  readonly name: string;
  /** Pattern of `clientInfo.version`; null for any. */
  readonly version: string | null;
  readonly holdMs: number | null;
  /** False for a client that can do nothing with a ticket: its patience is then a deadline (I8). */
  readonly tickets: boolean;
}

/** What the configuration file says, parsed once. */
export interface Settings {
  readonly servers: readonly ServerEntry[];
  /** The rules of the configuration: the first version, on a database that has none yet. */
  readonly rules: readonly PolicyRule[];
  /** A session without open calls and without contact ends after this. */
  readonly idleSessionMs: number;
  /** How long a person has when nothing else says so. */
  readonly requestDeadlineMs: number;
  /** How often an agent that gave a progress token hears that a person is being asked. */
  readonly heartbeatMs: number;
  /** How long an ending waits for servers to answer a cancel, and for DELETE. */
  readonly endingGraceMs: number;
  readonly agents: AgentSettings;
  /** Models that may write replies to sampling requests, the usual one first. */
  readonly models: readonly ModelEntry[];
  /** Null: no mail is sent. */
  readonly mail: MailEntry | null;
  /** What is masked and how long things are kept, on a database that has nothing of it yet. */
  readonly keeping: {
    readonly masking: readonly MaskingRule[];
    readonly retention: Retention | null;
  };
  readonly limits: {
    readonly sessionsPerAgent: number;
    readonly openCallsPerSession: number;
    /** HTTP requests of one agent, over all its sessions; a burst may be larger. */
    readonly requestsPerSecond: number;
    /** Largest JSON body of a call, bytes. */
    readonly argumentsBytes: number;
  };
}
