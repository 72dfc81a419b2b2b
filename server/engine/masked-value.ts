import { canonicalJson, isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { masked, maskJson } from '@/lib/domain/mask';
import { maskCovered, type Place } from '@/lib/domain/masking/cover';
import { pointerOf } from '@/lib/domain/policy/pointer';
import type { Masking, MaskScope } from './ports/masking';

/** As it may be shown and kept for showing: by the rules, and what looks like a secret (I14). */
export function maskedValue(masking: Masking, value: Json, scope: MaskScope): Json {
  return maskJson(maskCovered(value, masking.covered(value, scope)));
}

/** With null for each value of it that a rule masks any part of: a mask must not be taken for what was answered. */
export function withoutMasked(masking: Masking, content: Json | null, scope: MaskScope): Json | null {
  if (content === null) return null;
  const places = masking.covered(content, scope);
  if (places.length === 0) return content;
  const shown = maskCovered(content, places);
  if (!isJsonObject(shown) || !isJsonObject(content)) return null;
  const isAsItWas = (key: string, value: Json): boolean => canonicalJson(value) === canonicalJson(content[key] ?? null);
  return Object.fromEntries(
    Object.entries(shown).map(([key, value]): [string, Json] => [key, isAsItWas(key, value) ? value : null]),
  );
}

/** A call's arguments as its title may speak of them. */
export function titleArguments(
  masking: Masking,
  asked: { readonly server: string; readonly tool: string; readonly arguments: JsonObject },
): JsonObject {
  const { server, tool } = asked;
  const places = masking.covered(asked.arguments, { part: 'arguments', server, tool });
  const shown = maskCovered(asked.arguments, places);
  if (!isJsonObject(shown)) return {};
  // A mask tells nobody two calls apart.
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== masked));
}

/** A place where a mask came back that stands for nothing there. */
export interface TornMask {
  readonly field: string;
  readonly message: string;
}

/**
 * What was sent back as it was shown stays as it is, wherever the mask stood; in a list of another length nothing says
 * which item is which. A mask that is left over would reach the tool as a word.
 */
export function unmasked(
  sent: JsonObject,
  kept: Json,
  places: readonly Place[],
): { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly torn: TornMask } {
  if (places.length === 0) return { ok: true, value: sent };
  const torn: string[] = [];
  const back = (value: Json, was: Was | null, path: Place): Json => {
    if (was !== null && value === was.shown) return was.kept;
    if (typeof value === 'string' && value.includes(masked)) torn.push(pointerOf(path));
    if (Array.isArray(value)) {
      const isSameList = Array.isArray(was?.shown) && was.shown.length === value.length;
      return value.map((item: Json, index) => back(item, isSameList ? wasAt(was, index) : null, [...path, index]));
    }
    if (!isJsonObject(value)) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]): [string, Json] => [key, back(item, wasAt(was, key), [...path, key])]),
    );
  };
  const whole = back(sent, { kept, shown: maskCovered(kept, places) }, []);
  const [field] = torn;
  if (field !== undefined) return { ok: false, torn: { field, message: tornWords(field) } };
  return { ok: true, value: isJsonObject(whole) ? whole : sent };
}

function tornWords(field: string): string {
  return `${field} holds ${masked}, which stands for a value only where it was shown. Reveal the value first, or write it anew.`;
}

/** One place, as it is and as it was shown. */
interface Was {
  readonly kept: Json;
  readonly shown: Json;
}

function wasAt(was: Was | null, step: string | number): Was | null {
  const kept = was === null ? undefined : childOf(was.kept, step);
  const shown = was === null ? undefined : childOf(was.shown, step);
  return kept === undefined || shown === undefined ? null : { kept, shown };
}

function childOf(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)] as Json | undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
