const longestPage = 1_000;

/** A page's size within reason, whatever was asked. */
export function pageSize(limit: number, longest = longestPage): number {
  return Number.isFinite(limit) ? Math.min(Math.max(Math.trunc(limit), 0), longest) : 0;
}
