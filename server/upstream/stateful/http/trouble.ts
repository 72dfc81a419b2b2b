export interface TroubleListener {
  reattaching(why: string): Promise<void>;
  reattached(): Promise<void>;
}

/** The streams of one connection that broke and are being resumed, told as one episode. */
export class Trouble {
  readonly #listener: TroubleListener;
  readonly #unreachableMs: number;
  readonly #streams = new Set<string>();
  #sinceAt: number | null = null;

  constructor(listener: TroubleListener, unreachableMs: number) {
    this.#listener = listener;
    this.#unreachableMs = unreachableMs;
  }

  async broke(stream: string, why: string): Promise<void> {
    const first = this.#streams.size === 0;
    this.#streams.add(stream);
    this.#sinceAt ??= performance.now();
    if (first) await this.#listener.reattaching(why);
  }

  /** The server answered, so it is there. */
  reached(): void {
    this.#sinceAt = null;
  }

  /** The stream is back, or nobody needs it any more. */
  async over(stream: string): Promise<void> {
    if (!this.#streams.delete(stream)) return;
    if (this.#streams.size > 0) return;
    this.#sinceAt = null;
    await this.#listener.reattached();
  }

  /** Whether nothing has reached the server for so long that it is lost. */
  get isForGood(): boolean {
    return this.#sinceAt !== null && performance.now() - this.#sinceAt >= this.#unreachableMs;
  }
}
