import type { ToolVersion } from '@/lib/domain/server';
import { toolChange } from '@/lib/domain/tool-change';
import type { SeenDefinition } from '@/lib/domain/tool-record';
import type { ToolBook } from './tool-book';

/** Every definition that is kept of a tool, the newest first; null for a tool nobody knows. */
export async function versionsOf(
  tools: ToolBook,
  server: string,
  tool: string,
): Promise<readonly ToolVersion[] | null> {
  const record = tools.record(server, tool);
  if (record === null) return null;
  const definitions = await tools.definitions(server, tool);
  const versions = record.seen.map((seen): ToolVersion => {
    const { digest, firstSeenAt, lastSeenAt, bytes, acceptedAt, acceptedBy } = seen;
    const definition = definitions.get(digest) ?? null;
    const earlier = basisOf(record.seen, seen);
    const before = earlier === null ? null : (definitions.get(earlier.digest) ?? null);
    const change = before === null || definition === null ? null : toolChange(before, definition);
    return { digest, firstSeenAt, lastSeenAt, bytes, acceptedAt, acceptedBy, definition, change };
  });
  return versions.toSorted((a, b) => b.lastSeenAt - a.lastSeenAt);
}

/**
 * What a version is to be compared with: the one that was accepted last of all the others; for that one itself, the
 * one accepted before it.
 */
function basisOf(seen: readonly SeenDefinition[], of: SeenDefinition): SeenDefinition | null {
  const others = seen.filter(
    (one) => one !== of && one.acceptedAt !== null && (of.acceptedAt === null || one.acceptedAt < of.acceptedAt),
  );
  return others.reduce<SeenDefinition | null>(
    (last, one) => (last === null || (one.acceptedAt ?? 0) > (last.acceptedAt ?? 0) ? one : last),
    null,
  );
}
