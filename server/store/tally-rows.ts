import { answeredWhats, binOf, dayMs, quarterMs, type TallyFact } from '@/lib/domain/overview/tally';
import { plainText } from './json-text';
import type { Flag, TallyQuarterRow, TallyRow } from './schema';

/** Names are of any length; what they are counted under is not. */
const longestName = 200;

/** What facts add: by place, in their quarter of an hour and in their day; and wherever, in their quarter. */
export function tallyRows(facts: readonly TallyFact[]): {
  readonly places: readonly TallyRow[];
  readonly quarters: readonly TallyQuarterRow[];
} {
  const places = facts.flatMap((fact) => [placeRow(fact, 0), placeRow(fact, 1)]);
  const quarters = facts.map(
    ({ at, what, ms }): TallyQuarterRow => ({
      at: floorTo(at, quarterMs),
      what,
      how_many: 1,
      total_ms: Math.round(ms),
    }),
  );
  return { places, quarters };
}

function placeRow({ at, what, team, server, tool, ms }: TallyFact, size: Flag): TallyRow {
  return {
    size,
    at: floorTo(at, size === 1 ? dayMs : quarterMs),
    what,
    team: nameOf(team),
    server: nameOf(server),
    tool: nameOf(tool),
    bin: answeredWhats.includes(what) ? binOf(ms) : 0,
    how_many: 1,
    total_ms: Math.round(ms),
  };
}

function nameOf(name: string): string {
  return plainText(name.slice(0, longestName));
}

function floorTo(at: number, sizeMs: number): number {
  return Math.floor(at / sizeMs) * sizeMs;
}
