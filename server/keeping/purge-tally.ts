import type { KeptKind, PurgeCount } from '@/lib/domain/retention';

/** Some of a kind, of one session or of none. */
export interface PurgePart {
  readonly kind: KeptKind;
  readonly session: string | null;
}

interface Tally {
  items: number;
  readonly sessions: Set<string>;
}

/** What one purging took away until now. */
export class PurgeTally {
  private readonly tallies = new Map<KeptKind, Tally>();

  get counts(): readonly PurgeCount[] {
    return [...this.tallies].map(([kind, { items, sessions }]) => countOf(kind, items, sessions.size));
  }

  add({ kind, session }: PurgePart, items: number): void {
    const tally = this.of(kind);
    tally.items += items;
    if (session !== null) tally.sessions.add(session);
    this.tallies.set(kind, tally);
  }

  /** The counts as they will be when these are gone too. */
  with({ kind, session }: PurgePart, items: number): readonly PurgeCount[] {
    const before = this.of(kind);
    const fresh = session === null || before.sessions.has(session) ? 0 : 1;
    const grown = countOf(kind, before.items + items, before.sessions.size + fresh);
    return [...this.counts.filter((count) => count.kind !== kind), grown];
  }

  private of(kind: KeptKind): Tally {
    return this.tallies.get(kind) ?? { items: 0, sessions: new Set() };
  }
}

function countOf(kind: KeptKind, items: number, sessions: number): PurgeCount {
  return { kind, items, sessions: kind === 'deliveries' || kind === 'audit' ? null : sessions, more: false };
}
