import { EvaluationError, ParseError, type ParseResult, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { RuleMatch } from '@/lib/domain/policy/decide';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { environment, meter } from './cel-environment';
import { RuleFailure } from './cel-failure';
import { expressionCharactersMax, questionStepsMax } from './cel-limits';
import { shapeProblem, tooMuch } from './cel-shape';
import { Scope, Subject } from './cel-variables';
import { failureWords } from './cel-words';

/** A place in an expression: line and column from 1, the offset from 0. */
export interface ExpressionPlace {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export type RuleCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly at: ExpressionPlace | null };

type Compiled =
  | { readonly ok: true; readonly run: ParseResult }
  | { readonly ok: false; readonly message: string; readonly at: ExpressionPlace | null };

/** Whether an expression can be saved; the position of what is wrong, for the editor. */
export function checkExpression(when: string): RuleCheck {
  const compiled = compile(when);
  return compiled.ok ? { ok: true } : compiled;
}

export interface CompiledRules {
  match(rule: PolicyRule, question: PolicyQuestion): RuleMatch;
}

/** What is left for the rules of one question, and which of them were asked. */
interface Sitting {
  readonly subject: Subject;
  readonly asked: Set<PolicyRule>;
  left: number;
}

/** Compiles once; a rule that does not compile matches with an error (never silently 'no'). Guarded by tests/policy/cel.test.ts. */
export function compileRules(rules: readonly PolicyRule[]): CompiledRules {
  const compiled = new Map(rules.map((rule) => [rule.when, compile(rule.when)]));
  const sittings = new WeakMap<PolicyQuestion, Sitting>();
  return {
    match(rule, question) {
      const one = compiled.get(rule.when);
      if (one === undefined) return { error: 'the rule is not one of those in force.' };
      if (!one.ok) return { error: `its expression is wrong: ${one.message}` };
      let sitting = sittings.get(question);
      if (sitting === undefined || sitting.asked.has(rule)) {
        sitting = { subject: new Subject(question, meter), asked: new Set(), left: questionStepsMax };
        sittings.set(question, sitting);
      }
      sitting.asked.add(rule);
      return evaluate(one.run, sitting);
    },
  };
}

function evaluate(run: ParseResult, sitting: Sitting): RuleMatch {
  const scope = new Scope(sitting.subject);
  const traces = Error.stackTraceLimit;
  // An error for each of a hundred thousand items is made in no time only without its trace.
  Error.stackTraceLimit = 0;
  meter.start(sitting.left);
  try {
    const value: unknown = run(scope as unknown as Record<string, unknown>);
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    return { error: 'it says neither true nor false.' };
  } catch (error) {
    return { error: failureWords(error) };
  } finally {
    sitting.left = meter.left;
    scope.close();
    Error.stackTraceLimit = traces;
  }
}

function compile(when: string): Compiled {
  if (when.trim() === '') return refused('an expression is needed; "true" stands for every call', null);
  if (when.length > expressionCharactersMax)
    return refused(`an expression has at most ${expressionCharactersMax} characters`, null);
  try {
    const run = environment.parse(when);
    const problem = shapeProblem(run.ast);
    if (problem !== null) return refused(problem.message, placeOf(when, problem.offset));
    const checked = run.check();
    if (checked.valid) return typeProblem(run, checked.type ?? 'dyn');
    return refusedBy(checked.error, when);
  } catch (error) {
    return refusedBy(error, when);
  }
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '-_']);

function typeProblem(run: ParseResult, type: string): Compiled {
  if (type === 'bool' || (type === 'dyn' && !arithmetic.has(run.ast.op))) return { ok: true, run };
  return refused(`the expression must say true or false; this one is of type ${type === 'dyn' ? 'number' : type}`, {
    line: 1,
    column: 1,
    offset: 0,
  });
}

/** Where the library's own words leave people guessing. */
const clearer: Readonly<Record<string, string>> = {
  'Unexpected character: =': 'unexpected character: =, for == compares',
};

function refusedBy(error: unknown, when: string): Compiled {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    const offset = error.node?.start ?? error.range?.start;
    return refused(
      error.code === 'limit_exceeded' ? tooMuch : (clearer[error.summary] ?? plainTokens(error.summary)),
      offset === undefined ? null : placeOf(when, offset),
    );
  }
  if (error instanceof RuleFailure) return refused(error.message, null);
  return refused('this expression cannot be read', null);
}

const tokenWords: Readonly<Record<string, string>> = {
  EOF: 'the end',
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  COMMA: '","',
  COLON: '":"',
  DOT: '"."',
  IDENTIFIER: 'a name',
  NUMBER: 'a number',
  STRING: 'a text in quotes',
  QUESTION: '"?"',
};

/** The parser names marks by its own names for them: a person types the marks. */
function plainTokens(words: string): string {
  return words.replace(/\b[A-Z]{3,}\b/g, (token) => tokenWords[token] ?? token);
}

/** In sentences: a capital first, a full stop last. */
function refused(words: string, at: ExpressionPlace | null): Compiled {
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return { ok: false, message: /[.?!]$/.test(sentence) ? sentence : `${sentence}.`, at };
}

function placeOf(text: string, wanted: number): ExpressionPlace {
  const offset = Math.min(Math.max(wanted, 0), text.length);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, offset };
}
