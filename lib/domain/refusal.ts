/**
 * Expected refusals are values. One table maps each code to its HTTP status, its log level and
 * the words a person reads, so that every side says the same thing.
 */
export interface RefusalFacts {
  readonly status: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly words: string;
}

export const refusals = {
  not_signed_in: { status: 401, level: 'info', words: 'Sign in to go on.' },
  bad_key: { status: 401, level: 'warn', words: 'This API key is not known. Check the Authorization header.' },
  not_found: { status: 404, level: 'info', words: 'Nothing here, or not yours to see.' },
  forbidden: { status: 403, level: 'warn', words: 'Your role does not allow this.' },
  bad_input: { status: 400, level: 'info', words: 'This was not understood.' },
  too_large: { status: 413, level: 'info', words: 'This is larger than Holdpoint accepts.' },
  already_answered: { status: 409, level: 'info', words: 'Someone answered before you.' },
  already_voted: { status: 409, level: 'info', words: 'You have said so already. It waits for other people.' },
  stale_revision: {
    status: 409,
    level: 'info',
    words: 'This changed while you looked at it. Look again, then answer.',
  },
  not_open: { status: 409, level: 'info', words: 'This is no longer waiting for an answer.' },
  claimed: { status: 409, level: 'info', words: 'Someone else is answering this right now.' },
  invalid_answer: { status: 422, level: 'info', words: 'Some fields need another look.' },
  reason_required: { status: 422, level: 'info', words: 'A reason is required.' },
  purged: { status: 410, level: 'info', words: 'This was kept long enough, and purged.' },
  session_ended: { status: 409, level: 'info', words: 'This session has ended.' },
  unknown_tool: { status: 404, level: 'info', words: 'There is no such tool.' },
  unknown_server: { status: 404, level: 'info', words: 'There is no such server.' },
  server_unreachable: { status: 502, level: 'warn', words: 'The server could not be reached.' },
  too_many: { status: 429, level: 'warn', words: 'Too many at once. Slow down and try again.' },
  stopping: { status: 503, level: 'info', words: 'Holdpoint is stopping. Try again in a moment.' },
  paused: { status: 423, level: 'info', words: 'This is paused. Nothing was run.' },
  model_failed: { status: 502, level: 'warn', words: 'The model did not write a reply.' },
  cannot_save: {
    status: 503,
    level: 'error',
    words: 'Cannot save right now. Nothing was changed; try again in a moment.',
  },
  not_allowed_now: { status: 409, level: 'info', words: 'This cannot happen in the present state.' },
  old_page: { status: 409, level: 'info', words: 'This page is older than the server. Reload it.' },
} as const satisfies Record<string, RefusalFacts>;

export type RefusalCode = keyof typeof refusals;

export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  /** What went wrong and what to do, for a person. */
  readonly message: string;
  /** Field errors, who won, and the like. */
  readonly details?: { readonly [key: string]: unknown };
}

export type Result<T> = { readonly ok: true; readonly value: T } | Refusal;

export function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A refusal with the table's words, or more exact ones. */
export function refuse(code: RefusalCode, message?: string, details?: Refusal['details']): Refusal {
  const words = message ?? refusals[code].words;
  return details === undefined ? { ok: false, code, message: words } : { ok: false, code, message: words, details };
}
