/** The page's line to the server. */
export type Line =
  | { readonly state: 'connecting' }
  | { readonly state: 'online' }
  | { readonly state: 'offline'; readonly sinceAt: number }
  /** The server does not let this page in; `code` says why, `not_signed_in` before all. */
  | { readonly state: 'refused'; readonly code: string; readonly sinceAt: number }
  /** The page speaks an older protocol than the server: only a reload helps. */
  | { readonly state: 'old' };

/** A line that was lost keeps the instant it was first missed; one that has ended stays ended. */
export function lineLost(line: Line, now: number): Line {
  switch (line.state) {
    case 'online':
      return { state: 'offline', sinceAt: now };
    case 'connecting':
    case 'offline':
    case 'refused':
    case 'old':
      return line;
  }
}

/** A first attempt that takes long is an outage too. */
export function lineAwaited(line: Line, startedAt: number): Line {
  return line.state === 'connecting' ? { state: 'offline', sinceAt: startedAt } : line;
}
