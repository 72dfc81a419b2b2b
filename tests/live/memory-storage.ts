import type { Surroundings } from '@/components/live/surroundings';

/** A tab's storage, for as long as the test keeps it. */
export function memoryStorage(): NonNullable<Surroundings['storage']> {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}
