import type { AuditDraft } from './audit';
import { isJsonObject, type Json, type JsonObject } from './json';

const longestWhy = 1_000;
const longestName = 200;
const longestFact = 1_000;
const mostFacts = 60;

/**
 * An act as it can be kept for years: no text longer than it is read, none that some database or RFC 8785 refuses, and
 * no payload by mistake (I14).
 */
export function cleanDraft(draft: AuditDraft): AuditDraft {
  const { at, act, actor, from, about, why, facts } = draft;
  return {
    at: Math.trunc(at),
    act,
    actor: actor.kind === 'holdpoint' ? { kind: 'holdpoint' } : { ...actor, name: plain(actor.name, longestName) },
    from:
      from === null
        ? null
        : { address: optional(from.address, longestName), by: from.by, client: optional(from.client, longestName) },
    about: { kind: about.kind, id: plain(about.id, longestName), name: optional(about.name, longestName) },
    why: optional(why, longestWhy),
    facts: cleanObject(facts, 3),
  };
}

function optional(text: string | null, most: number): string | null {
  return text === null ? null : plain(text, most);
}

/** Lone surrogates have no UTF-8, and U+0000 ends a text on some databases. */
function plain(text: string, most: number): string {
  const whole = text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
  if (whole.length <= most) return whole;
  return `${whole.slice(0, most - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

function cleanObject(facts: JsonObject, depth: number): JsonObject {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.slice(0, mostFacts).map(([key, value]) => [plain(key, longestName), clean(value, depth)]),
  );
}

function clean(value: Json, depth: number): Json {
  if (typeof value === 'string') return plain(value, longestFact);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.slice(0, mostFacts).map((item) => clean(item as Json, depth - 1));
  return isJsonObject(value) ? cleanObject(value, depth - 1) : null;
}
