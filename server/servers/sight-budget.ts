const perMs = 3_600_000;
/** The first list of the largest server that is read, twice. */
const rowsMost = 10_000;
const bytesMost = 32_000_000;

/** What one server may make us write in an hour: one whose tools change at every look is cut off, and held. */
export class SightBudget {
  private readonly spent = new Map<string, { sinceAt: number; rows: number; bytes: number }>();

  /** Whether there is room for one more; it is taken when there is. */
  take(server: string, bytes: number, now: number): boolean {
    const known = this.spent.get(server);
    const spent = known === undefined || now - known.sinceAt >= perMs ? { sinceAt: now, rows: 0, bytes: 0 } : known;
    this.spent.set(server, spent);
    if (spent.rows + 1 > rowsMost || spent.bytes + bytes > bytesMost) return false;
    spent.rows += 1;
    spent.bytes += bytes;
    return true;
  }
}
