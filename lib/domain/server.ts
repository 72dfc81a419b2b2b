import type { ServerRow } from './directory';
import type { PersonRef } from './event';
import type { CallId, ConnectionId, SessionId } from './ids';
import type { JsonObject } from './json';
import type { Standing } from './tool-record';
import type { ToolAnnotations } from './tool';
import type { ToolChange } from './tool-change';
import type { ToolOffer } from './tool-offer';

/** Those of the file are changed there; those added in the browser are never started by us. */
export type ServerSource = 'file' | 'browser';

/** `unused`: nothing was asked of it since the start. `removed`: only what was open on it is left. */
export type ServerState = 'unused' | 'reachable' | 'away' | 'failing' | 'removed' | 'unusable';

export interface ServerTrouble {
  readonly at: number;
  readonly message: string;
}

/** What a server agreed to and said of itself when it was last reached. */
export interface Handshake {
  readonly at: number;
  readonly era: 'stateful' | 'stateless';
  readonly protocolVersion: string;
  readonly name: string;
  readonly version: string;
  /** Names of what it can do. */
  readonly capabilities: readonly string[];
}

/** Milliseconds; null for a limit it does not have. */
export interface Limits {
  readonly requestMs: number | null;
  readonly idleMs: number | null;
  readonly lifetimeMs: number | null;
  readonly streamMs: number | null;
}

/** Where requests go: any address, or a runtime of Amazon Bedrock AgentCore, for which they are signed. */
export type ServerTarget =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'agentcore'; readonly arn: string; readonly qualifier: string | null };

/** What an admin wrote, without what is only written: values of headers, and what follows `?` in the address. */
export interface ServerSettings {
  readonly target: ServerTarget;
  /** Whether the address has a query that is kept and not shown. */
  readonly hasQuery: boolean;
  readonly headers: readonly string[];
  readonly trusted: boolean;
  readonly repeatable: readonly string[];
  readonly limits: Limits;
  /** Counts from 1: of two who change it at once the later is told. */
  readonly revision: number;
  readonly changedAt: number;
  readonly changedBy: string;
  /** Why it is not in force; null when it is. */
  readonly unusable: string | null;
}

/** A server to add, or what one is to become. */
export interface ServerOrder {
  readonly name: string;
  /** A null address keeps the one there is. */
  readonly target:
    | { readonly kind: 'url'; readonly url: string | null }
    | { readonly kind: 'agentcore'; readonly arn: string; readonly qualifier: string | null };
  /** A null value keeps the one there is. */
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  readonly trusted: boolean;
  readonly repeatable: readonly string[];
  readonly limits: Limits;
}

/** The same with everything in its place, as it is read before it is kept. */
export interface ServerWriting extends Omit<ServerOrder, 'target' | 'headers'> {
  readonly target: ServerTarget;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface LiveConnectionRow {
  readonly connectionId: ConnectionId;
  readonly sessionId: SessionId;
  readonly agent: string;
  readonly state: 'opening' | 'ready' | 'reattaching';
  readonly openedAt: number;
  readonly openCalls: number;
}

/** A tool as its server's page lists it. */
export interface ToolRow {
  readonly tool: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly standing: Standing;
  /** Of the definition the server gives now. */
  readonly digest: string;
  /** Which parts are not as accepted, in words. */
  readonly changed: string;
  readonly firstSeenAt: number;
  readonly changedAt: number;
  readonly lastSeenAt: number;
  readonly versions: number;
  /** Of the definition that is accepted now. */
  readonly acceptedAt: number | null;
  /** Whether it stood in the last list; null when none was read since the start. */
  readonly offered: boolean | null;
  /** What agents get of the definition it has now; null for one too large to be kept. */
  readonly offer: ToolOffer | null;
}

/** What was seen of a server since the start. */
export interface ServerSight {
  readonly handshake: Handshake | null;
  /** The newest first. */
  readonly troubles: readonly ServerTrouble[];
}

/** The same, and what is open on it now. */
export interface ServerNow extends ServerSight {
  readonly connections: readonly LiveConnectionRow[];
}

/** Everything about one server. */
export interface ServerPage {
  readonly row: ServerRow;
  /** Of one added in the browser; null for the file's. */
  readonly settings: ServerSettings | null;
  readonly limits: Limits | null;
  readonly repeatable: readonly string[];
  readonly sight: ServerNow;
  readonly tools: readonly ToolRow[];
  /** How many there are, of which the first are listed. */
  readonly toolCount: number;
}

/** One definition of a tool, and how it differs from the one before it. */
export interface ToolVersion {
  readonly digest: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly bytes: number;
  readonly acceptedAt: number | null;
  /** Null for the first, which is accepted by being it. */
  readonly acceptedBy: PersonRef | null;
  /** Null when it is larger than is kept. */
  readonly definition: JsonObject | null;
  /** Against the one that was accepted before; null for the first, or when one of the two is not kept. */
  readonly change: ToolChange | null;
}

/** What a trial connection found. */
export type ServerTest =
  | {
      readonly ok: true;
      readonly tookMs: number;
      readonly handshake: Handshake;
      readonly tools: readonly { readonly name: string; readonly title: string }[];
      readonly toolCount: number;
      /** What could not be read although it answered; null when all could. */
      readonly toolsProblem: string | null;
    }
  | {
      readonly ok: false;
      readonly tookMs: number;
      readonly failure: TestFailure;
      readonly message: string;
      /** What to do about it. */
      readonly advice: string;
    };

export type TestFailure =
  | 'address'
  | 'name'
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'unauthorized'
  | 'not_found'
  | 'not_mcp'
  | 'version'
  | 'program'
  | 'network';

/** A tool that a person calls by hand, as it stands. */
export interface Tried {
  readonly callId: CallId;
  readonly sessionId: SessionId;
  readonly server: string;
  readonly tool: string;
  /** Whom or what it waits for, in words. */
  readonly words: string;
  readonly progress: {
    readonly progress: number;
    readonly total: number | null;
    readonly message: string | null;
  } | null;
  /** Null while it runs. */
  readonly outcome: TriedOutcome | null;
}

export type TriedOutcome =
  | { readonly is: 'completed'; readonly result: JsonObject | null; readonly bytes: number }
  | {
      readonly is: 'failed' | 'rejected' | 'expired' | 'cancelled' | 'indeterminate' | 'ended';
      readonly message: string;
    };
