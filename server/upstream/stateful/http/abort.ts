/** Gives one request up, response and all. An AbortController would do, at several times the memory per stream. */
export class Abort {
  #aborted = false;
  #request: { cancel(): void } | null = null;

  get isAborted(): boolean {
    return this.#aborted;
  }

  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#request?.cancel();
    this.#request = null;
  }

  /** What is aborted, from now on: one request is under way at a time. */
  bind(request: { cancel(): void }): void {
    if (this.#aborted) request.cancel();
    else this.#request = request;
  }
}
