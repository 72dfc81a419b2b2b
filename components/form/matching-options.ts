import type { Option } from '@/lib/domain/form/field';

/** More are never drawn at once; typing narrows. */
export const optionsAtOnce = 100;

export function matchingOptions(options: readonly Option[], search: string): readonly Option[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return options;
  return options.filter((option) => {
    const text = `${option.label}\n${option.value}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
