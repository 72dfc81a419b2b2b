import { maskText } from '@/lib/domain/mask';

const longestMessage = 2_000;
const mostFrames = 12;
const deepestCause = 3;

export interface ErrorFacts {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly frames?: readonly string[];
  readonly cause?: ErrorFacts;
}

/**
 * What the log keeps of an error. Drivers hang rows, queries and sockets on theirs, and those hold what
 * agents and people said (I14): only words, code and place are kept, with credentials masked.
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: typeof error === 'string' ? words(error) : '' };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? String(error.code) : null;
  // Node gathers refused addresses in an error whose own message is empty.
  const cause: unknown = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
  const frames = framesOf(error);
  return {
    type: error.name,
    message: words(error.message),
    ...(code === null ? {} : { code }),
    ...(frames.length === 0 ? {} : { frames }),
    ...(cause === undefined || depth >= deepestCause ? {} : { cause: errorFacts(cause, depth + 1) }),
  };
}

function words(text: string): string {
  return maskText(text.slice(0, longestMessage));
}

function framesOf(error: Error): readonly string[] {
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith('at ')).slice(0, mostFrames);
}
