import type { Call } from './call';
import type { SessionId } from './ids';
import type { HoldRequest } from './request';

/** What ending a session will do, shown before anything happens. */
export interface EndPreview {
  readonly sessionId: SessionId;
  readonly agent: string;
  readonly calls: readonly { readonly call: Call; readonly effect: 'none' | 'unknown'; readonly words: string }[];
  readonly requests: readonly { readonly request: HoldRequest; readonly answering: string | null }[];
  /** How long servers and processes have to stop by themselves before they are forced. */
  readonly graceMs: number;
  /** With `{reason}` where the admin's reason will stand. */
  readonly agentMessage: string;
  readonly connections: readonly {
    readonly server: string;
    readonly transport: 'http' | 'stdio';
    readonly words: string;
  }[];
}
