import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder; scripts work from any current folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export function inRoot(...parts) {
  return path.join(root, ...parts);
}
