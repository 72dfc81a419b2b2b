/** What is kept apart, each for a time of its own. */
export const keptKinds = ['payloads', 'raw', 'events', 'deliveries', 'audit'] as const;
export type KeptKind = (typeof keptKinds)[number];

/** How long each is kept after it is over, milliseconds; null for ever. */
export type Retention = { readonly [K in KeptKind]: number | null };

export const keptForEver: Retention = { payloads: null, raw: null, events: null, deliveries: null, audit: null };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
export const retentionLeastMs = hourMs;
export const retentionMostMs = 3_650 * dayMs;

/** How long things are kept, with who saved it. */
export interface RetentionVersion {
  /** Counts from 1; 0 before anyone saved any. */
  readonly version: number;
  readonly retention: Retention;
  readonly savedAt: number | null;
  /** Null for the configuration file. */
  readonly savedBy: string | null;
}

/** Something of a session that was purged. */
export interface Purge {
  readonly kind: KeptKind;
  readonly at: number;
  /** How long it was kept. */
  readonly afterMs: number;
}

/** What a purge did, or would do, to one kind. */
export interface PurgeCount {
  readonly kind: KeptKind;
  /** Payloads, messages, events, deliveries, or entries of the audit log. */
  readonly items: number;
  /** In how many sessions; null for what belongs to none. */
  readonly sessions: number | null;
  /** Counting stopped there: it is at least so much. */
  readonly more: boolean;
}

export const keptNames: { readonly [K in KeptKind]: string } = {
  payloads: 'Arguments, results and answers',
  raw: 'Raw messages',
  events: 'Events of ended sessions',
  deliveries: 'Delivery log',
  audit: 'Audit log',
};

/** What is wrong with a retention, in words; null when nothing is. */
export function retentionProblem(retention: Retention): string | null {
  for (const kind of keptKinds) {
    const ms = retention[kind];
    if (ms === null) continue;
    if (!Number.isInteger(ms) || ms < retentionLeastMs || ms > retentionMostMs)
      return `${keptNames[kind]}: say a time from 1 hour to 10 years, or for ever.`;
  }
  const { events, payloads, raw } = retention;
  for (const [kind, ms] of [
    ['payloads', payloads],
    ['raw', raw],
  ] as const) {
    // With its events a session loses what they are about.
    if (events !== null && (ms === null || ms > events))
      return `${keptNames[kind]} cannot be kept longer than the events of the session they belong to, which are kept ${keptForWords(events)}.`;
  }
  return null;
}

/** "30 days", "1 year", "for ever" */
export function keptForWords(ms: number | null): string {
  if (ms === null) return 'for ever';
  for (const [unitMs, word] of [
    [365 * dayMs, 'year'],
    [dayMs, 'day'],
    [hourMs, 'hour'],
  ] as const) {
    const count = ms / unitMs;
    if (count >= 1 && Number.isInteger(count)) return `${count} ${word}${count === 1 ? '' : 's'}`;
  }
  return `${Math.round((ms / hourMs) * 10) / 10} hours`;
}

/** "Purged after 30 days." */
export function purgedWords({ afterMs }: Pick<Purge, 'afterMs'>): string {
  return `Purged after ${keptForWords(afterMs)}.`;
}
