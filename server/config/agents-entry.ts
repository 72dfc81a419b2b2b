import type { AgentSettings, ClientProfile } from '@/server/engine/ports/servers';
import type { ConfigSource, Entry, Property } from './config-source';
import { didYouMean } from '@/lib/domain/did-you-mean';
import { durationOrUnlimited, durationSetting } from './setting';

const known = ['onDisconnect', 'disconnectGrace', 'hold', 'clients'];
const clientKeys = ['name', 'version', 'hold', 'tickets'];
const choices = ['keep', 'cancel'] as const;
const leastHoldMs = 1_000;

/**
 * Clients whose patience is known, used after the configured ones. Claude Code's own limit is long, but its
 * connections are reported to drop near 5 minutes; it sends this name as `clientInfo.name`. Clients that wait
 * 60 s (the SDKs' default) need no profile: `hold` is below that.
 */
const knownClients: readonly ClientProfile[] = [
  { name: 'claude-code', version: null, holdMs: 4 * 60_000, tickets: true },
];

export const agentDefaults: AgentSettings = {
  onDisconnect: 'keep',
  disconnectGraceMs: 30_000,
  holdMs: 50_000,
  clients: knownClients,
};

/** How long agents wait, and what becomes of a call whose agent left. */
export function readAgents(source: ConfigSource, property: Property | undefined): AgentSettings {
  const shape = { known, expected: `an object with ${known.join(', ')}` };
  const fields = property === undefined ? null : source.record(property, shape);
  if (fields === null) return agentDefaults;
  const grace = fields.get('disconnectGrace');
  const holdMs = readHold(source, fields.get('hold'), agentDefaults.holdMs);
  return {
    onDisconnect: readChoice(source, fields.get('onDisconnect')),
    disconnectGraceMs:
      (grace === undefined ? null : durationSetting(source, grace, 0)) ?? agentDefaults.disconnectGraceMs,
    holdMs,
    clients: [...readClients(source, fields.get('clients'), holdMs), ...knownClients],
  };
}

function readChoice(source: ConfigSource, property: Property | undefined): AgentSettings['onDisconnect'] {
  if (property === undefined) return agentDefaults.onDisconnect;
  const text = source.text(property, '"keep" or "cancel"');
  const choice = choices.find((candidate) => candidate === text);
  if (text !== null && choice === undefined)
    source.report(property, `expected "keep" or "cancel", found "${text}".${didYouMean(text, choices)}`);
  return choice ?? agentDefaults.onDisconnect;
}

function readHold(source: ConfigSource, property: Property | undefined, usualMs: number | null): number | null {
  return property === undefined ? usualMs : durationOrUnlimited(source, property, leastHoldMs);
}

function readClients(
  source: ConfigSource,
  property: Property | undefined,
  usualMs: number | null,
): readonly ClientProfile[] {
  if (property === undefined) return [];
  const items = source.items(property, 'a list of clients, such as { "name": "my-agent*", "hold": "4m" }') ?? [];
  return items.flatMap((item) => readClient(source, item, usualMs) ?? []);
}

function readClient(source: ConfigSource, item: Entry, usualMs: number | null): ClientProfile | null {
  const expected = 'a client, such as { "name": "my-agent*", "hold": "4m" }';
  const fields = source.record(item, { known: clientKeys, expected });
  if (fields === null) return null;
  const tickets = fields.get('tickets');
  const name = readPattern(source, fields.get('name'));
  const profile = {
    version: readPattern(source, fields.get('version')),
    holdMs: readHold(source, fields.get('hold'), usualMs),
    tickets: tickets === undefined ? true : (source.truth(tickets) ?? true),
  };
  if (!fields.has('name')) source.report(item, 'a client needs "name", what it says as clientInfo.name; "*" for any.');
  return name === null ? null : { name, ...profile };
}

function readPattern(source: ConfigSource, property: Property | undefined): string | null {
  if (property === undefined) return null;
  const pattern = source.text(property, 'a text, in which "*" stands for any characters');
  if (pattern === '') source.report(property, 'an empty text matches nothing.');
  return pattern;
}
