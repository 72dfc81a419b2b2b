import type { CharacterSet, PatternNode } from '@/lib/domain/form/pattern-syntax';
import { patternStepsMax, patternTextMin } from '@/lib/domain/form/form-limits';

// A backtracking engine blows up when one text can be matched along many ways. `ways` counts the choices that do not
// depend on the text's length, `degree` the repeats whose end is a guess: the paths are at most ways × length^degree.
// A choice inside a repeat multiplies per round, so any ambiguity there is refused. Guarded by tests/form/pattern.test.ts.

interface Cost {
  readonly ways: number;
  readonly degree: number;
  readonly ahead: number;
  /** How often the body is written out when every counted repeat is unrolled. */
  readonly copies: number;
}

const free: Cost = { ways: 1, degree: 0, ahead: 0, copies: 1 };
const refused: Cost = { ways: Number.POSITIVE_INFINITY, degree: 0, ahead: 0, copies: 1 };
const copiesMax = 10_000;

interface Reach {
  readonly first: CharacterSet;
  readonly nullable: boolean;
}

function reachOf(node: PatternNode): Reach {
  switch (node.kind) {
    case 'characters':
      return { first: node.set, nullable: false };
    case 'start':
    case 'edge':
    case 'ahead':
      return { first: 0n, nullable: true };
    case 'repeat': {
      if (node.max === 0) return { first: 0n, nullable: true };
      const body = reachOf(node.body);
      return { first: body.first, nullable: body.nullable || node.min === 0 };
    }
    case 'either': {
      const branches = node.branches.map(reachOf);
      return {
        first: branches.reduce((set, branch) => set | branch.first, 0n),
        nullable: branches.some((branch) => branch.nullable),
      };
    }
    case 'sequence': {
      let first = 0n;
      for (const item of node.items) {
        const reach = reachOf(item);
        first |= reach.first;
        if (!reach.nullable) return { first, nullable: false };
      }
      return { first, nullable: true };
    }
  }
}

function costOf(node: PatternNode, follow: CharacterSet): Cost {
  switch (node.kind) {
    case 'characters':
    case 'start':
    case 'edge':
      return free;
    case 'ahead': {
      const body = costOf(node.body, 0n);
      return { ways: body.ways, degree: 0, ahead: body.degree + body.ahead + 1, copies: body.copies };
    }
    case 'sequence':
      return sequenceCost(node.items, follow);
    case 'either':
      return eitherCost(node.branches, follow);
    case 'repeat':
      return repeatCost(node, follow);
  }
}

function sequenceCost(items: readonly PatternNode[], follow: CharacterSet): Cost {
  let total = free;
  let after = follow;
  for (const item of items.toReversed()) {
    const cost = costOf(item, after);
    total = {
      ways: total.ways * cost.ways,
      degree: total.degree + cost.degree,
      ahead: Math.max(total.ahead, cost.ahead),
      copies: total.copies + cost.copies,
    };
    const reach = reachOf(item);
    after = reach.nullable ? after | reach.first : reach.first;
  }
  return total;
}

function eitherCost(branches: readonly PatternNode[], follow: CharacterSet): Cost {
  let seen = 0n;
  let decided = true;
  let total: Cost = { ...free, ways: 0 };
  for (const branch of branches) {
    const reach = reachOf(branch);
    const entry = reach.nullable ? reach.first | follow : reach.first;
    const cost = costOf(branch, follow);
    decided &&= (seen & entry) === 0n && cost.ways === 1;
    seen |= entry;
    total = {
      ways: total.ways + cost.ways,
      degree: Math.max(total.degree, cost.degree),
      ahead: Math.max(total.ahead, cost.ahead),
      copies: total.copies + cost.copies,
    };
  }
  return decided ? { ...total, ways: 1 } : total;
}

function repeatCost(node: Extract<PatternNode, { kind: 'repeat' }>, follow: CharacterSet): Cost {
  const body = reachOf(node.body);
  const endIsGuessed = node.min !== node.max && (body.first & follow) !== 0n;
  if (node.max <= 1) {
    const once = costOf(node.body, follow);
    return { ...once, ways: once.ways * (endIsGuessed ? 2 : 1) };
  }
  if (body.nullable) return refused;
  const round = costOf(node.body, body.first | follow);
  if (round.ways > 1 || round.degree > 0 || round.ahead > 0) return refused;
  const rounds = Number.isFinite(node.max) ? node.max : Math.max(node.min, 1);
  return { ways: 1, degree: endIsGuessed ? 1 : 0, ahead: 0, copies: round.copies * rounds };
}

function startsAtStart(node: PatternNode): boolean {
  switch (node.kind) {
    case 'start':
      return true;
    case 'sequence': {
      const [first] = node.items;
      return first !== undefined && startsAtStart(first);
    }
    case 'either':
      return node.branches.every(startsAtStart);
    case 'characters':
    case 'repeat':
    case 'ahead':
    case 'edge':
      return false;
  }
}

/** The longest text this pattern may be tested on within the step budget, or `null` when it is not worth the danger. */
export function affordableLength(pattern: PatternNode): number | null {
  const cost = costOf(pattern, 0n);
  if (!Number.isFinite(cost.ways) || cost.copies > copiesMax) return null;
  const exponent = cost.degree + Math.max(cost.ahead, 1) + (startsAtStart(pattern) ? 0 : 1);
  const length = Math.floor((patternStepsMax / cost.ways) ** (1 / exponent));
  return length < patternTextMin ? null : length;
}
