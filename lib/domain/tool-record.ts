import type { PersonRef } from './event';
import { type Result, done, refuse } from './refusal';

/** One definition a server gave for a tool. */
export interface SeenDefinition {
  /** SHA-256, hex, of its whole text. */
  readonly digest: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Length of its text. */
  readonly bytes: number;
  /** False for one larger than is kept: it cannot be shown, so it cannot be accepted. */
  readonly kept: boolean;
  /** Which parts were not as accepted when it was first seen, in words; empty for the first. */
  readonly changed: string;
  /** Null until it was accepted. */
  readonly acceptedAt: number | null;
  /** Null for a definition accepted because it was the first of its tool. */
  readonly acceptedBy: PersonRef | null;
}

/** What is known of a tool's definitions, oldest first; never empty. */
export interface ToolRecord {
  readonly tool: string;
  readonly seen: readonly SeenDefinition[];
}

/** What calls under a definition may rely on. `unrecorded`: it could not be told, which is never taken for accepted. */
export type Standing = 'accepted' | 'changed' | 'unrecorded';

/** The accepted one is never among those that go. */
export const versionsMost = 10;
/** When a definition was seen last is exact to this, so that a listing is not a write. */
const sightMs = 3_600_000;

/** The one that was accepted last. */
export function acceptedOf({ seen }: ToolRecord): SeenDefinition | null {
  return seen
    .filter(({ acceptedAt }) => acceptedAt !== null)
    .reduce<SeenDefinition | null>(
      (last, one) => ((last?.acceptedAt ?? Number.NEGATIVE_INFINITY) <= (one.acceptedAt ?? 0) ? one : last),
      null,
    );
}

/** The one the server gave last. */
export function latestOf({ seen }: ToolRecord): SeenDefinition | null {
  return seen.reduce<SeenDefinition | null>(
    (last, one) => (last === null || one.lastSeenAt >= last.lastSeenAt ? one : last),
    null,
  );
}

/** Only the last accepted: going back to an older definition is a change as well. */
export function standingOf(record: ToolRecord | undefined, digest: string): Standing {
  if (record === undefined) return 'unrecorded';
  return acceptedOf(record)?.digest === digest ? 'accepted' : 'changed';
}

/** Whether what the server gives now waits for an admin. */
export function isWaiting(record: ToolRecord): boolean {
  return acceptedOf(record)?.digest !== latestOf(record)?.digest;
}

export interface Sight {
  readonly digest: string;
  readonly bytes: number;
  readonly kept: boolean;
  readonly changed: string;
  readonly at: number;
}

export interface Seeing {
  readonly record: ToolRecord;
  /** `first`: of its tool, accepted by that. `changed`: new and not accepted. `again`: known, to be noted. */
  readonly news: 'first' | 'changed' | 'again' | 'same';
  /** Digests that make room. */
  readonly dropped: readonly string[];
}

/** A server listed a tool. The first definition is trusted, as nothing is known to compare it with. */
export function seeDefinition(before: ToolRecord | undefined, tool: string, sight: Sight): Seeing {
  const { digest, bytes, kept, at } = sight;
  if (before === undefined) {
    const first = { digest, bytes, kept, changed: '', firstSeenAt: at, lastSeenAt: at, acceptedAt: at };
    return { record: { tool, seen: [{ ...first, acceptedBy: null }] }, news: 'first', dropped: [] };
  }
  const latest = latestOf(before);
  // Of two seen in the same millisecond the later is still the later.
  const seenAt = Math.max(at, (latest?.lastSeenAt ?? at) + (latest?.digest === digest ? 0 : 1));
  const known = before.seen.find((one) => one.digest === digest);
  if (known !== undefined) {
    if (latest?.digest === digest && seenAt - known.lastSeenAt < sightMs)
      return { record: before, news: 'same', dropped: [] };
    const seen = before.seen.map((one) => (one === known ? { ...one, lastSeenAt: seenAt } : one));
    return { record: { ...before, seen }, news: 'again', dropped: [] };
  }
  const fresh: SeenDefinition = {
    digest,
    bytes,
    kept,
    changed: sight.changed,
    firstSeenAt: seenAt,
    lastSeenAt: seenAt,
    acceptedAt: null,
    acceptedBy: null,
  };
  return { ...withRoom({ ...before, seen: [...before.seen, fresh] }), news: 'changed' };
}

function withRoom(record: ToolRecord): Pick<Seeing, 'record' | 'dropped'> {
  const accepted = acceptedOf(record)?.digest;
  const tooMany = Math.max(0, record.seen.length - versionsMost);
  const dropped = record.seen
    .filter(({ digest }) => digest !== accepted)
    .slice(0, tooMany)
    .map(({ digest }) => digest);
  return { record: { ...record, seen: record.seen.filter(({ digest }) => !dropped.includes(digest)) }, dropped };
}

/** An admin accepts what the server gives now, as they saw it. */
export function acceptDefinition(
  record: ToolRecord,
  order: { readonly digest: string; readonly by: PersonRef; readonly at: number },
): Result<ToolRecord> {
  const latest = latestOf(record);
  if (latest?.digest !== order.digest)
    return refuse('stale_revision', `${record.tool} changed again since you looked. Look at it once more.`);
  if (!isWaiting(record)) return refuse('not_allowed_now', `The definition of ${record.tool} is accepted already.`);
  if (!latest.kept)
    return refuse(
      'not_allowed_now',
      `The definition of ${record.tool} is ${latest.bytes} bytes, more than is kept, so nobody can have read it. Its calls stay held, each for itself.`,
    );
  const acceptedAt = Math.max(order.at, (acceptedOf(record)?.acceptedAt ?? order.at) + 1);
  const seen = record.seen.map((one) => (one === latest ? { ...one, acceptedAt, acceptedBy: order.by } : one));
  return done({ ...record, seen });
}
