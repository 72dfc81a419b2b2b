import type { JsonObject } from './json';

/** A result may be large, and is measured, kept and handed on: its text is made once, and goes with it. */
const texts = new WeakMap<JsonObject, string>();

/** The JSON of a value that nobody changes any more, for all who ask for it later. */
export function textOf(value: JsonObject): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}

/** Null when nobody has asked for it by `textOf`. */
export function knownTextOf(value: object): string | null {
  return texts.get(value as JsonObject) ?? null;
}
