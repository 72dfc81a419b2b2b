// Which tests belong to which suite; vitest.config.ts and scripts/test.mjs agree through this file.

/** Pure code, no socket and no database. Any other folder under tests/ is integration, so that nothing is left out. */
const unitFolders = [
  'components',
  'config',
  'domain',
  'form',
  'live',
  'policy',
  'protocol',
  'scripts',
  'timeline',
  'ui',
];

export const suiteGlobs = {
  unit: ['tests/*.test.ts', `tests/{${unitFolders.join(',')}}/**/*.test.{ts,tsx}`],
  integration: ['tests/**/*.test.{ts,tsx}'],
  chaos: ['tests/chaos/**/*.test.ts'],
  e2e: ['tests/e2e/**/*.test.ts'],
};

export function suiteOf(file) {
  const folder = /^tests\/([^/]+)\//.exec(file)?.[1] ?? null;
  if (folder === 'chaos' || folder === 'e2e') return folder;
  return folder === null || unitFolders.includes(folder) ? 'unit' : 'integration';
}
