// npm run chaos: runs tests/chaos/main.ts, bundled, against the built product. Its arguments are passed on:
//   npm run chaos -- --seed S --rounds N [--from N] [--faults kill_holdpoint,…] [--verbose]
import './support/node-version.mjs';
import { spawn } from 'node:child_process';
import { ensureBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';
import { inRoot, root } from './support/root.mjs';
import { runMain } from './support/step.mjs';

/** As deep under the root as the sources it is made of: they find the repository relative to themselves. */
const bundle = 'dist/chaos/bundle/main.js';

runMain(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ['tests/chaos/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    alias: { '@': root },
    sourcemap: true,
    logLevel: 'warning',
  });
  const args = ['--enable-source-maps', inRoot(bundle), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});
