/** The same value has the same text, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** What a tool returned, without what is said beside it. */
export function resultText(result: Readonly<Record<string, unknown>>): string {
  const { content, structuredContent, isError } = result;
  return canonicalJson({ content, structuredContent, isError: isError === true });
}
