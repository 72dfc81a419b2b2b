/** What a model's words cost. */
export interface ModelUsage {
  /** Provider and model, for example "anthropic/claude-sonnet-4-5". */
  readonly model: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** US dollars, from configured prices; null when there are none. */
  readonly costUsd: number | null;
  readonly tookMs: number;
}
