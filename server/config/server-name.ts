import { toolSeparator } from '@/lib/domain/tool';

/**
 * What is wrong with a server's name; null when it is fine. It stands in tool names before `__` and in the
 * path `/mcp/{server}`, so neither may become ambiguous: `a_` and `__` would read as `a`, `__`, `_…`.
 */
export function serverNameProblem(name: string): string | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) {
    return 'a server is named with 1 to 64 letters, digits, "-", "_" or ".", beginning with a letter or digit.';
  }
  if (name.includes(toolSeparator))
    return 'a server\'s name may not contain "__", which separates it from its tools\' names.';
  return name.endsWith('_')
    ? 'a server\'s name may not end in "_", because "__" separates it from its tools\' names.'
    : null;
}
