import { withoutComments } from '@/tests/support/imports';
import { partOf } from '@/tests/support/parts';
import type { SourceFile } from '@/tests/support/source-tree';

export const mostLines = 600;
export const usualLines = 400;
export const usualShare = 0.95;

const environmentReaders = ['server/main', 'server/command', 'server/config', 'examples', 'bench', 'tests', 'scripts'];
const disabledRule = /(?:eslint|oxlint|biome|tslint|prettier)-(?:disable|ignore)|\b(?:istanbul|c8|v8) ignore\b/;
const silencedType = /@ts-(?:ignore|nocheck|expect-error)/;
const silencedTypeInTests = /@ts-(?:ignore|nocheck)/;
const unfinished = /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/;
const vagueName = /(?:^|\/)(?:utils?|helpers?|misc|common)(?:\.[^/]+|\/.*)$/;
const starExport = /^[ \t]*export\s*\*/m;
const reexport = /^[ \t]*export\s+(?:type\s+)?\{[^}]*\}\s*from\s*['"][^'"]+['"];?/gm;
const anyImport = /^[ \t]*import\b[^;]*;/gm;
const environment = /\bprocess\s*(?:\?\.|\.)\s*env\b|\bimport\.meta\.env\b|from 'node:process'/;

/** What a file does against STYLE's habits, in words. */
export function habitProblems(file: SourceFile): readonly string[] {
  const { path, text } = file;
  const inTests = path.startsWith('tests/');
  const problems = [
    ...(linesOf(text) > mostLines ? [`${linesOf(text)} lines, more than ${mostLines}`] : []),
    ...(starExport.test(text) ? ['exports everything of another file'] : []),
    ...(isBarrel(text) ? ['is a barrel: only re-exports'] : []),
    ...(vagueName.test(path) ? ['has a name that says nothing'] : []),
    ...(disabledRule.test(text) ? ['disables a rule'] : []),
    ...((inTests ? silencedTypeInTests : silencedType).test(text) ? ['silences the type checker'] : []),
    ...(unfinished.test(text) ? ['says that something is unfinished'] : []),
    ...(readsEnvironment(file)
      ? ['reads the environment, which only server/config, server/main and server/command may']
      : []),
  ];
  return problems.map((problem) => `${path}: ${problem}`);
}

/** 95 % of the files that are not tests have fewer than 400 lines. */
export function sizeProblems(files: readonly SourceFile[]): readonly string[] {
  const counted = files.filter((file) => !file.path.startsWith('tests/'));
  const long = counted.filter((file) => linesOf(file.text) >= usualLines);
  if (long.length <= counted.length * (1 - usualShare)) return [];
  return [
    `${long.length} of ${counted.length} files have ${usualLines} lines or more: ${long.map(withSize).join(', ')}`,
  ];
}

function withSize(file: SourceFile): string {
  return `${file.path} (${linesOf(file.text)})`;
}

export function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

function isBarrel(text: string): boolean {
  const code = withoutComments(text);
  if (!code.includes('export')) return false;
  return code.search(reexport) >= 0 && code.replace(reexport, '').replace(anyImport, '').trim() === '';
}

function readsEnvironment({ path, text }: SourceFile): boolean {
  const part = partOf(path);
  const mayRead = part !== null && (environmentReaders.includes(part) || part.endsWith('.config'));
  return !mayRead && environment.test(withoutComments(text));
}
