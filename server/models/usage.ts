import type { ModelEntry } from '@/server/engine/ports/model-entry';
import type { ModelUsage } from '@/server/engine/ports/models';
import type { Generated } from './sdk';

/** What was used, by the provider's count. */
export function usageOf(entry: ModelEntry, usage: Generated['usage'], tookMs: number): ModelUsage {
  const inputTokens = countOf(usage.inputTokens.total);
  const outputTokens = countOf(usage.outputTokens.total);
  return {
    model: `${entry.provider.kind}/${entry.model}`,
    inputTokens,
    outputTokens,
    costUsd: costOf(entry.prices, inputTokens, outputTokens),
    tookMs,
  };
}

/** In US dollars, to a millionth of a cent; null without prices, or when the provider did not count. */
export function costOf(
  prices: ModelEntry['prices'],
  inputTokens: number | null,
  outputTokens: number | null,
): number | null {
  if (prices === null || inputTokens === null || outputTokens === null) return null;
  const usd = (inputTokens * prices.input + outputTokens * prices.output) / 1_000_000;
  return Math.round(usd * 100_000_000) / 100_000_000;
}

function countOf(tokens: number | undefined): number | null {
  return tokens !== undefined && Number.isFinite(tokens) && tokens >= 0 ? Math.round(tokens) : null;
}
