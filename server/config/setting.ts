import { readByteSize } from './byte-size';
import type { ConfigSource, Property } from './config-source';
import { longestMs, readDuration, writeDuration } from './duration';

interface Range {
  readonly least: number;
  readonly most: number;
}

/** A duration within bounds; null (and noted) when it is not one. */
export function durationSetting(source: ConfigSource, property: Property, leastMs = 100): number | null {
  const value: unknown = property.node.value;
  const durationMs = readDuration(value);
  if (durationMs === null) {
    source.report(property, 'expected a duration such as "90s", "15m" or "1h30m", or a whole number of milliseconds.');
    return null;
  }
  if (durationMs >= leastMs && durationMs <= longestMs) return durationMs;
  source.report(
    property,
    `expected a duration from ${writeDuration(leastMs)} to ${writeDuration(longestMs)}, found ${writeDuration(durationMs)}.`,
  );
  return null;
}

/** As `durationSetting`, but "unlimited" is null. A mistake is null too, and noted. */
export function durationOrUnlimited(source: ConfigSource, property: Property, leastMs = 100): number | null {
  const value: unknown = property.node.value;
  if (value === 'unlimited') return null;
  if (readDuration(value) !== null) return durationSetting(source, property, leastMs);
  source.report(
    property,
    'expected a duration such as "90s", "15m" or "1h30m", a whole number of milliseconds, or "unlimited".',
  );
  return null;
}

export function countSetting(source: ConfigSource, property: Property, range: Range): number | null {
  const value: unknown = property.node.value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.least && value <= range.most) return value;
  source.report(property, `expected a whole number from ${range.least} to ${range.most}.`);
  return null;
}

export function byteSizeSetting(source: ConfigSource, property: Property, range: Range): number | null {
  const bytes = readByteSize(property.node.value);
  if (bytes !== null && bytes >= range.least && bytes <= range.most) return bytes;
  source.report(
    property,
    `expected a size such as "512KB" or "1MB", or a number of bytes, from ${range.least} to ${range.most} bytes.`,
  );
  return null;
}
