/** What became of one try. Words are ours: nothing the other side said, no address, no secret. */
export type SendOutcome =
  | { readonly outcome: 'sent'; readonly status: number | null }
  /** Worth another try. */
  | {
      readonly outcome: 'failed';
      readonly words: string;
      readonly status: number | null;
      readonly retryAfterMs: number | null;
    }
  /** Another try would be answered the same. */
  | { readonly outcome: 'refused'; readonly words: string; readonly status: number | null }
  /** The place is no more. */
  | { readonly outcome: 'gone'; readonly words: string; readonly status: number | null };

export function failed(words: string, status: number | null = null, retryAfterMs: number | null = null): SendOutcome {
  return { outcome: 'failed', words, status, retryAfterMs };
}

/** The code of a network error, such as ECONNREFUSED, which says enough and no secrets. */
export function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; depth < 4 && at instanceof Error; depth += 1) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(at.code)) return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return null;
}
