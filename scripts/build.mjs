// npm run build: the pages and the bundles, whether or not they are stale.
import './support/node-version.mjs';
import { ensureBuilt } from './support/build.mjs';
import { ensureInstalled } from './support/install.mjs';
import { runMain } from './support/step.mjs';

runMain(async () => {
  await ensureInstalled();
  await ensureBuilt(['pages', 'bundles'], { force: true });
});
