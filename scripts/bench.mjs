// npm run bench: runs bench/main.ts, bundled. Its arguments (`-- --json FILE`) are passed on.
import './support/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensureBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';
import { inRoot, root } from './support/root.mjs';
import { runMain, StepFailure } from './support/step.mjs';

runMain(async () => {
  if (!existsSync(inRoot('bench', 'main.ts'))) throw new StepFailure('bench/main.ts is missing');
  await ensureInstalled();
  await ensureBuilt();
  const args = ['--enable-source-maps', 'dist/bench/main.js', ...process.argv.slice(2)];
  const env = { ...process.env, NODE_ENV: 'production' };
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
});
