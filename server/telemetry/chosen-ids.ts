import { randomBytes } from 'node:crypto';

/** Trace and span ids that are said beforehand: starting a span asks for them at once, and nothing comes between. */
export class ChosenIds {
  private chosen: { readonly traceId: string; readonly spanId: string } | null = null;

  /** Spans that `start` starts carry these. */
  with<T>(ids: { readonly traceId: string; readonly spanId: string }, start: () => T): T {
    this.chosen = ids;
    try {
      return start();
    } finally {
      this.chosen = null;
    }
  }

  readonly generateTraceId = (): string => this.chosen?.traceId ?? randomBytes(16).toString('hex');
  readonly generateSpanId = (): string => this.chosen?.spanId ?? randomBytes(8).toString('hex');
}
