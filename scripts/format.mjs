// npm run format: rewrites every file the formatter knows. `npm test -- format` only checks.
import './support/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './support/install.mjs';
import { inRoot, root } from './support/root.mjs';
import { runMain } from './support/step.mjs';

runMain(async () => {
  await ensureInstalled();
  const biome = inRoot('node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'format', '--write', ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
});
