import { stat } from 'node:fs/promises';

/**
 * Why a file cannot be read, in words; null for one that may be. Asked before it is opened: to open a named pipe waits
 * for whoever writes to it, which may be nobody.
 */
export async function plainFileProblem(file: string): Promise<string | null> {
  try {
    const found = await stat(file);
    if (found.isFile()) return null;
    return `${file} is ${found.isDirectory() ? 'a folder' : 'no plain file'}.`;
  } catch (error) {
    return `${file} cannot be read: ${wordsOf(error)}.`;
  }
}

function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'it is not there';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
