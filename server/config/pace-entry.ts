import { type PaceSettings, learnedPace } from '@/server/engine/ports/servers';
import type { ConfigSource, Property } from './config-source';
import { writeDuration } from './duration';
import type { Fields } from './server-text';
import { durationSetting } from './setting';

/** The keys of a server's own settings that say when it is slow and stalled. */
export const paceKeys = ['slowAfter', 'stalledAfter', 'tools'] as const;

const perTool: readonly string[] = ['slowAfter', 'stalledAfter'];
const expected = 'an object such as { "deploy_*": { "stalledAfter": "1h" } }';

/** `slowAfter` and `stalledAfter` of a server, and of tools by pattern; the first pattern that matches wins. */
export function readPace(source: ConfigSource, fields: Fields | null): PaceSettings {
  if (fields === null) return learnedPace;
  const tools = fields.get('tools');
  const own = readLimits(source, fields, { slowAfterMs: null, stalledAfterMs: null });
  return { ...own, tools: tools === undefined ? [] : readTools(source, tools, own) };
}

type Limits = Pick<PaceSettings, 'slowAfterMs' | 'stalledAfterMs'>;

function readTools(source: ConfigSource, property: Property, server: Limits): PaceSettings['tools'] {
  return (source.properties(property, expected) ?? []).flatMap((entry) => {
    if (entry.name === '')
      source.reportName(entry, 'expected a name of a tool, in which "*" stands for any characters, found nothing.');
    const fields = source.record(entry, { known: perTool, expected: 'an object with slowAfter, stalledAfter' });
    if (fields === null) return [];
    if (fields.size === 0) source.report(entry, 'expected slowAfter, stalledAfter or both, found neither.');
    return [{ tool: entry.name, ...readLimits(source, fields, server) }];
  });
}

function readLimits(source: ConfigSource, fields: Fields, outer: Limits): Limits {
  const slow = fields.get('slowAfter');
  const stalled = fields.get('stalledAfter');
  const slowAfterMs = slow === undefined ? null : durationSetting(source, slow);
  const stalledAfterMs = stalled === undefined ? null : durationSetting(source, stalled);
  const ceilingMs = stalledAfterMs ?? outer.stalledAfterMs;
  if (slow !== undefined && slowAfterMs !== null && ceilingMs !== null && slowAfterMs > ceilingMs)
    source.report(
      slow,
      `a call is slow before it is stalled: expected at most ${writeDuration(ceilingMs)}, which is its stalledAfter.`,
    );
  return { slowAfterMs, stalledAfterMs };
}
