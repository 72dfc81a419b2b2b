/** A wait that can be cut short. */
export class Pause {
  #wake: (() => void) | null = null;

  /** Resolves after `delayMs`, or when woken. Holds the process open for nothing. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), delayMs);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
