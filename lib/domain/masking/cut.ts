import { isJsonObject, type Json, type JsonObject } from '../json';
import { maskText } from '../mask';

/** What each kind of value is cut to, when a whole is too large. */
interface Cuts {
  readonly text: number;
  readonly items: number;
}

/**
 * From the mildest on; the first that is enough is taken. No text is cut to fewer characters than a value may have that
 * looks drawn at random: half of a secret would not look like one.
 */
const ladder: readonly Cuts[] = [
  { text: 40_000, items: 2_000 },
  { text: 10_000, items: 400 },
  { text: 2_500, items: 80 },
  { text: 1_000, items: 20 },
  { text: 600, items: 5 },
];
/** A message has few members, and none of them is to be missing. */
const membersLeast = 40;
/** A secret that is cut in two is not recognised: what is masked goes on beyond the cut, and is taken off again. */
const overlap = 1_600;

/** A member of a message that is kept where nothing larger can be. */
const memberMost = 1_000;
const tooLarge = '… too large to be kept';

/**
 * A value within `most` characters of JSON, roughly: itself, or a copy whose marks say what is missing. The work grows
 * with `most`, not with the value. To be masked afterwards.
 */
export function cutJson(value: Json, most: number): Json {
  if (isWithin(value, most)) return value;
  for (const cuts of ladder) {
    const copy = new Cutting(cuts, most).copy(value);
    if (copy !== null) return copy;
  }
  if (!isJsonObject(value)) return tooLarge;
  const members = Object.keys(value)
    .filter((key) => key.length <= memberMost)
    .slice(0, membersLeast)
    .map((key): [string, Json] => {
      const item = value[key] ?? null;
      return [key, isWithin(item, memberMost) ? item : tooLarge];
    });
  return Object.fromEntries(members);
}

function isWithin(value: Json, most: number): boolean {
  return roughSize(value, most) <= most;
}

/** Characters of JSON, roughly: escapes are not counted. Ends, with more than `most`, where that is reached. */
export function roughSize(value: Json, most = Number.POSITIVE_INFINITY): number {
  const measure = new Measure(most);
  measure.add(value);
  return measure.size;
}

/** What a value takes beside its text: a comma, a colon, quotes. */
const perValue = 4;

class Measure {
  size = 0;

  constructor(private readonly most: number) {}

  /** False once it is enough. */
  add(value: Json): boolean {
    this.size += perValue + (typeof value === 'string' ? value.length : 0);
    if (this.size > this.most) return false;
    if (Array.isArray(value)) return value.every((item: Json) => this.add(item));
    if (!isJsonObject(value)) return true;
    for (const key of Object.keys(value)) {
      this.size += key.length;
      if (!this.add(value[key] ?? null)) return false;
    }
    return true;
  }
}

class Cutting {
  constructor(
    private readonly cuts: Cuts,
    private left: number,
  ) {}

  /** Null when it does not fit. */
  copy(value: Json): Json | null {
    const copied = this.of(value);
    return this.left < 0 ? null : copied;
  }

  private of(value: Json): Json {
    this.left -= perValue;
    if (this.left < 0) return null;
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return this.list(value);
    return isJsonObject(value) ? this.members(value) : value;
  }

  private text(text: string): string {
    const most = this.cuts.text;
    if (text.length <= most) {
      this.left -= text.length;
      return text;
    }
    const known = maskText(text.slice(0, most + overlap));
    const kept = known.slice(0, Math.min(most, Math.max(0, known.length - overlap)));
    this.left -= kept.length;
    return `${kept}… ${words(text.length - most)} more characters`;
  }

  private list(list: readonly Json[]): Json {
    const kept: Json[] = [];
    for (const item of list) {
      if (kept.length >= this.cuts.items || this.left < 0) break;
      kept.push(this.of(item));
    }
    return kept.length === list.length ? kept : [...kept, `… ${words(list.length - kept.length)} more`];
  }

  private members(value: JsonObject): Json {
    const keys = Object.keys(value);
    const kept: [string, Json][] = [];
    for (const key of keys.slice(0, Math.max(this.cuts.items, membersLeast))) {
      this.left -= key.length;
      if (this.left < 0) break;
      kept.push([key, this.of(value[key] ?? null)]);
    }
    return Object.fromEntries(
      kept.length === keys.length ? kept : [...kept, ['…', `${words(keys.length - kept.length)} more`]],
    );
  }
}

function words(count: number): string {
  return count.toLocaleString('en-US');
}
