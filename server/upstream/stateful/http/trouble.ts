export interface TroubleListener {
  reattaching(why: string): Promise<void>;
  reattached(): Promise<void>;
}

/** The streams of one connection that broke and are being resumed, told as one episode. */
export class Trouble {
  readonly #listener: TroubleListener;
  readonly #unreachableMs: number;
  readonly #streams = new Set<string>();
  #told = false;
  #sinceAt: number | null = null;

  constructor(listener: TroubleListener, unreachableMs: number) {
    this.#listener = listener;
    this.#unreachableMs = unreachableMs;
  }

  /** A stream of an earlier life, which is to come back. */
  expect(stream: string): void {
    this.#streams.add(stream);
  }

  async broke(stream: string, why: string): Promise<void> {
    this.#streams.add(stream);
    this.#sinceAt ??= performance.now();
    await this.tell(why);
  }

  /** The episode begins, if it has not. */
  async tell(why: string): Promise<void> {
    if (this.#told) return;
    this.#told = true;
    await this.#listener.reattaching(why);
  }

  /** The server answered, so it is there. */
  reached(): void {
    this.#sinceAt = null;
  }

  /** The stream is back, or nobody needs it any more. */
  async over(stream: string): Promise<void> {
    if (!this.#streams.delete(stream) || this.#streams.size > 0) return;
    this.#sinceAt = null;
    if (!this.#told) return;
    this.#told = false;
    await this.#listener.reattached();
  }

  /** Whether nothing has reached the server for so long that it is lost. */
  get isForGood(): boolean {
    return this.#sinceAt !== null && performance.now() - this.#sinceAt >= this.#unreachableMs;
  }
}
