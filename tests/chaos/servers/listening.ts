import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Who listens on the standalone streams of this process's sessions, as its HTTP server sees it. A question said where
 * nobody listens is lost when nothing was heard there before: there is no event to resume from. No client can change
 * that, and the tool that asked would wait for ever.
 */
export class Listening {
  /** Streams asked for and not yet given. */
  private readonly coming = new Map<string, Set<Promise<void>>>();
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor() {
    subscribe('http.server.request.start', (message) => {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
      const session = request.headers['mcp-session-id'];
      if (request.method !== 'GET' || typeof session !== 'string') return;
      this.comes(session, response);
      if (request.headers['last-event-id'] === undefined) this.isDeaf(session);
    });
  }

  /** Resolves when no stream of this session is just being given. */
  async settled(session: string): Promise<void> {
    await Promise.all([...(this.coming.get(session) ?? [])]);
  }

  /** Resolves when the client proves to have heard nothing yet of what is said from now on; otherwise never. */
  unheard(session: string): Promise<'unheard'> {
    return new Promise((resolve) => {
      const waiting = this.waiting.get(session) ?? new Set();
      this.waiting.set(
        session,
        waiting.add(() => resolve('unheard')),
      );
    });
  }

  private comes(session: string, response: ServerResponse): void {
    const coming = this.coming.get(session) ?? new Set();
    const given = new Promise<void>((resolve) => {
      const look = (): void => {
        if (response.headersSent || response.closed) resolve();
        else setTimeout(look, 1);
      };
      look();
    }).then(() => void coming.delete(given));
    this.coming.set(session, coming.add(given));
  }

  /** It asks for the stream from its beginning. */
  private isDeaf(session: string): void {
    const waiting = this.waiting.get(session);
    this.waiting.delete(session);
    for (const tell of waiting ?? []) tell();
  }
}
