/** Time as the engine sees it, so that a test can move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. Holds the process open for nothing. */
  after(delayMs: number, run: () => void): () => void;
}
