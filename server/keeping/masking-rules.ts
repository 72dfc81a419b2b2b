import type { Json } from '@/lib/domain/json';
import type { Place } from '@/lib/domain/masking/cover';
import {
  type MaskedPart,
  type MaskingProblem,
  type MaskingRule,
  maskedParts,
  maskingNameMost,
  maskingPathMost,
} from '@/lib/domain/masking/rule';
import { matchesGlob } from '@/lib/domain/policy/glob';
import type { Masking, MaskScope } from '@/server/engine/ports/masking';
import { type CompiledPath, compilePath } from './json-path';

/** What is wrong with rules: with one wrong rule none is saved. */
export function maskingProblems(rules: readonly MaskingRule[]): readonly MaskingProblem[] {
  return rules.flatMap((rule, index) => {
    const problems: MaskingProblem[] = [];
    if (rule.name.trim() === '' || rule.name.length > maskingNameMost)
      problems.push({ index, field: 'name', message: `A name of 1 to ${maskingNameMost} characters is needed.` });
    if (rule.path.length > maskingPathMost)
      problems.push({ index, field: 'path', message: `A path has at most ${maskingPathMost} characters.` });
    else {
      const path = compilePath(rule.path);
      if (!path.ok) problems.push({ index, field: 'path', message: path.message });
    }
    if (rule.parts.length === 0)
      problems.push({ index, field: 'parts', message: 'Say where it applies: arguments, results, answers or raw.' });
    return problems;
  });
}

interface Compiled {
  readonly rule: MaskingRule;
  readonly path: CompiledPath;
}

/** What one rule does to a value. */
export type RuleReach =
  | { readonly is: 'covers'; readonly places: readonly Place[] }
  /** The rule could not be followed: everything is covered. */
  | { readonly is: 'failed'; readonly why: string };

const whole: readonly Place[] = [[]];

/** Rules, ready to be asked. */
export class MaskingRules implements Masking {
  private readonly byPart: ReadonlyMap<MaskedPart, readonly Compiled[]>;

  constructor(
    rules: readonly MaskingRule[],
    private readonly onTrouble: (rule: MaskingRule, why: string) => void = () => undefined,
  ) {
    const compiled = rules.map((rule): Compiled => ({ rule, path: compilePath(rule.path) }));
    this.byPart = new Map(
      maskedParts.map((part) => [part, compiled.filter(({ rule }) => rule.parts.includes(part))] as const),
    );
  }

  covered(value: Json, scope: MaskScope): readonly Place[] {
    const places: Place[] = [];
    for (const one of this.byPart.get(scope.part) ?? []) {
      if (!concerns(one.rule, scope)) continue;
      const reach = reachOf(one, value);
      if (reach.is === 'failed') {
        this.onTrouble(one.rule, reach.why);
        return whole;
      }
      places.push(...reach.places);
    }
    return places;
  }
}

export function reachOfRule(rule: MaskingRule, value: Json): RuleReach {
  return reachOf({ rule, path: compilePath(rule.path) }, value);
}

/** A name that is not known may be any. */
export function concerns(rule: MaskingRule, { server, tool }: Pick<MaskScope, 'server' | 'tool'>): boolean {
  const fits = (pattern: string | null, name: string | null): boolean =>
    pattern === null || name === null || matchesGlob(pattern, name);
  return fits(rule.server, server) && fits(rule.tool, tool);
}

/** A rule that cannot be followed masks: what it was to hide would stand there otherwise. */
function reachOf({ path }: Compiled, value: Json): RuleReach {
  if (!path.ok) return { is: 'failed', why: path.message };
  try {
    return { is: 'covers', places: path.placesIn(value) };
  } catch (error) {
    return { is: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}
