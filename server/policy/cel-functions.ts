import type { Environment } from '@marcbachmann/cel-js';
import { patternStepsMax } from '@/lib/domain/form/form-limits';
import { compilePattern, type FieldPattern, readPattern } from '@/lib/domain/form/pattern';
import { matchesGlob } from '@/lib/domain/policy/glob';
import { needleCharactersMax } from './cel-limits';
import { RuleFailure } from './cel-failure';
import type { Meter } from './cel-meter';

// The library's own `contains` and `matches` can take minutes on a text made for it. They cannot be replaced, but a
// macro of the same name is taken first, whatever its receiver is said to be.

interface Node {
  readonly op: string;
  readonly args: unknown;
}

interface Typed {
  readonly kind: string;
  readonly name: string;
}

interface Checker {
  check(node: Node, context: unknown): Typed;
  getType(name: string): Typed;
  createError(code: string, message: string, node: Node): Error;
}

interface Runner {
  run(node: Node, context: unknown): unknown;
}

interface MacroCall {
  readonly args: readonly Node[];
  readonly receiver: Node;
}

interface Macro {
  readonly async: false;
  typeCheck(checker: Checker, macro: Macro, context: unknown): Typed;
  evaluate(runner: Runner, macro: Macro, context: unknown): boolean;
}

/** A search step is far cheaper than a step of an expression. */
const charactersPerStep = 512;
const patternStepsPerStep = 10;

export function addFunctions(environment: Environment, meter: Meter): void {
  const sync = { async: false };
  environment.registerFunction(
    'glob(string, string): bool',
    (text: string, pattern: string): boolean => {
      spendOnSearch(meter, text, pattern);
      return matchesGlob(pattern, text);
    },
    sync,
  );
  environment.registerFunction('list.contains(ast): bool', (call: MacroCall) => containsMacro(call, meter));
  environment.registerFunction('list.matches(ast): bool', (call: MacroCall) => matchesMacro(call, meter));
  addArithmetic(environment);
}

function spendOnSearch(meter: Meter, text: string, needle: string): void {
  if (needle.length > needleCharactersMax)
    throw new RuleFailure(`it looks for a text of more than ${needleCharactersMax} characters.`);
  meter.spend(Math.ceil((text.length * Math.max(needle.length, 1)) / charactersPerStep));
}

/** A number of JSON is no whole number and no fraction before it is written down: both kinds mix freely. */
function addArithmetic(environment: Environment): void {
  const operators: readonly (readonly [string, (a: number, b: number) => number])[] = [
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
    ['*', (a, b) => a * b],
    ['/', (a, b) => a / b],
    ['%', (a, b) => a % b],
  ];
  for (const [sign, apply] of operators) {
    const handler = (a: number | bigint, b: number | bigint): number => apply(Number(a), Number(b));
    environment.registerOperator(`int ${sign} double: double`, handler);
    environment.registerOperator(`double ${sign} int: double`, handler);
    if (sign === '%') environment.registerOperator('double % double: double', handler);
  }
}

function expectText(checker: Checker, node: Node, context: unknown): void {
  const type = checker.check(node, context);
  if (type.kind !== 'dyn' && type.name !== 'string')
    throw checker.createError('no_matching_overload', `a text is needed here, this is of type ${type.name}`, node);
}

function textOf(runner: Runner, node: Node, context: unknown): string {
  const value = runner.run(node, context);
  if (typeof value === 'string') return value;
  throw new RuleFailure('it looks into a value that is not text.');
}

function containsMacro({ args, receiver }: MacroCall, meter: Meter): Macro {
  const [needle] = args;
  if (needle === undefined) throw new RuleFailure('contains() needs one text.');
  return {
    async: false,
    typeCheck(checker, _macro, context) {
      expectText(checker, receiver, context);
      expectText(checker, needle, context);
      return checker.getType('bool');
    },
    evaluate(runner, _macro, context) {
      const text = textOf(runner, receiver, context);
      const sought = textOf(runner, needle, context);
      spendOnSearch(meter, text, sought);
      return text.includes(sought);
    },
  };
}

function matchesMacro({ args, receiver }: MacroCall, meter: Meter): Macro {
  const [argument] = args;
  if (argument === undefined) throw new RuleFailure('matches() needs one pattern.');
  const literal = argument.op === 'value' && typeof argument.args === 'string' ? argument.args : null;
  const pattern = literal === null ? null : readPattern(literal);
  const expression = pattern?.kind === 'checked' ? compilePattern(pattern.source) : null;
  return {
    async: false,
    typeCheck(checker, _macro, context) {
      expectText(checker, receiver, context);
      const problem = patternProblem(pattern);
      if (problem !== null) throw checker.createError('pattern', problem, argument);
      return checker.getType('bool');
    },
    evaluate(runner, _macro, context) {
      const text = textOf(runner, receiver, context);
      if (pattern?.kind !== 'checked' || expression === null) throw new RuleFailure('its pattern cannot be used.');
      if (text.length > pattern.textMax)
        throw new RuleFailure(`it compares a pattern with a text of more than ${pattern.textMax} characters.`);
      meter.spend(patternSteps(pattern.textMax, text.length));
      return expression.test(text);
    },
  };
}

function patternProblem(pattern: FieldPattern | null): string | null {
  if (pattern === null) return 'the pattern of matches() must be written here, in quotes';
  if (pattern.kind === 'checked') return null;
  return pattern.why === 'invalid'
    ? 'this is not a regular expression'
    : 'this pattern could take very long on a text made for it; make it simpler, or use glob()';
}

/** What is known of a pattern is the longest text it can be afforded for; its cost grows with a power of the length. */
function patternSteps(textMax: number, length: number): number {
  const power = Math.max(1, Math.floor(Math.log(patternStepsMax) / Math.log(textMax)));
  return Math.ceil((patternStepsMax * (length / textMax) ** power) / patternStepsPerStep);
}
