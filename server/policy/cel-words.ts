import { EvaluationError } from '@marcbachmann/cel-js';
import { RuleFailure } from './cel-failure';

/** The library's words may quote arguments of the call; these do not. */
const words: Readonly<Record<string, string>> = {
  no_such_key: 'it reads a field that this call does not have (has() asks first)',
  index_out_of_bounds: 'it reads past the end of a list',
  index_out_of_range: 'it reads past the end of a text',
  no_such_overload: 'it compares or combines values of types that do not go together',
  no_matching_overload: 'it uses a function on a value of the wrong type',
  invalid_condition_type: 'a condition in it is neither true nor false',
  invalid_logical_operand: 'it combines with && or || what is neither true nor false',
  invalid_comprehension_range: 'it goes through what is no list',
  numeric_overflow: 'a number in it is too large',
  division_by_zero: 'it divides by zero',
  modulo_by_zero: 'it divides by zero',
  int_conversion_error: 'it takes for a number what is none',
  double_conversion_error: 'it takes for a number what is none',
  bool_conversion_error: 'it takes for true or false what is neither',
  invalid_timestamp: 'it takes for a time what is none',
};

const shownMax = 60;

/** What went wrong, with the part of the expression it went wrong at: the rule's own text, never the call's. */
export function failureWords(error: unknown): string {
  if (error instanceof RuleFailure) return error.message;
  if (!(error instanceof EvaluationError)) return 'it could not be evaluated.';
  const said = words[error.code] ?? 'it could not be evaluated';
  const { node } = error;
  const part = node?.input?.slice(node.start, node.end) ?? '';
  if (part === '') return `${said}.`;
  return `${said}: ${part.length > shownMax ? `${part.slice(0, shownMax)}…` : part}`;
}
