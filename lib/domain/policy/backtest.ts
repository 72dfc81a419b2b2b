import type { CallId, SessionId } from '../ids';
import type { PolicyDecision } from './rule';

/** What rules would have said of the calls received last, beside what those in force say. */
export interface Backtest {
  readonly calls: number;
  /** How many calls each pair of decisions has. */
  readonly totals: readonly {
    readonly before: PolicyDecision;
    readonly after: PolicyDecision;
    readonly calls: number;
  }[];
  /** Newest first, at most 200. */
  readonly changes: readonly {
    readonly callId: CallId;
    readonly sessionId: SessionId;
    readonly receivedAt: number;
    readonly title: string;
    readonly server: string;
    readonly tool: string;
    readonly agent: string;
    readonly before: { readonly decision: PolicyDecision; readonly rule: string };
    readonly after: { readonly decision: PolicyDecision; readonly rule: string; readonly words: string };
  }[];
}
