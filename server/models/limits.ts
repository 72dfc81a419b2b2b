export type Stopped = 'timeout' | 'aborted';

/** Why work was given up before it ended. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  constructor(readonly why: Stopped) {
    super(why);
  }
}

/** Gives work up after `timeoutMs`, or when the caller does, whatever the work itself does about it. */
export async function within<T>(
  limit: { readonly timeoutMs: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limit.signal.aborted) throw new StoppedError('aborted');
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: () => void = () => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = (why: Stopped): void => {
      // Before the work hears of it: its own complaint about being stopped comes second.
      reject(new StoppedError(why));
      controller.abort();
    };
    timer = setTimeout(() => stop('timeout'), limit.timeoutMs);
    onAbort = () => stop('aborted');
    limit.signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([stopped, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    limit.signal.removeEventListener('abort', onAbort);
  }
}

/** Resolves after a while, or rejects when stopped. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new StoppedError('aborted'));
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new StoppedError('aborted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
