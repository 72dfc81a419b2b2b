import { LATEST_PROTOCOL_VERSION, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';

/** The first version whose clients bear an event without data, and know tasks. Versions are dates: they compare as texts. */
const primingFrom = '2025-11-25';

export const supportedVersions: readonly string[] = SUPPORTED_PROTOCOL_VERSIONS;

/** What `initialize` agrees on: the agent's own version where it is spoken, otherwise the newest. */
export function agreedVersion(wanted: string): string {
  return supportedVersions.includes(wanted) ? wanted : LATEST_PROTOCOL_VERSION;
}

/** Whether a stream may open with an event that has an id and no data. */
export function bearsPriming(version: string): boolean {
  return version >= primingFrom;
}

export function knowsTasks(version: string): boolean {
  return version >= '2025-11-25';
}

/** Only this version lets several messages travel in one body. */
export function knowsBatches(version: string): boolean {
  return version === '2025-03-26';
}
