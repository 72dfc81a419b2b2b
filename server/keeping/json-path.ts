import { JSONPathEnvironment, type JSONPathQuery } from 'json-p3';
import type { Json } from '@/lib/domain/json';
import type { Place } from '@/lib/domain/masking/cover';

/** Deeper values, and larger results, are not looked through: what cannot be looked through is masked whole. */
const deepest = 100;
const placesMost = 20_000;
/** By how often the path goes down everywhere: each time the work is that of the whole. */
const visitsMost = [100_000, 50_000, 3_000] as const;
/** Each `..` walks everything below: with more of them an innocent value takes hours. */
const descentsMost = 2;
/** Their patterns are regular expressions, which a value of an agent can make run for ever. */
const withoutPatterns = ['match', 'search'];

export type CompiledPath =
  | { readonly ok: true; readonly placesIn: (value: Json) => readonly Place[] }
  | { readonly ok: false; readonly message: string };

/** Could not be followed in this value. */
export class PathTrouble extends Error {
  override readonly name = 'PathTrouble';
}

const environment = new JSONPathEnvironment({ maxRecursionDepth: deepest });
for (const name of withoutPatterns) environment.functionRegister.delete(name);

/** A path of RFC 9535 that is safe to follow in what anyone sends; what is wrong with it, in words, otherwise. */
export function compilePath(path: string): CompiledPath {
  if (!path.startsWith('$')) return { ok: false, message: 'A JSON path begins with "$", such as $.customer.iban.' };
  for (const name of withoutPatterns)
    if (new RegExp(`\\b${name}\\s*\\(`).test(path))
      return {
        ok: false,
        message: `${name}() is not taken: a pattern could be made to run without end. Compare with ==.`,
      };
  if (path.split('..').length - 1 > descentsMost)
    return { ok: false, message: `At most ${descentsMost} ".." are taken: more would take too long.` };
  let query: JSONPathQuery;
  try {
    query = environment.compile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `This is not a JSON path (RFC 9535): ${why}.` };
  }
  const visits = visitsMost[path.split('..').length - 1] ?? 0;
  return { ok: true, placesIn: (value) => placesOf(query, value, visits) };
}

function placesOf(query: JSONPathQuery, value: Json, visits: number): readonly Place[] {
  if (!isSmallEnough(value, visits)) throw new PathTrouble('the value is too large or too deep to be looked through');
  const places: Place[] = [];
  for (const node of query.lazyQuery(value as Parameters<JSONPathQuery['lazyQuery']>[0])) {
    places.push(node.location);
    if (places.length > placesMost) throw new PathTrouble(`the path names more than ${placesMost} values`);
  }
  return places;
}

function isSmallEnough(value: Json, visits: number): boolean {
  let level: readonly Json[] = [value];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    seen += level.length;
    if (depth > deepest || seen > visits) return false;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? (Object.values(item) as Json[]) : []));
  }
  return true;
}
