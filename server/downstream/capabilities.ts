import type { JsonObject } from '@/lib/domain/json';
import { done, type Result } from '@/lib/domain/refusal';

/** What a session's agent was offered. After a restart it is asked for again when it is first needed. */
export class Capabilities {
  constructor(
    private known: JsonObject | null,
    private readonly ask: () => Promise<Result<JsonObject>>,
  ) {}

  async offers(name: string): Promise<Result<boolean>> {
    if (this.known === null) {
      const asked = await this.ask();
      if (!asked.ok) return asked;
      this.known = asked.value;
    }
    return done(this.known[name] !== undefined);
  }

  /** False only where it is known: what a server sends unasked it most likely offers. */
  mayOffer(name: string): boolean {
    return this.known === null || this.known[name] !== undefined;
  }
}
