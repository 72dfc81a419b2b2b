import { plainLine } from '../form/plain-text';
import { sentence } from '../sentence';

/** “: ” and the words, made one visible line; nothing when there are none. */
export function because(text: string | null): string {
  const line = text === null ? '' : plainLine(text);
  return line === '' ? '' : `: ${line}`;
}

/** A second sentence after words that may or may not end one. */
export function followed(words: string, next: string): string {
  return `${sentence(words)} ${next}`;
}

/** A progress figure without a tail of binary fractions. */
export function amount(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(2)));
}
