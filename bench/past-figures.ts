import { against, type Figure } from './figures';

export interface QuestionTimes {
  readonly p50Ms: number;
  readonly p98Ms: number;
}

/** Where a question is asked: of the store itself, or by a page over its socket. */
export type Side = 'store' | 'socket';
export const sides: readonly Side[] = ['store', 'socket'];
export const databases = ['sqlite', 'postgres'] as const;
export type DatabaseName = (typeof databases)[number];

/** By question. */
export type Times = ReadonlyMap<string, QuestionTimes>;

const within = { p98Ms: 300, ratio: 3 } as const;

export function questionFigures(
  place: { readonly database: DatabaseName; readonly side: Side },
  { many, few }: { readonly many: Times; readonly few: Times },
): readonly Figure[] {
  const { database, side } = place;
  return [...many].flatMap(([question, times]) => {
    const before = few.get(question);
    if (before === undefined) return [];
    return (['p50Ms', 'p98Ms'] as const).map((of) =>
      against(`${question}_${of === 'p50Ms' ? 'p50' : 'p98'}_ms.${database}.${side}`, 'ms', {
        value: times[of],
        baseline: before[of],
      }),
    );
  });
}

/** An answer comes within 300 ms, or takes at most three times what it takes of a short past. */
export function meetsGoal({ value, ratio }: Pick<Figure, 'value' | 'ratio'>): boolean {
  return value <= within.p98Ms || (ratio !== null && ratio <= within.ratio);
}

/** A line for each question, and at the end how many miss the goal. */
export function pastTable(words: string, figures: readonly Figure[]): string {
  const found = figures.flatMap((p98): readonly Line[] => {
    const named = /^(.+)_p98_ms\.(\w+)\.(\w+)$/.exec(p98.figure);
    const p50 = figures.find(({ figure }) => figure === p98.figure.replace('_p98_ms.', '_p50_ms.'));
    const [, question, database, side] = named ?? [];
    if (question === undefined || database === undefined || side === undefined || p50 === undefined) return [];
    return [{ question, place: `${database}, ${side}`, p50, p98 }];
  });
  const width = Math.max(0, ...found.map(({ question }) => question.length)) + 4;
  const head = ['p50 few', 'p98 few', 'p50 many', 'p98 many', 'ratio'].map((name) => name.padStart(10)).join('');
  const lines = found.flatMap((line, at) => [
    ...(line.place === found[at - 1]?.place ? [] : [line.place]),
    lineOf(line, width),
  ]);
  const missed = found.filter(({ p98 }) => !meetsGoal(p98)).length;
  const goal = `within ${within.p98Ms} ms, or at most ${within.ratio} times, at p98`;
  const end =
    missed === 0
      ? `All ${found.length} meet the goal: ${goal}.`
      : `${missed} of ${found.length} MISS the goal: ${goal}.`;
  const counts = figures
    .filter(({ unit }) => unit !== 'ms')
    .map(({ figure, value, baseline }) => `${figure} ${value} (${baseline})`);
  return [`${words.padEnd(width)}${head}  goal`, ...lines, ...counts, end].join('\n');
}

interface Line {
  readonly question: string;
  readonly place: string;
  readonly p50: Figure;
  readonly p98: Figure;
}

function lineOf({ question, p50, p98 }: Line, width: number): string {
  const cells = [p50.baseline, p98.baseline, p50.value, p98.value, p98.ratio].map((value) =>
    (value === null ? '' : value.toFixed(1)).padStart(10),
  );
  return `  ${question.padEnd(width - 2)}${cells.join('')}  ${meetsGoal(p98) ? 'met' : 'MISSED'}`;
}
