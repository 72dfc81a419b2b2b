import type { ChoicesField, FormField, NumberField, TextLimits } from '@/lib/domain/form/field';
import { numberWords } from '@/lib/domain/form/number-text';

const counted = (count: number, unit: string): string => `${numberWords(count)} ${unit}${count === 1 ? '' : 's'}`;

export function lengthWords({ minLength, maxLength }: TextLimits): string {
  const min = minLength ?? 0;
  if (maxLength === null) return min === 0 ? '' : `at least ${counted(min, 'character')}`;
  if (min === 0) return `up to ${counted(maxLength, 'character')}`;
  if (min === maxLength) return `exactly ${counted(min, 'character')}`;
  return `${numberWords(min)} to ${counted(maxLength, 'character')}`;
}

function rangeWords(field: NumberField): string {
  const { minimum, maximum, above, below } = field;
  if (minimum !== null && maximum !== null && above === null && below === null) {
    return minimum === maximum
      ? `exactly ${numberWords(minimum)}`
      : `${numberWords(minimum)} to ${numberWords(maximum)}`;
  }
  const parts = [
    minimum === null ? '' : `at least ${numberWords(minimum)}`,
    above === null ? '' : `above ${numberWords(above)}`,
    maximum === null ? '' : `at most ${numberWords(maximum)}`,
    below === null ? '' : `below ${numberWords(below)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export function numberLimitWords(field: NumberField): string {
  const step =
    field.multipleOf === null || field.multipleOf === 1 ? '' : `in steps of ${numberWords(field.multipleOf)}`;
  const whole = field.whole === 'whole' || field.multipleOf === 1 ? 'whole numbers' : '';
  return [rangeWords(field), whole, step].filter((part) => part !== '').join(', ');
}

export function countWords({ minItems, maxItems }: Pick<ChoicesField, 'minItems' | 'maxItems'>): string {
  if (maxItems === null) return minItems === 0 ? '' : `at least ${numberWords(minItems)}`;
  if (minItems === 0) return `up to ${numberWords(maxItems)}`;
  return minItems === maxItems
    ? `exactly ${numberWords(minItems)}`
    : `${numberWords(minItems)} to ${numberWords(maxItems)}`;
}

/** The field's limits in a person's words, empty when it has none. */
export function limitsOf(field: FormField): string {
  switch (field.kind) {
    case 'text':
    case 'date':
    case 'date-time':
      return lengthWords(field);
    case 'number':
      return numberLimitWords(field);
    case 'choices':
      return countWords(field);
    case 'choice':
    case 'yes-no':
      return '';
  }
}

export function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
