import type { ConfigSource, Property } from './config-source';
import { readDuration, writeDuration } from './duration';
import { durationSetting } from './setting';

/** Node's HTTP client gives up by itself when no first byte came within 5 minutes. */
const mostMs = 5 * 60_000;
const leastMs = 1_000;

export const usualTimeoutMs = 2 * 60_000;

/** How long a model may take; null (and noted) when it cannot be kept. */
export function modelTimeout(source: ConfigSource, property: Property | undefined): number | null {
  if (property === undefined) return usualTimeoutMs;
  const timeoutMs = readDuration(property.node.value);
  // What is no duration has words already.
  if (timeoutMs === null) return durationSetting(source, property);
  if (timeoutMs >= leastMs && timeoutMs <= mostMs) return timeoutMs;
  const range = `from ${writeDuration(leastMs)} to ${writeDuration(mostMs)}`;
  source.report(property, `expected a duration ${range}, found ${writeDuration(timeoutMs)}.`);
  return null;
}

/** US dollars for a million tokens: both, or none. */
export function modelPrices(
  source: ConfigSource,
  inputField: Property | undefined,
  outputField: Property | undefined,
): { readonly input: number; readonly output: number } | null {
  const given = inputField ?? outputField;
  if (given === undefined) return null;
  if (inputField === undefined || outputField === undefined) {
    source.reportName(given, 'give both "inputPrice" and "outputPrice", or neither.');
    return null;
  }
  const input = price(source, inputField);
  const output = price(source, outputField);
  return input === null || output === null ? null : { input, output };
}

function price(source: ConfigSource, property: Property): number | null {
  const value: unknown = property.node.value;
  if (typeof value === 'number' && value >= 0 && value <= 1_000_000) return value;
  source.report(property, 'expected US dollars for a million tokens, a number such as 3 or 0.25.');
  return null;
}
