import { isJsonObject, type Json } from '@/lib/domain/json';
import { maskJson } from '@/lib/domain/mask';
import { maskCovered, type Place } from '@/lib/domain/masking/cover';
import { cutJson } from '@/lib/domain/masking/cut';
import type { RawMessage } from '@/lib/domain/raw';
import type { Masking, MaskScope } from './ports/masking';

/** What a response answers: which rules speak of its result, and where in it. */
interface Asked {
  readonly scope: MaskScope;
  readonly at: Place;
}

/** Requests whose responses have not come; beyond that, rules of every tool apply to a response. */
const remembered = 1_000;
const nameSeparator = '__';
/** Characters. A larger message is kept in part: who reads it reads its beginning, and it is in every page of them. */
const rawMost = 200_000;

type Entry = Pick<RawMessage, 'side' | 'direction' | 'server' | 'connectionId' | 'message'>;

/**
 * Masks the raw messages of one session. Rules speak of arguments, results and answers, wherever in a message those
 * stand: a response is told by the request it answers.
 */
export class RawMasking {
  private readonly asked = new Map<string, Asked | null>();

  constructor(
    private readonly masking: Masking,
    /** The one server of the session's endpoint; null when the names of tools say it. */
    private readonly scopeOf: () => string | null,
  ) {}

  /** A large one is neither read through whole nor kept whole; rules are followed in all of it. */
  masked(entry: Entry): Pick<RawMessage, 'message' | 'isCut'> {
    const { message } = entry;
    const parts: readonly (readonly [Place, Json])[] = Array.isArray(message)
      ? message.map((item: Json, index): [Place, Json] => [[index], item])
      : [[[], message]];
    const places = parts.flatMap(([at, part]) => this.placesIn(entry, part).map((place) => [...at, ...place]));
    const covered = maskCovered(message, places);
    const kept = cutJson(covered, rawMost);
    return { message: maskJson(kept), ...(kept === covered ? {} : { isCut: true }) };
  }

  private placesIn(entry: Entry, message: Json): readonly Place[] {
    const whole = this.masking.covered(message, { part: 'raw', server: entry.server, tool: null });
    if (!isJsonObject(message)) return whole;
    const { method, id, params } = message;
    if (typeof method === 'string') {
      const read = this.request(entry, { method, params: params ?? null });
      if (id !== undefined) this.remember(keyOf(entry, entry.direction, id), read.answered);
      return [...whole, ...this.covered(params ?? null, ['params'], read.given)];
    }
    if (!('result' in message) && !('error' in message)) return whole;
    const other = entry.direction === 'in' ? 'out' : 'in';
    const key = keyOf(entry, other, id ?? null);
    const known = this.asked.get(key);
    this.asked.delete(key);
    const asked = known === undefined ? unknownResult(entry) : known;
    if (asked === null) return whole;
    return [...whole, ...this.covered(message, [], asked)];
  }

  /** What a request carries, and what its response will. */
  private request(
    entry: Entry,
    { method, params }: { readonly method: string; readonly params: Json },
  ): { readonly given: Asked | null; readonly answered: Asked | null } {
    switch (method) {
      case 'tools/call': {
        const named = isJsonObject(params) && typeof params['name'] === 'string' ? params['name'] : null;
        const of = this.toolOf(entry, named);
        return {
          given: { scope: { part: 'arguments', ...of }, at: ['arguments'] },
          answered: { scope: { part: 'results', ...of }, at: ['result'] },
        };
      }
      case 'elicitation/create':
      case 'sampling/createMessage': {
        const at = method === 'elicitation/create' ? ['result', 'content'] : ['result'];
        return { given: null, answered: { scope: { part: 'answers', server: entry.server, tool: null }, at } };
      }
      case 'tasks/result':
        return { given: null, answered: unknownResult(entry) };
      default:
        return { given: null, answered: null };
    }
  }

  /** On the agent's side a tool's name may carry its server's. */
  private toolOf(entry: Entry, name: string | null): Pick<MaskScope, 'server' | 'tool'> {
    if (entry.side === 'server') return { server: entry.server, tool: name };
    const scope = this.scopeOf();
    if (scope !== null || name === null) return { server: scope, tool: name };
    const at = name.indexOf(nameSeparator);
    if (at < 0) return { server: null, tool: name };
    return { server: name.slice(0, at), tool: name.slice(at + nameSeparator.length) };
  }

  private covered(value: Json, before: Place, asked: Asked | null): readonly Place[] {
    if (asked === null) return [];
    let at: Json | undefined = value;
    for (const step of asked.at) at = isJsonObject(at) ? at[String(step)] : undefined;
    if (at === undefined) return [];
    return this.masking.covered(at, asked.scope).map((place) => [...before, ...asked.at, ...place]);
  }

  private remember(key: string, asked: Asked | null): void {
    this.asked.set(key, asked);
    if (this.asked.size <= remembered) return;
    const oldest = this.asked.keys().next();
    if (oldest.done !== true) this.asked.delete(oldest.value);
  }
}

function unknownResult(entry: Entry): Asked {
  return { scope: { part: 'results', server: entry.server, tool: null }, at: ['result'] };
}

function keyOf(entry: Entry, direction: RawMessage['direction'], id: Json): string {
  return JSON.stringify([entry.side, entry.connectionId, direction, id]);
}
