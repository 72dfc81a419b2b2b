import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { completeLock } from '@/scripts/lockfile.mjs';

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');

test('the lockfile names no download address', () => {
  expect(text).not.toContain('"resolved"');
});

test('the lockfile holds the optional packages of every platform', () => {
  expect(completeLock(JSON.parse(text))).toMatchObject({ added: [], refused: [] });
});

test('a left-out platform is added as its parent pins it, a vague one is refused', () => {
  const optionalDependencies = { '@a/b-linux-x64-musl': '1.2.3', '@a/b-darwin-arm64': '1.2.3', '@a/b-linux': '^1.0.0' };
  const lock = {
    packages: { '': {}, 'node_modules/a': { dev: true, resolved: 'https://example.com', optionalDependencies } },
  };
  expect(completeLock(lock)).toEqual({
    added: ['@a/b-linux-x64-musl@1.2.3', '@a/b-darwin-arm64@1.2.3'],
    refused: ['@a/b-linux@^1.0.0'],
  });
  expect(lock.packages).toMatchObject({
    'node_modules/@a/b-linux-x64-musl': { version: '1.2.3', os: ['linux'], cpu: ['x64'], libc: ['musl'], dev: true },
    'node_modules/@a/b-darwin-arm64': { version: '1.2.3', os: ['darwin'], cpu: ['arm64'], optional: true },
  });
  expect(JSON.stringify(lock)).not.toContain('resolved');
});
