/** Until when a pause lasts, as people choose it. */
export type PauseSpan = '15min' | '1h' | '8h' | 'lifted';

export const pauseSpans: readonly { readonly key: PauseSpan; readonly label: string; readonly ms: number | null }[] = [
  { key: '15min', label: '15 min', ms: 15 * 60_000 },
  { key: '1h', label: '1 h', ms: 60 * 60_000 },
  { key: '8h', label: '8 h', ms: 8 * 60 * 60_000 },
  { key: 'lifted', label: 'Until lifted', ms: null },
];

export function spanEnd(span: PauseSpan, now: number): number | null {
  const ms = pauseSpans.find(({ key }) => key === span)?.ms ?? null;
  return ms === null ? null : now + ms;
}
