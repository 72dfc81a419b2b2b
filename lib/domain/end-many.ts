import type { RequestKind } from './event';
import type { SessionId } from './ids';
import type { SessionNarrowing } from './session-query';

/** Which live sessions: those named, or all that a list with these bounds finds. */
export interface EndSelection {
  readonly sessionIds: readonly SessionId[] | null;
  /** As the list asks for it; false: only what is over, so nothing that could be ended. */
  readonly live: boolean | null;
  readonly search: string | null;
  readonly narrow: SessionNarrowing | null;
}

/** One session of the preview. `print` stands for all that is shown of it: another print is another session to look at. */
export interface EndManyRow {
  readonly sessionId: SessionId;
  readonly agent: string;
  readonly print: string;
  readonly calls: number;
  /** Calls whose effects will be unknown. */
  readonly unknown: number;
  readonly requests: number;
}

/** What ending many sessions would do, added up; shown before anything is done. */
export interface EndManyPreview {
  readonly about: string;
  readonly graceMs: number;
  readonly sessions: readonly EndManyRow[];
  /** Of those named: how many are over, or ending, already. */
  readonly over: number;
  /** Found as well, but beyond what one order ends. */
  readonly beyond: number;
  /** Each message that waiting agents will hear, with `{reason}` where the reason will stand. */
  readonly told: readonly { readonly agents: readonly string[]; readonly sessions: number; readonly message: string }[];
  readonly unknown: readonly { readonly server: string; readonly tool: string; readonly calls: number }[];
  /** In flight and read-only: nothing to undo. */
  readonly harmless: number;
  /** Never sent: rejected. */
  readonly held: number;
  /** The first of them; `requestsTotal` counts all. */
  readonly requests: readonly {
    readonly title: string;
    readonly kind: RequestKind;
    readonly agent: string;
    readonly answering: string | null;
  }[];
  readonly requestsTotal: number;
  readonly connections: readonly {
    readonly server: string;
    readonly transport: 'http' | 'stdio';
    readonly count: number;
  }[];
}

/** The most that one order ends. */
export const endManyMost = 5_000;
