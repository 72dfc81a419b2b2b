/** The handshake took too long. */
export class TooLate extends Error {}

/** Holdpoint stops: no connection is opened any more. */
export class Stopping extends Error {}

/** A promise that only ever rejects: once `delayMs` have passed, or when `stopping` is aborted. */
export class Deadline {
  readonly passed: Promise<never>;
  #cancel: () => void = () => undefined;

  constructor(delayMs: number, stopping: AbortSignal) {
    this.passed = new Promise((_resolve, reject) => {
      const timer = setTimeout(() => reject(new TooLate()), delayMs);
      const stop = (): void => reject(new Stopping());
      stopping.addEventListener('abort', stop);
      if (stopping.aborted) stop();
      this.#cancel = () => {
        clearTimeout(timer);
        stopping.removeEventListener('abort', stop);
      };
    });
    this.passed.catch(() => undefined);
  }

  cancel(): void {
    this.#cancel();
  }
}
