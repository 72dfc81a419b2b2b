import { isJsonObject } from '@/lib/domain/json';
import type { Refusal } from '@/lib/domain/refusal';

/** What the wire takes. */
export const largestFile = 1_000_000;

export interface FileProblem {
  readonly line: number | null;
  readonly rule: string | null;
  readonly message: string;
}

/** What is wrong with a file, by the refusal's details; its message alone when it has none. */
export function fileProblems({ message, details }: Refusal): readonly FileProblem[] {
  const listed: unknown = details?.problems;
  const problems = (Array.isArray(listed) ? (listed as readonly unknown[]) : []).flatMap(readProblem);
  return problems.length === 0 ? [{ line: null, rule: null, message }] : problems;
}

function readProblem(value: unknown): readonly FileProblem[] {
  if (!isJsonObject(value) || typeof value.message !== 'string') return [];
  const { line, rule, message } = value;
  return [{ line: typeof line === 'number' ? line : null, rule: typeof rule === 'string' ? rule : null, message }];
}

/** Hands a text to the browser as a file. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
