const newline = 0x0a;

/** Cuts a byte stream into lines of at most `most` bytes. Work grows with the bytes, however they arrive. */
export class Lines {
  readonly #most: number;
  #parts: Buffer[] = [];
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The lines that are complete now; null once a line is longer than allowed. */
  push(chunk: Buffer): readonly string[] | null {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#parts.push(chunk.subarray(start, end));
      if (this.#size + end - start > this.#most) return null;
      lines.push(this.#take());
      start = end + 1;
    }
    if (start < chunk.length) {
      const rest = chunk.subarray(start);
      this.#parts.push(rest);
      this.#size += rest.length;
    }
    return this.#size > this.#most ? null : lines;
  }

  /** What came after the last newline. */
  rest(): string {
    return this.#take();
  }

  #take(): string {
    const line = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#size = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
