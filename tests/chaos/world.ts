/**
 * What a run left behind, from three sides that know nothing of each other: the servers' own records, what
 * people said and were told, and what agents sent and were told. The checker sees only this.
 */
export interface World {
  readonly servers: readonly ServerFacts[];
  readonly effects: readonly Effect[];
  readonly sends: readonly Send[];
  readonly tellings: readonly Telling[];
  readonly questions: readonly Question[];
  readonly sayings: readonly Saying[];
  readonly faults: readonly Fault[];
  readonly stops: readonly Stop[];
  readonly cancels: readonly Cancel[];
  readonly orphans: readonly Orphan[];
}

/** What is known beforehand about a server. */
export interface ServerFacts {
  readonly name: string;
  /** It keeps its events: a connection that only broke can be taken up again. */
  readonly resumable: boolean;
  /** While it lives it takes an answer from anyone who knows its session, even after a connection broke. */
  readonly answerable: boolean;
  /** Tools that may be run again without asking: annotated on a trusted server, or named in the configuration. */
  readonly repeatable: readonly string[];
  /** Tools that a rule holds for a person. */
  readonly held: readonly string[];
}

/** A server's own record. `execution` names one run of a tool, `question` one question of one run. */
export type Effect = { readonly server: string; readonly at: number } & (
  | { readonly kind: 'executed'; readonly mark: string; readonly tool: string; readonly execution: string }
  | { readonly kind: 'answered'; readonly question: string; readonly answer: AnswerContent }
  /** It had a question, and nobody listened where it asks; `at` is when it asked. */
  | { readonly kind: 'unheard'; readonly mark: string; readonly execution: string }
  /** Recorded before it leaves, as canonical JSON. */
  | { readonly kind: 'returned'; readonly mark: string; readonly execution: string; readonly result: string }
);

export interface AnswerContent {
  readonly action: 'accept' | 'decline' | 'cancel';
  /** Canonical JSON; null when the answer has no content. */
  readonly content: string | null;
  readonly reason: string | null;
}

/** A tool call as an agent put it on its way; `mark` is its unique argument. */
export interface Send {
  readonly mark: string;
  readonly server: string;
  readonly tool: string;
  /** With an idempotency key every send of the mark is the same call. */
  readonly keyed: boolean;
  readonly at: number;
}

/** How an agent's wait for a call ended, or a part of it. */
export interface Telling {
  readonly mark: string;
  readonly at: number;
  readonly heard: Heard;
}

export type Heard =
  /** A result as the server gave it, as canonical JSON. */
  | { readonly as: 'result'; readonly result: string }
  /** Words of Holdpoint's own. */
  | { readonly as: 'outcome'; readonly outcome: string; readonly words: string }
  | { readonly as: 'error'; readonly code: number; readonly words: string }
  /** Not an end: the agent goes on asking. */
  | { readonly as: 'ticket' }
  /** The agent had nothing left to ask with: no key, no ticket, no event to resume from. */
  | { readonly as: 'cut_off' }
  /** It had an event to resume from, and was refused. */
  | { readonly as: 'refused'; readonly words: string }
  /** It stopped asking by its own script. */
  | { readonly as: 'left' }
  /** The harness stopped waiting for it, long after the world was whole again. */
  | { readonly as: 'nothing' };

/** One request in people's queue, as it was when the round was over. */
export interface Question {
  readonly requestId: string;
  readonly kind: 'form' | 'url' | 'approval' | 'sampling' | 'recovery';
  readonly server: string;
  /** The call's unique argument; null when Holdpoint could not say whose question it is. */
  readonly mark: string | null;
  /** The server's name of the question; null for what Holdpoint asks itself. */
  readonly question: string | null;
  readonly openedAt: number;
  readonly state: 'open' | 'answered' | 'delivered' | 'undelivered' | 'expired' | 'withdrawn';
  /** Why it was not delivered, or was withdrawn. */
  readonly why: string | null;
}

/** One answer as a person meant it. Said again after a cut it is the same, by its operation. */
export interface Saying {
  readonly requestId: string;
  readonly operationId: string;
  readonly by: string;
  readonly answer: AnswerContent;
  /** The choice, for a recovery request. */
  readonly choice: 'run_again' | 'done_by_hand' | 'give_up' | null;
  readonly saidAt: number;
  readonly reply: Reply;
}

export type Reply =
  /** Holdpoint said: saved. `thenRefused`: the code it gave when the same operation was said again. */
  | { readonly kind: 'saved'; readonly at: number; readonly thenRefused: string | null }
  | { readonly kind: 'refused'; readonly code: string; readonly at: number }
  /** Never said. */
  | { readonly kind: 'none' };

export type FaultKind =
  | 'kill_holdpoint'
  | 'stop_holdpoint'
  | 'kill_server'
  | 'end_session'
  | 'cut_network'
  | 'drop_agent'
  | 'cut_person';

export interface Fault {
  readonly kind: FaultKind;
  /** The server, agent or person it struck. */
  readonly target: string | null;
  readonly at: number;
  readonly healedAt: number;
}

/** The agent gave a waiting call up. */
export interface Cancel {
  readonly mark: string;
  readonly at: number;
}

/** A server's process that still runs a whole round after the session it was for had ended. */
export interface Orphan {
  readonly server: string;
  readonly pid: number;
  readonly seenAt: number;
}

/** A planned stop. */
export interface Stop {
  readonly at: number;
  readonly tookMs: number;
  readonly exitCode: number | null;
}
