// Finds a Chromium to drive; tests/support/browser.ts and the test runner agree through this file.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const folders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/homebrew/bin'];
const apps = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const chromiumNeed =
  'No Chromium was found. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to its executable.';

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A set CHROMIUM_PATH is the only candidate: a wrong one must not fall back to another browser silently. */
export function findChromium(env = process.env) {
  const wanted = env.CHROMIUM_PATH ?? '';
  if (wanted !== '') return isExecutable(wanted) ? wanted : null;
  const searched = [...(env.PATH ?? '').split(path.delimiter).filter(Boolean), ...folders];
  const candidates = searched.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...candidates, ...apps].find(isExecutable) ?? null;
}
