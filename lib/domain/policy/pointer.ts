import { isJsonObject, type Json } from '../json';

/** JSON Pointers (RFC 6901): `` for the whole, `/to/0`, with `~1` for `/` and `~0` for `~`. */
export function readPointer(pointer: string): readonly string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The value there; undefined when there is none. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  const path = readPointer(pointer);
  if (path === null) return undefined;
  let at: Json | undefined = value;
  for (const part of path) {
    if (Array.isArray(at)) at = /^(0|[1-9]\d*)$/.test(part) ? (at[Number(part)] as Json | undefined) : undefined;
    else if (isJsonObject(at)) at = Object.hasOwn(at, part) ? at[part] : undefined;
    else return undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** Whether a place lies at or below one of the pointers. */
export function isCovered(pointers: readonly string[], place: string): boolean {
  return pointers.some((pointer) => pointer === '' || place === pointer || place.startsWith(`${pointer}/`));
}

export interface Change {
  readonly pointer: string;
  /** Undefined where there was none. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Where two values differ, as deep as they can be told apart; a list of another length differs as a whole. */
export function changesBetween(before: Json, after: Json, path: readonly string[] = []): readonly Change[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item: Json, index) => changesBetween(item, after[index] as Json, [...path, String(index)]));
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesOfKey(before, after, { key, path: [...path, key] }));
  }
  const isSame = typeof before === 'object' && typeof after === 'object' && isEmptySame(before, after);
  return isSame ? [] : [{ pointer: pointerOf(path), before, after }];
}

function changesOfKey(
  before: { readonly [key: string]: Json },
  after: { readonly [key: string]: Json },
  at: { readonly key: string; readonly path: readonly string[] },
): readonly Change[] {
  const was = Object.hasOwn(before, at.key) ? before[at.key] : undefined;
  const is = Object.hasOwn(after, at.key) ? after[at.key] : undefined;
  if (was !== undefined && is !== undefined) return changesBetween(was, is, at.path);
  return [{ pointer: pointerOf(at.path), before: was, after: is }];
}

function isEmptySame(a: Json, b: Json): boolean {
  return Array.isArray(a) && Array.isArray(b) && a.length === 0 && b.length === 0;
}
