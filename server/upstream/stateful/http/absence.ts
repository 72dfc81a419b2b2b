/** A stream that is away and expected back, and those who wait for it. Each absence is waited for once at most. */
export class Absence {
  #isOn: boolean;
  readonly #waiting = new Set<() => void>();

  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  get isAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  begins(): void {
    this.#isOn = true;
  }

  over(): void {
    this.#isOn = false;
    for (const goOn of this.#waiting) goOn();
    this.#waiting.clear();
  }

  /** Resolves when it is over. One that lasts longer than this is waited for no more. */
  wait(mostMs: number): Promise<void> {
    if (!this.#isOn) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.over(), mostMs);
      timer.unref();
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
