// npm run dev: bundles the server on every change and restarts it; Next reloads pages by itself.
//
// What it asks of server/main.ts: with HOLDPOINT_DEV=1 (NODE_ENV is then "development") it creates Next with
// `dev: true`, which compiles the pages from source; otherwise with `dev: false`, which serves `.next`.
import './support/node-version.mjs';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bundleOptions } from './support/bundle.mjs';
import { ensureInstalled } from './support/install.mjs';
import { requireFreePort, wantedPort } from './support/port.mjs';
import { inRoot } from './support/root.mjs';
import { runMain } from './support/step.mjs';
import { Supervisor } from './support/supervise.mjs';

const main = 'dist/server/main.js';
const supervisor = new Supervisor();
let server = null;
let lastDigest = '';
let restarts = Promise.resolve();

async function restart() {
  if (server !== null) await supervisor.stopOne(server);
  server = supervisor.start({
    args: [main],
    env: { NODE_ENV: 'development', HOLDPOINT_DEV: '1' },
    onEnd: (end) => {
      console.error(`The server ended by itself (${end.words}); it starts again at the next change.`);
      server = null;
    },
  });
}

const restarter = {
  name: 'restart',
  setup(build) {
    build.onEnd(async (result) => {
      const { formatMessages } = build.esbuild;
      for (const text of await formatMessages(result.errors, { kind: 'error', color: true })) console.error(text);
      if (result.errors.length > 0) return;
      const digest = createHash('sha256')
        .update(readFileSync(inRoot(main)))
        .digest('hex');
      if (digest === lastDigest) return;
      lastDigest = digest;
      restarts = restarts.then(restart);
    });
  },
};

runMain(async () => {
  await requireFreePort(wantedPort(), 'npm run dev');
  await ensureInstalled();
  const esbuild = await import('esbuild');
  const context = await esbuild.context({
    ...bundleOptions(),
    entryPoints: { 'server/main': 'server/main.ts' },
    plugins: [restarter],
  });
  await context.watch();
});
