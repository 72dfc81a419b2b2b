/** How a process is ended, and started again where it was. */
export interface Restartable {
  readonly end: () => Promise<unknown>;
  readonly start: () => Promise<unknown>;
}

/** Ends and starts one process; a blow that comes while it is down, or still starting, strikes that. */
export class Restarts {
  private turn = 0;
  private ending: Promise<unknown> = Promise.resolve();

  constructor(private readonly process: Restartable) {}

  /** Resolves when it runs again, or another blow has taken over. */
  async strike(pauseMs: number, end: () => Promise<unknown> = this.process.end): Promise<void> {
    this.turn += 1;
    const { turn } = this;
    this.ending = Promise.all([this.ending, end()]);
    await this.ending;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (turn !== this.turn) return;
    try {
      await this.process.start();
    } catch (error) {
      // Ended while it started: whoever did that starts it again.
      if (turn === this.turn) throw error;
    }
  }
}
