import type { Server } from '@modelcontextprotocol/sdk/server/index.js';

/** What a test moves from outside while calls wait inside. Shared by all sessions of one kitchen sink. */
export class Switchboard {
  readonly #servers = new Set<Server>();
  readonly #releases = new Set<() => void>();
  readonly #completions = new Map<string, { readonly done: Promise<void>; readonly complete: () => Promise<void> }>();
  readonly #addedTools: string[] = [];

  get addedTools(): readonly string[] {
    return this.#addedTools;
  }

  join(server: Server): void {
    this.#servers.add(server);
  }

  leave(server: Server): void {
    this.#servers.delete(server);
  }

  /** Lets every waiting `slow` call return. */
  release(): void {
    for (const release of [...this.#releases]) release();
  }

  untilReleased(signal: AbortSignal): Promise<'released' | 'cancelled'> {
    return new Promise((resolve) => {
      const settle = (how: 'released' | 'cancelled'): void => {
        this.#releases.delete(release);
        signal.removeEventListener('abort', cancel);
        resolve(how);
      };
      const release = (): void => settle('released');
      const cancel = (): void => settle('cancelled');
      this.#releases.add(release);
      signal.addEventListener('abort', cancel);
      if (signal.aborted) cancel();
    });
  }

  /** Announces that `completeElicitation(id)` shall run `notify`; the promise settles when that has happened. */
  expectCompletion(elicitationId: string, notify: () => Promise<void>): Promise<void> {
    const { promise, resolve } = deferred();
    this.#completions.set(elicitationId, {
      done: promise,
      complete: async () => {
        this.#completions.delete(elicitationId);
        await notify();
        resolve();
      },
    });
    return promise;
  }

  async completeElicitation(elicitationId: string): Promise<void> {
    const expected = this.#completions.get(elicitationId);
    if (expected === undefined) throw new Error(`No URL elicitation ${elicitationId} is under way`);
    await expected.complete();
  }

  async addTool(name: string): Promise<void> {
    if (!this.#addedTools.includes(name)) this.#addedTools.push(name);
    await Promise.all([...this.#servers].map((server) => server.sendToolListChanged()));
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
