import type { SendOutcome } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '../../timing';
import type { Down } from '../leg';
import { Pause } from './pause';
import { passingRefusals } from './resume';
import type { Trouble } from './trouble';

export interface SessionCheckParts {
  readonly trouble: Trouble;
  readonly timing: UpstreamTiming;
  readonly down: (why: Down) => void;
  /** Sends one `ping`; a session that is gone is told by it. */
  readonly ping: () => Promise<SendOutcome>;
}

/** The name under which it is part of the connection's trouble. */
export const checkName = 'session';

/** Asks by `ping` whether the server is there and knows the session, until there is an answer to go by. */
export class SessionCheck {
  readonly #parts: SessionCheckParts;
  readonly #pause = new Pause();
  #running: Promise<boolean> | null = null;
  #stopped = false;

  constructor(parts: SessionCheckParts) {
    this.#parts = parts;
  }

  /** True when the session lives; false when the connection is lost or was closed. */
  run(): Promise<boolean> {
    this.#running ??= this.#ask().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  stop(): void {
    this.#stopped = true;
    this.#pause.wake();
  }

  async #ask(): Promise<boolean> {
    const { trouble, timing, down, ping } = this.#parts;
    let delayMs = 0;
    let refusedSinceAt: number | null = null;
    for (;;) {
      if (delayMs > 0 && !this.#stopped) await this.#pause.wait(delayMs);
      if (this.#stopped) return false;
      const outcome = await ping();
      if (this.#stopped || (!outcome.ok && outcome.code === 'gone')) return false;
      delayMs = Math.min(Math.max(delayMs * 2, timing.resumeFirstMs), timing.resumeMaxMs);
      if (!outcome.ok && outcome.status === null) {
        await trouble.broke(checkName, outcome.message);
        if (!trouble.isForGood) continue;
        down({ code: 'unreachable', message: outcome.message });
        return false;
      }
      trouble.reached();
      if (outcome.ok || !mayPass(outcome.status)) return true;
      refusedSinceAt ??= performance.now();
      // It does answer, and says nothing about the session.
      if (performance.now() - refusedSinceAt >= timing.refusedMs) return true;
    }
  }
}

function mayPass(status: number | null): boolean {
  return status !== null && (status >= 500 || passingRefusals.has(status));
}
