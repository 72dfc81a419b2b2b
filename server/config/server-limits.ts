import type { ServerLimits } from '@/server/engine/ports/servers';
import type { ConfigSource, Property } from './config-source';
import { didYouMean } from '@/lib/domain/did-you-mean';
import { durationOrUnlimited } from './setting';

/**
 * What servers of a kind are known to limit. `default` knows nothing of the server: its `idle` is only how soon
 * one with open requests is pinged, since servers commonly drop what was quiet for half an hour. `agentcore` is what
 * Amazon documents for AgentCore Runtime: `idleRuntimeSessionTimeout` and `maxLifetime` of a session, and its quotas
 * for one request and one stream.
 */
const presets = {
  default: { requestMs: null, idleMs: 10 * 60_000, lifetimeMs: null, streamMs: null },
  agentcore: { requestMs: 15 * 60_000, idleMs: 15 * 60_000, lifetimeMs: 8 * 3_600_000, streamMs: 60 * 60_000 },
} as const satisfies Readonly<Record<string, ServerLimits>>;

export type LimitPreset = keyof typeof presets;

const presetNames = Object.keys(presets) as readonly LimitPreset[];
const presetWords = presetNames.map((name) => `"${name}"`).join(' or ');
const expected = `${presetWords}, or an object of durations`;

/** The limits an entry states, over those of its preset: `usual` unless it names another. */
export function readServerLimits(
  source: ConfigSource,
  property: Property | undefined,
  usual: LimitPreset,
): ServerLimits {
  if (property === undefined) return presets[usual];
  if (property.node.type === 'string') return presets[readPreset(source, property) ?? usual];
  const fields = source.record(property, { known: ['preset', 'request', 'idle', 'lifetime', 'stream'], expected });
  const named = fields?.get('preset');
  const preset: ServerLimits = presets[(named === undefined ? null : readPreset(source, named)) ?? usual];
  const limit = (name: string, presetMs: number | null): number | null => {
    const field = fields?.get(name);
    return field === undefined ? presetMs : durationOrUnlimited(source, field);
  };
  return {
    requestMs: limit('request', preset.requestMs),
    idleMs: limit('idle', preset.idleMs),
    lifetimeMs: limit('lifetime', preset.lifetimeMs),
    streamMs: limit('stream', preset.streamMs),
  };
}

function readPreset(source: ConfigSource, property: Property): LimitPreset | null {
  const text = source.text(property, presetWords);
  if (text === null) return null;
  const preset = presetNames.find((name) => name === text);
  if (preset === undefined)
    source.report(property, `expected ${presetWords}, found "${text}".${didYouMean(text, presetNames)}`);
  return preset ?? null;
}
