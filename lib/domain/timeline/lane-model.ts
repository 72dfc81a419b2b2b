import type { CallState } from '../call';
import type { AgentLeft, AnswerAction, LogLevel, RequestKind, RuleRef } from '../event';
import type { CallId, PersonId, RequestId } from '../ids';
import type { Pace } from '../pace';
import type { Risk } from '../tool';

/** `held`: not yet sent, and no person asked. `model`: a sampling request that no person answered. */
export type SegmentKind = 'held' | 'people' | 'work' | 'model';
export type Delivery = 'sent' | 'accepted' | 'moved_on' | 'undelivered';

export interface SegmentPerson {
  readonly id: PersonId;
  readonly name: string;
}

/** The request a segment with people waited for. */
export interface SegmentRequest {
  readonly requestId: RequestId;
  readonly kind: RequestKind;
  readonly title: string;
  readonly deadlineAt: number;
  readonly deadlineReason: string;
  /** Who is answering, until the claim lapses at `claimedUntilAt`; then who answered. */
  readonly by: SegmentPerson | null;
  readonly claimedUntilAt: number | null;
  readonly outcome: AnswerAction | 'expired' | 'withdrawn' | null;
  readonly delivery: Delivery | null;
}

/** A stretch of a lane. `to` is null while it lasts. */
export interface Segment {
  /** Of the event that began it. */
  readonly seq: number;
  readonly kind: SegmentKind;
  readonly from: number;
  readonly to: number | null;
  readonly request: SegmentRequest | null;
}

export interface Tick {
  readonly seq: number;
  readonly at: number;
  readonly progress: number;
  readonly total: number | null;
  readonly message: string | null;
}

export interface LogMark {
  readonly seq: number;
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
}

/** Where a run of the call was cut off, or from where on its result can no longer come back. */
export interface LaneBreak {
  readonly seq: number;
  readonly at: number;
  readonly why: string;
  /**
   * `repeat`: it goes again by itself. `ask`: a person decides. `urls`: it was not run, and goes again when pages are
   * visited. `result_lost`: it goes on unheard.
   */
  readonly next: 'repeat' | 'ask' | 'urls' | 'result_lost';
  /** When it was sent again; null when it was not. */
  readonly againAt: number | null;
}

export type OutcomeState = Exclude<CallState, 'held' | 'working' | 'input_required'>;

export interface OutcomeMark {
  readonly seq: number;
  readonly at: number;
  readonly state: OutcomeState;
  /** A completed call whose tool reports an error. */
  readonly isError: boolean;
  readonly cause: string | null;
}

/** What one call, or one question outside any call, draws. */
export interface Lane {
  readonly id: CallId | RequestId;
  /** Of its first event: lanes stand in this order. */
  readonly seq: number;
  /** Null for a question the server asked outside any call we can name. */
  readonly callId: CallId | null;
  readonly server: string;
  readonly tool: string;
  readonly risk: Risk;
  readonly from: number;
  readonly to: number | null;
  /** Of its last sending; null while none is under way. */
  readonly sentAt: number | null;
  /** How often it was sent. */
  readonly runs: number;
  /** The `seq` of each sending. */
  readonly sends: readonly number[];
  readonly breaks: readonly LaneBreak[];
  /** How its agent stopped waiting; null while it waits. */
  readonly agentLeft: AgentLeft | null;
  readonly deliveredAt: number | null;
  readonly lastSignAt: number;
  /** What was usual for its tool when it was last sent. */
  readonly pace: Pace;
  readonly rule: RuleRef | null;
  readonly state: CallState;
  readonly segments: readonly Segment[];
  readonly ticks: readonly Tick[];
  /** The highest total that was told, or progress where none was; 0 before the first tick. */
  readonly furthest: number;
  /** The ticks at which its words changed: what it was at, by name. */
  readonly stages: readonly Tick[];
  readonly logs: readonly LogMark[];
  readonly outcome: OutcomeMark | null;
}
