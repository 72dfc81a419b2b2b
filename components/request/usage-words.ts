import type { ModelUsage } from '@/lib/domain/model-usage';

/** "412 in · 96 out · $0.004 · 2.1 s": tokens, cost and time, as far as they are known. */
export function usageWords({ inputTokens, outputTokens, costUsd, tookMs }: ModelUsage): string {
  return [
    inputTokens === null ? null : `${inputTokens.toLocaleString('en-US')} in`,
    outputTokens === null ? null : `${outputTokens.toLocaleString('en-US')} out`,
    costUsd === null ? null : costWords(costUsd),
    `${(tookMs / 1_000).toFixed(1)} s`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** Small sums keep the digits that say something. */
function costWords(costUsd: number): string {
  if (costUsd === 0) return '$0';
  if (costUsd < 0.001) return 'under $0.001';
  return `$${costUsd.toFixed(costUsd < 0.1 ? 3 : 2)}`;
}
