import { builtinModules } from 'node:module';
import path from 'node:path';
import type { SourceFile } from '@/tests/support/source-tree';

export type Import =
  /** A file of the repository, without its extension. */
  | { readonly kind: 'file'; readonly target: string }
  /** `node:fs` and `fs` are both `fs`. */
  | { readonly kind: 'node'; readonly target: string }
  /** The package's own name: `next/link` is `next`. */
  | { readonly kind: 'package'; readonly target: string }
  /** A dynamic import whose name is computed: it could be anything. */
  | { readonly kind: 'computed'; readonly target: string };

// Statements start a line: the formatter sees to it, and so text in comments and strings is not taken for code.
const fromClause = /^[ \t]*(?:import|export)\s+[\w$\s{},*]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const sideEffect = /^[ \t]*import\s*['"]([^'"]+)['"]/gm;
const called = /\b(?:import|require)\s*\(\s*(?:\/\*[^]*?\*\/\s*)?(?:['"`]([^'"`$]+)['"`]|([^'"\s)][^)]*))/g;
const stylesheet = /^[ \t]*@import\s+(?:url\()?['"]([^'"]+)['"]/gm;

/** All imports of a file: `import`, `export … from`, `import()`, types as well as values. */
export function importsOf(file: SourceFile): readonly Import[] {
  if (file.path.endsWith('.css')) {
    return [...file.text.matchAll(stylesheet)].map((match) => resolve(file.path, match[1] ?? ''));
  }
  const literal = [fromClause, sideEffect].flatMap((pattern) =>
    [...file.text.matchAll(pattern)].map((match) => resolve(file.path, match[1] ?? '')),
  );
  const calls = [...withoutComments(file.text).matchAll(called)].map(
    (match): Import =>
      match[1] === undefined ? { kind: 'computed', target: (match[2] ?? '').trim() } : resolve(file.path, match[1]),
  );
  return [...literal, ...calls];
}

/** Drops whole-line comments, which may speak of imports. */
export function withoutComments(text: string): string {
  return text.replace(/^[ \t]*\/\*[^]*?\*\/|^[ \t]*\/\/.*$/gm, '');
}

function resolve(from: string, specifier: string): Import {
  if (specifier.startsWith('@/')) return { kind: 'file', target: bare(specifier.slice(2)) };
  if (specifier.startsWith('.')) {
    return { kind: 'file', target: bare(path.posix.join(path.posix.dirname(from), specifier)) };
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (specifier.startsWith('node:')) return { kind: 'node', target: specifier.slice('node:'.length) };
  return builtinModules.includes(name) ? { kind: 'node', target: name } : { kind: 'package', target: name };
}

function bare(target: string): string {
  return path.posix.normalize(target).replace(/\.(?:d\.)?(?:ts|tsx|mts|mjs|js|jsx)$/, '');
}
