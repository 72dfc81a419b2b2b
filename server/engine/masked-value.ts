import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { masked, maskJson } from '@/lib/domain/mask';
import { maskCovered, type Place } from '@/lib/domain/masking/cover';
import { isCovered, pointerOf } from '@/lib/domain/policy/pointer';
import type { Masking, MaskScope } from './ports/masking';

/** As it may be shown and kept for showing: by the rules, and what looks like a secret (I14). */
export function maskedValue(masking: Masking, value: Json, scope: MaskScope): Json {
  return maskJson(maskCovered(value, masking.covered(value, scope)));
}

/** A call's arguments as its title may speak of them. */
export function titleArguments(
  masking: Masking,
  asked: { readonly server: string; readonly tool: string; readonly arguments: JsonObject },
): JsonObject {
  const { server, tool } = asked;
  const places = masking.covered(asked.arguments, { part: 'arguments', server, tool });
  const shown = maskCovered(asked.arguments, places);
  return isJsonObject(shown) ? shown : {};
}

/** What was sent back as it was shown, with what stands masked there put back as it is. */
export function unmasked(sent: JsonObject, kept: Json, places: readonly Place[]): JsonObject {
  const pointers = new Set(places.map(pointerOf));
  const back = (value: Json, original: Json | undefined, path: Place): Json => {
    if (value === masked && original !== undefined && isCovered([...pointers], pointerOf(path))) return original;
    if (Array.isArray(value))
      return value.map((item: Json, index) => back(item, childOf(original, index), [...path, index]));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]): [string, Json] => [
        key,
        back(item, childOf(original, key), [...path, key]),
      ]),
    );
  };
  const whole = back(sent, kept, []);
  return isJsonObject(whole) ? whole : sent;
}

function childOf(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)] as Json | undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
