const unitBytes: Readonly<Record<string, number>> = { B: 1, KB: 1_024, MB: 1_048_576 };

/** Reads "512KB", "2MB" or a number of bytes; null when it is none of these. */
export function readByteSize(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? value : null;
  if (typeof value !== 'string') return null;
  const match = /^(\d{1,9})(B|KB|MB)$/.exec(value);
  if (match === null) return null;
  const bytes = Number(match[1]) * (unitBytes[match[2] ?? ''] ?? 0);
  return bytes > 0 ? bytes : null;
}
