import type { Option } from '@/lib/domain/form/field';
import { optionsMax } from '@/lib/domain/form/form-limits';
import { isRecord, isStringArray, own } from '@/lib/domain/form/json-value';
import type { JsonRecord } from '@/lib/domain/form/json-value';
import { plainLine, plainLines } from '@/lib/domain/form/plain-text';

export type OptionsReading =
  | { readonly kind: 'options'; readonly options: readonly Option[] }
  | { readonly kind: 'refused'; readonly reason: string };

const optionKeys = new Set(['const', 'title', 'description', 'type']);
const refused = (reason: string): OptionsReading => ({ kind: 'refused', reason });

/** What a person sees for a value; a value made only of blanks is named, so that it can be told apart. */
function optionLabel(value: string, title: unknown): string {
  const label = typeof title === 'string' ? plainLine(title) : '';
  return label || plainLine(value) || (value === '' ? '(empty)' : JSON.stringify(value));
}

export function optionsOfValues(values: unknown, titles: unknown): OptionsReading {
  if (!isStringArray(values)) return refused('offers choices that are not text');
  const names = isStringArray(titles) ? titles : [];
  const seen = new Map<string, Option>();
  values.forEach((value, index) => {
    if (!seen.has(value)) seen.set(value, { value, label: optionLabel(value, names[index]), description: null });
  });
  return bounded([...seen.values()]);
}

/** `oneOf` and `anyOf` of `const` with `title`. A value listed twice can never satisfy `oneOf`. */
export function optionsOfBranches(branches: unknown, keyword: 'oneOf' | 'anyOf'): OptionsReading {
  if (!Array.isArray(branches)) return refused('offers choices that are not a list');
  const seen = new Map<string, Option>();
  for (const branch of branches as readonly unknown[]) {
    const reading = optionOfBranch(branch);
    if (reading === null) return refused('offers choices that are not plain values');
    if (!seen.has(reading.value)) seen.set(reading.value, reading);
    else if (keyword === 'oneOf') return refused(`offers “${reading.label}” twice`);
  }
  return bounded([...seen.values()]);
}

function optionOfBranch(branch: unknown): Option | null {
  if (!isRecord(branch)) return null;
  const value = own(branch, 'const');
  const type = own(branch, 'type');
  const description = own(branch, 'description');
  if (typeof value !== 'string' || (type !== undefined && type !== 'string')) return null;
  if (!Object.keys(branch).every((key) => optionKeys.has(key))) return null;
  return {
    value,
    label: optionLabel(value, own(branch, 'title')),
    description: typeof description === 'string' ? plainLines(description) : null,
  };
}

function bounded(options: readonly Option[]): OptionsReading {
  if (options.length === 0) return refused('offers nothing to choose from');
  if (options.length > optionsMax) return refused(`offers more than ${optionsMax} choices`);
  return { kind: 'options', options };
}

/** The keyword that makes a text property a choice, if one does. */
export function choiceOptions(schema: JsonRecord): OptionsReading | null {
  const values = own(schema, 'enum');
  if (values !== undefined) return optionsOfValues(values, own(schema, 'enumNames'));
  const fixed = own(schema, 'const');
  if (fixed !== undefined) return optionsOfValues([fixed], undefined);
  const branches = own(schema, 'oneOf');
  if (branches !== undefined) return optionsOfBranches(branches, 'oneOf');
  return null;
}
