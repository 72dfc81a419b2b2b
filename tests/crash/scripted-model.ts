import type { Models } from '@/server/engine/ports/models';

/** A model outside of us: it writes other words each time it is asked, and knows what it wrote. */
export class ScriptedModel {
  /** How often it was asked. */
  asks = 0;
  readonly wrote: string[] = [];

  readonly models: Models = {
    names: ['crash/model'],
    write: async () => {
      this.asks += 1;
      const text = `model's words, ${this.asks}`;
      this.wrote.push(text);
      const result = { role: 'assistant', model: 'crash', stopReason: 'endTurn', content: { type: 'text', text } };
      const usage = { model: 'crash/model', inputTokens: 1, outputTokens: 1, costUsd: null, tookMs: 1 };
      return { ok: true, result, text, usage };
    },
  };
}
