import type { SourceFile } from '@/tests/support/source-tree';

/** The rules that always hold, I1 to I15. */
export const knownInvariants: readonly string[] = Array.from({ length: 15 }, (_, index) => `I${index + 1}`);

/** Ids that test files cite, in titles or anywhere else, and that no rule has. */
export function unknownInvariants(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => /\.test\.tsx?$/.test(file.path))
    .flatMap((file) => citedIn(file.text).map((id) => ({ id, path: file.path })))
    .filter(({ id }) => !knownInvariants.includes(id))
    .map(({ id, path }) => `${path}: there is no ${id}`);
}

function citedIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\bI\d+\b/g)].map((match) => match[0]))];
}
